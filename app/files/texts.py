"""The text inside stored files, for looking through what is about to be published."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.files.rules import Family, extension_of, family_of

_MOST: Final = 20 * 1024 * 1024  # bytes looked through


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and where in the file it stands; empty when the file has no places to name."""

    place: str
    text: str


def extract_texts(path: Path, file_name: str) -> tuple[PlacedText, ...]:
    """The texts of a stored file; none for a kind that holds no text that can be read."""
    if family_of(extension_of(file_name)) is not Family.TEXT:
        return ()
    with path.open("rb") as file:
        return (PlacedText("", file.read(_MOST).decode("utf-8", "replace")),)
