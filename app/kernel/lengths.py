"""How long texts may be, wherever they are typed."""

from typing import Final

from app.kernel.errors import Reason

LONGEST_LINE: Final = 500  # characters of a title, heading, name or any other single line
LONGEST_TEXT: Final = 200_000  # characters of one Markdown field; about a hundred pages


def too_long(field: str, text: str, most: int = LONGEST_LINE) -> tuple[Reason, ...]:
    """What stands against the length of a text in a form field, if anything."""
    return (Reason("text.too_long", field, {"most": str(most)}),) if len(text) > most else ()
