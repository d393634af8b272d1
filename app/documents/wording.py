"""The labels of a case presentation, and how a paper may have its own.

A label is stored exactly as it is printed, colon included, so that an imported paper is printed again
as it came.
"""

from collections.abc import Mapping
from typing import Final

from app.documents.case_presentation import CasePresentation, Part
from app.documents.richtext.blocks import Paragraph, Text, Tree
from app.documents.richtext.plain import plain_text
from app.kernel.language import Language
from app.kernel.text import clean_line
from app.kernel.words import P_
from app.platform.i18n import paper_word

WORDING_KEYS: Final[Mapping[str, str]] = {
    "document": P_("CASE PRESENTATION"),  # the first line of the paper
    "forum": P_("Forum:"),  # before the forum's name
    "meeting_date": P_("Meeting date:"),  # before the date of the meeting
    "case": P_("Case"),  # before the number, in the title line and in the header
    "correction": P_("Correction"),  # the heading of what was put right after the paper was treated
    "reason": P_("Reason:"),  # before why it was put right
    "attachments": P_("Attachments:"),  # the heading of the list of attachments
    "presenter": P_("The case will be presented by"),  # before the presenters, in the signature block
    "preparer": P_("The case presentation was prepared by"),  # before the preparer, in the signature block
}
"""Every key that ``CasePresentation.wording`` may hold, with the English message that stands for it."""


def label(content_language: Language, key: str, wording: Mapping[str, str]) -> str:
    """The words to print: the paper's own where it has them, else those of its language.

    :raise KeyError: for a key that is not in ``WORDING_KEYS``.
    """
    message = WORDING_KEYS[key]
    own = wording.get(key, "").strip()
    return own or paper_word(content_language, message)


def with_addressee(part: Part) -> Tree:
    """The sentence before the points, with the addressee in front when the sentence does not name it."""
    party = clean_line(part.party)
    if not party or party.casefold() in plain_text(part.lead_in).casefold():
        return part.lead_in
    match part.lead_in:
        case (Paragraph(runs), *rest):
            return (Paragraph((Text(f"{party} "), *runs)), *rest)
        case _:
            return (Paragraph((Text(party),)), *part.lead_in)


def head_marks(content: CasePresentation) -> list[str]:
    """The lines under the head that say what is withheld from the public, and on which ground."""
    told = (
        (P_("Exempt from public access, cf. %s"), content.exempt_by),
        (P_("The title is exempt from public access, cf. %s"), content.title_exempt_by),
        (P_("Parts of the paper are exempt from public access, cf. %s"), content.parts_left_out_by),
    )
    return [mark(content.language, message, ground) for message, grounds in told for ground in grounds]


def mark(content_language: Language, message: str, ground: str) -> str:
    """A message of a paper with a ground in it."""
    return paper_word(content_language, message) % clean_line(ground)
