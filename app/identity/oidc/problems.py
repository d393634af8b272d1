"""What can go wrong on the way to a provider and back."""


class ProviderUnreachable(Exception):
    """The provider did not answer, or not with anything of use. Trying again later may help."""


class AnswerRefused(Exception):
    """What came back is not believed. The reason is a short code for the log; it holds nothing of the answer itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
