"""What a finished paper was understood as, with the place of every line of the source."""

from dataclasses import dataclass
from typing import Final, Literal

from app.documents.case_presentation import CasePresentation
from app.kernel.case_number import CaseNumber

Kind = Literal["decide", "discuss", "inform"]

UNPLACED: Final = "unplaced"


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of the source and the one field that it went to.

    ``field`` is ``document``, ``forum``, ``meeting_date``, ``case_line``, ``title``, ``kind``, ``part:<key>``,
    ``attachments``, ``presenter``, ``preparer``, ``place_and_date`` or ``unplaced``. ``number`` counts from 1.
    """

    number: int
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """The content as far as it was understood. Nothing of the source is dropped: what is not in the content is in
    ``unplaced``, and ``lines`` holds every line that is not blank, once, in the order of the source."""

    content: CasePresentation
    forum_name: str
    number: CaseNumber | None
    kind: Kind | None  # guessed from the label of the case line
    lines: tuple[PlacedLine, ...]
    unplaced: tuple[PlacedLine, ...]
