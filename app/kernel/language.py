"""The languages of papers and of the interface."""

from enum import StrEnum


class Language(StrEnum):
    """ISO 639-1 codes. A forum and a paper have one each; so has every user."""

    NB = "nb"
    NN = "nn"
    DA = "da"
    EN = "en"

    @property
    def tag(self) -> str:
        """The BCP 47 tag that Word and browsers expect, such as ``nb-NO``."""
        return {"nb": "nb-NO", "nn": "nn-NO", "da": "da-DK", "en": "en-GB"}[self.value]
