"""The forum's own words and its section template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.forums.models import Forum, ForumLabel, SectionTemplate
from app.forums.rules import CASE_KIND_WORDS, LabelKind, PartTemplateKind, sections_reasons
from app.forums.service.loading import lock_forum, require_in_forum
from app.kernel.errors import Reason, refuse_if
from app.kernel.language import Language
from app.kernel.text import clean_line

Words = dict[tuple[str, Language], str]


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section as somebody wants it. Without a heading in a language, the usual one is printed."""

    key: str
    kind: PartTemplateKind
    headings: Mapping[Language, str] = field(default_factory=dict)


def set_labels(
    db: Session,
    actor: Actor,
    forum_id: UUID,
    *,
    version: int,
    kind: LabelKind,
    language: Language,
    texts: Mapping[str, str],
) -> Forum:
    """Make these the forum's own words of a kind in a language. A key left out or blank goes back to the usual word.

    :raise RuleBroken: for a key that there is nothing to call by.
    :raise Conflict: when the forum was changed since the caller read it.
    """
    forum = _for_change(db, actor, forum_id, version)
    known = (
        set(CASE_KIND_WORDS) if kind is LabelKind.CASE_KIND else {section.key for section in forum.sections}
    )
    refuse_if(
        [Reason("forum.label_key_unknown", key, {"key": key[:40]}) for key in texts if key not in known]
    )
    old = _words(forum, kind)
    kept = {place: text for place, text in old.items() if place[1] is not language}
    new = kept | {(key, language): clean_line(text) for key, text in texts.items() if clean_line(text)}
    if new != old:
        _set_words(forum, kind, new)
        forum.version += 1
        record(
            db,
            actor,
            "forum.labels_changed",
            forum,
            name=forum.name,
            forum_id=forum.id,
            changes={f"{kind.value}.{language.value}": (_told(old), _told(new))},
        )
    db.flush()
    return forum


def set_sections(
    db: Session, actor: Actor, forum_id: UUID, *, version: int, sections: Sequence[SectionDraft]
) -> Forum:
    """Make these, in this order, the sections that new presentations begin with. Those already begun stay as they are.

    :raise RuleBroken: for keys that are wrong or stand twice, or a new section without a heading in the forum's language.
    :raise Conflict: when the forum was changed since the caller read it.
    """
    forum = _for_change(db, actor, forum_id, version)
    refuse_if(
        sections_reasons(
            [(draft.key, bool(clean_line(draft.headings.get(forum.language, "")))) for draft in sections]
        )
    )
    old = {section.key: section for section in forum.sections}
    changes = {
        "sections": (
            [f"{section.key}:{section.kind.value}" for section in forum.sections],
            [f"{draft.key}:{draft.kind.value}" for draft in sections],
        ),
        "headings": (
            _told(_words(forum, LabelKind.SECTION)),
            _told(headings := _headings(sections)),
        ),
    }
    if any(before != after for before, after in changes.values()):
        forum.sections = [old.get(draft.key) or SectionTemplate(key=draft.key) for draft in sections]
        for position, (section, draft) in enumerate(zip(forum.sections, sections, strict=True), start=1):
            section.kind, section.position = draft.kind, position
        _set_words(forum, LabelKind.SECTION, headings)
        forum.version += 1
        record(
            db,
            actor,
            "forum.sections_changed",
            forum,
            name=forum.name,
            forum_id=forum.id,
            changes=changes,
        )
    db.flush()
    return forum


def _for_change(db: Session, actor: Actor, forum_id: UUID, version: int) -> Forum:
    require_in_forum(actor, Permission.FORUM_EDIT, forum_id)
    return lock_forum(db, forum_id, selectinload(Forum.labels), selectinload(Forum.sections), version=version)


def _headings(sections: Sequence[SectionDraft]) -> Words:
    return {
        (draft.key, language): clean_line(text)
        for draft in sections
        for language, text in draft.headings.items()
        if clean_line(text)
    }


def _words(forum: Forum, kind: LabelKind) -> Words:
    return {(label.key, label.language): label.text for label in forum.labels if label.kind is kind}


def _set_words(forum: Forum, kind: LabelKind, words: Words) -> None:
    # Rows that stay are changed in place: an insert before the delete of its twin would break their uniqueness.
    rows = {(label.key, label.language): label for label in forum.labels if label.kind is kind}
    for place, row in rows.items():
        if place not in words:
            forum.labels.remove(row)
    for (key, language), text in words.items():
        if (key, language) in rows:
            rows[key, language].text = text
        else:
            forum.labels.append(ForumLabel(kind=kind, key=key, language=language, text=text))


def _told(words: Words) -> dict[str, str]:
    return {f"{key}.{language.value}": text for (key, language), text in sorted(words.items())}
