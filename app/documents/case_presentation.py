"""The content of a case presentation (saksframlegg), free of database and of file format.

One shape serves the Word builder, the JSON export, the reader of finished papers and the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.documents.richtext.blocks import EMPTY, Tree
from app.kernel.language import Language


class PartKind(StrEnum):
    """What a part of the paper is for."""

    SECTION = "section"
    PROPOSAL = "proposal"
    QUESTIONS = "questions"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Part:
    """One headed part, in the order in which it is printed.

    ``key`` is stable through edits and renames (``background``, ``proposal``, ``free-2``) and is at most 40 characters of
    ``a-z 0-9 -``; it names the content control and the bookmark in the Word file. In a proposal ``lead_in`` is the sentence
    before the points and ``body`` the list of points; in questions ``body`` is the list with sub-questions as nested lists;
    in an input ``body`` is the list of advice. A section has only a ``body``. ``closing`` is what follows the list.
    """

    key: str
    kind: PartKind
    heading: str
    body: Tree = EMPTY
    lead_in: Tree = EMPTY
    closing: Tree = EMPTY
    party: str = ""  # the addressee of a proposal, the forum that gave an input
    exempt_by: str = ""  # the ground on which the part is withheld from the public


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One line of the list of attachments. A title may stand before its file has come."""

    number: int
    title: str
    file_name: str | None = None
    exempt_by: str = ""  # the ground on which the attachment is withheld from the public


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """What was wrong in the paper, written when the forum had treated it; printed last. Numbered from 1."""

    number: int
    made_on: date
    reason: str
    author: str
    body: Tree


@dataclass(frozen=True, slots=True)
class CasePresentation:
    """Everything that the paper says, frozen.

    ``wording`` holds labels and phrases as they stood in an imported paper, by the builder's own label keys; what is not
    there is printed in the paper's language. ``exempt_by`` are the grounds on which the whole paper is withheld from
    the public, ``title_exempt_by`` those of its title alone; ``parts_left_out_by`` those of the parts that a public copy
    leaves out.
    """

    language: Language
    forum: str
    title: str
    kind_label: str
    number: str = ""  # as the forum's papers show it: 13/2019; empty until drawn
    meeting_date: date | None = None
    parts: tuple[Part, ...] = ()
    attachments: tuple[AttachmentLine, ...] = ()
    corrections: tuple[CorrectionNote, ...] = ()
    presenters: str = ""  # one line of text, several joined with commas
    preparer: str = ""
    place: str = ""
    dated: date | None = None
    case_id: str = ""
    revision: int = 1
    author: str = ""  # the organisation that answers for the file; a core property
    wording: Mapping[str, str] = field(default_factory=dict)
    exempt_by: tuple[str, ...] = ()
    title_exempt_by: tuple[str, ...] = ()
    parts_left_out_by: tuple[str, ...] = ()

    @property
    def holds_exempt(self) -> bool:
        """Whether a ground stands by anything that is printed."""
        in_parts = any(part.exempt_by for part in self.parts)
        in_lines = any(line.exempt_by for line in self.attachments)
        return bool(self.exempt_by or self.title_exempt_by) or in_parts or in_lines
