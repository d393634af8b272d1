"""What a forum calls its kinds of case and its sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forums.models import Forum, ForumLabel
from app.forums.rules import CASE_KIND_WORDS, SECTION_WORDS, LabelKind
from app.kernel.language import Language
from app.platform.i18n import paper_word


@dataclass(frozen=True, slots=True)
class ForumLabels:
    """Words by key: ``decide``, ``discuss``, ``inform``; and the keys of the sections."""

    case_kind: Mapping[str, str]
    section: Mapping[str, str]


def labels_of(db: Session, forum_id: UUID, language: Language) -> ForumLabels:
    """The forum's own words in a language, over the usual ones. One query.

    A section of the forum's own that has no heading in this language keeps the one in the forum's language.
    """
    found: dict[LabelKind, dict[str, str]] = {kind: {} for kind in LabelKind}
    at_home: dict[str, str] = {}
    rows = db.execute(
        select(ForumLabel.kind, ForumLabel.key, ForumLabel.language, ForumLabel.text, Forum.language)
        .join(Forum, Forum.id == ForumLabel.forum_id)
        .where(ForumLabel.forum_id == forum_id)
    )
    for kind, key, its_language, text, forum_language in rows:
        if its_language is language:
            found[kind][key] = text
        elif kind is LabelKind.SECTION and its_language is forum_language:
            at_home[key] = text
    return ForumLabels(
        case_kind=_usual(CASE_KIND_WORDS, language) | found[LabelKind.CASE_KIND],
        section=at_home | _usual(SECTION_WORDS, language) | found[LabelKind.SECTION],
    )


def _usual(words: Mapping[str, str], language: Language) -> dict[str, str]:
    return {key: paper_word(language, message) for key, message in words.items()}
