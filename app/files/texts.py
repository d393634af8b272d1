"""The words in a stored file, with the place where each stands; for looking through it before it is published."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.files.rules import extension_of
from app.files.text_readers import PARSED, read_texts
from app.guard.confined import confined


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Words of a file, and where they stand in it.

    ``kind`` is ``text``, ``header``, ``footnotes``, ``comments``, ``properties``, ``page``, ``slide``, ``notes``,
    ``sheet`` or ``part``; ``name`` is the number or name of the last five, else empty.
    """

    kind: str
    name: str
    text: str


def extract_texts(path: Path, file_name: str) -> tuple[PlacedText, ...]:
    """Every word of a stored file: hidden, deleted and in the margins too. Pictures have none that we can read.

    What has to be parsed is read in a process of its own, with the limits of the guard.

    :raise RuleBroken: ``file.unreadable`` or ``file.broken`` when it cannot be looked through, as a PDF with a password.
    """
    extension = extension_of(file_name)
    read = partial(confined, read_texts) if extension in PARSED else read_texts
    found = read(str(path), extension)
    return tuple(PlacedText(kind, name, text) for kind, name, text in found)
