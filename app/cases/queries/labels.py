"""What forums call the kinds of case, for pages that show cases of several forums at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.rules import TreatmentKind
from app.forums.models import ForumLabel
from app.forums.rules import CASE_KIND_WORDS, LabelKind
from app.kernel.language import Language
from app.platform.i18n import paper_word


@dataclass(frozen=True, slots=True)
class KindLabels:
    """The forums' own words, with those of the language where a forum has none."""

    own: Mapping[tuple[UUID, Language, str], str]

    def of(self, forum_id: UUID, language: Language, kind: TreatmentKind, as_it_stood: str = "") -> str:
        """The words to show; those of an imported paper go before the forum's."""
        return (
            as_it_stood
            or self.own.get((forum_id, language, kind.value))
            or paper_word(language, CASE_KIND_WORDS[kind.value])
        )


def kind_labels(db: Session, forum_ids: Iterable[UUID]) -> KindLabels:
    """The words for the kinds of case of these forums, in every language; one query."""
    rows = db.execute(
        select(ForumLabel.forum_id, ForumLabel.language, ForumLabel.key, ForumLabel.text).where(
            ForumLabel.forum_id.in_(set(forum_ids)), ForumLabel.kind == LabelKind.CASE_KIND
        )
    )
    return KindLabels({(forum_id, language, key): text for forum_id, language, key, text in rows})
