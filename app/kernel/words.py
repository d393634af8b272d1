"""Marks for the gathering of messages (``tools/messages.py``): the words stand here and are translated where shown."""


def N_(message: str) -> str:  # noqa: N802  the name that gathering knows
    """Mark a message of the interface."""
    return message


def P_(message: str) -> str:  # noqa: N802
    """Mark a word of printed papers; see ``platform.i18n.paper_word``."""
    return message
