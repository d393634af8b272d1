"""Making a forum and changing its settings."""

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import changed, record
from app.directory.models import Organisation
from app.forums.models import Forum, SectionTemplate
from app.forums.policy import may_read
from app.forums.queries.forums import key_in_use
from app.forums.rules import (
    FIRST_SECTIONS,
    Level,
    SeriesPeriod,
    dates_reasons,
    key_reasons,
    number_reasons,
    series_prefix,
)
from app.forums.service.loading import lock_forum, require_in_forum
from app.forums.service.mandates import add_mandate, remove_mandate, update_mandate
from app.forums.service.wording import SectionDraft, set_labels, set_sections
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.kernel.language import Language
from app.kernel.sorting import sort_key
from app.kernel.text import clean_line

__all__ = [
    "ForumSettings",
    "OtherSettings",
    "SectionDraft",
    "add_mandate",
    "create_forum",
    "remove_mandate",
    "set_labels",
    "set_sections",
    "update_forum",
    "update_mandate",
]


class OtherSettings(TypedDict, total=False):
    """What a forum has a usual value for. Days are included; patterns are those of ``kernel.case_number``."""

    level: Level
    parent_id: UUID | None
    secretariat_id: UUID | None
    default_place: str
    active_from: date | None
    active_to: date | None
    series_period: SeriesPeriod
    series_prefix: str
    paper_pattern: str
    minutes_pattern: str
    file_pattern: str


class ForumSettings(OtherSettings, total=False):
    """Everything that can be changed of a forum, but not its key."""

    name: str
    language: Language


_USUAL = OtherSettings(
    level=Level.STRATEGIC,
    parent_id=None,
    secretariat_id=None,
    default_place="",
    active_from=None,
    active_to=None,
    series_period=SeriesPeriod.YEAR,
    series_prefix="",
    paper_pattern="{n}/{year}",
    minutes_pattern="{n}/{yy}",
    file_pattern="{n}-{yy}",
)


def create_forum(
    db: Session, actor: Actor, *, key: str, name: str, language: Language, **others: Unpack[OtherSettings]
) -> Forum:
    """Make a forum with the usual sections. Labels are the usual words until the forum has its own.

    :raise RuleBroken: with every reason against the key and the settings.
    """
    require(actor, Permission.FORUM_CREATE)
    reasons = key_reasons(key)
    if not reasons and key_in_use(db, key):
        reasons.append(Reason("forum.key_taken", "key"))
    settings = ForumSettings(name=name, language=language, **(_USUAL | others))
    settings = _checked(db, actor, None, settings, reasons)
    forum = Forum(key=key, sort_key=sort_key(settings["name"]), labels=[], mandates=[], **settings)
    forum.sections = [
        SectionTemplate(key=section, kind=kind, position=position)
        for position, (section, kind) in enumerate(FIRST_SECTIONS, start=1)
    ]
    try:
        with db.begin_nested():  # so that a refusal leaves the session in use
            db.add(forum)
    except IntegrityError as error:  # somebody took the key since we looked
        raise RuleBroken(Reason("forum.key_taken", "key")) from error
    record(db, actor, "forum.created", forum, name=forum.name, forum_id=forum.id)
    db.flush()
    return forum


def update_forum(
    db: Session, actor: Actor, forum_id: UUID, *, version: int, **new: Unpack[ForumSettings]
) -> Forum:
    """Change the settings that are given. Numbers already drawn stay as they are.

    :raise RuleBroken: with every reason against the settings.
    :raise Conflict: when the forum was changed since the caller read it.
    """
    require_in_forum(actor, Permission.FORUM_EDIT, forum_id)
    forum = lock_forum(db, forum_id, version=version)
    changes = changed(forum, **_checked(db, actor, forum, _settings_of(forum) | new, []))
    if changes:
        forum.sort_key = sort_key(forum.name)
        forum.version += 1
        record(db, actor, "forum.changed", forum, name=forum.name, forum_id=forum.id, changes=changes)
    db.flush()
    return forum


def _settings_of(forum: Forum) -> ForumSettings:
    return ForumSettings(
        name=forum.name,
        language=forum.language,
        level=forum.level,
        parent_id=forum.parent_id,
        secretariat_id=forum.secretariat_id,
        default_place=forum.default_place,
        active_from=forum.active_from,
        active_to=forum.active_to,
        series_period=forum.series_period,
        series_prefix=forum.series_prefix,
        paper_pattern=forum.paper_pattern,
        minutes_pattern=forum.minutes_pattern,
        file_pattern=forum.file_pattern,
    )


def _checked(
    db: Session, actor: Actor, forum: Forum | None, wanted: ForumSettings, reasons: list[Reason]
) -> ForumSettings:
    """The settings as they are stored; refuses with the reasons given and those found."""
    name = clean_line(wanted["name"])
    if not name:
        reasons.append(Reason("forum.name_missing", "name"))
    reasons += dates_reasons(wanted["active_from"], wanted["active_to"], "forum", "active_to")
    reasons += number_reasons(
        period=wanted["series_period"],
        prefix=wanted["series_prefix"],
        paper=wanted["paper_pattern"],
        minutes=wanted["minutes_pattern"],
        file=wanted["file_pattern"],
    )
    reasons += _parent_reasons(db, actor, forum, wanted["parent_id"])
    if wanted["secretariat_id"] is not None and db.get(Organisation, wanted["secretariat_id"]) is None:
        reasons.append(Reason("forum.secretariat_unknown", "secretariat_id"))
    refuse_if(reasons)
    tidy = ForumSettings(
        name=name,
        default_place=clean_line(wanted["default_place"]),
        series_prefix=series_prefix(wanted["series_prefix"]),
    )
    return wanted | tidy


def _parent_reasons(db: Session, actor: Actor, forum: Forum | None, parent_id: UUID | None) -> list[Reason]:
    if parent_id is None or (forum is not None and forum.parent_id == parent_id):
        return []
    parent = db.get(Forum, parent_id)
    if parent is None or not may_read(actor, parent):
        return [Reason("forum.parent_unknown", "parent_id")]
    # The chain is locked while it is followed: two changes at once could close a ring that neither of them sees.
    step: UUID | None = parent_id
    while step is not None:
        if forum is not None and step == forum.id:
            return [Reason("forum.parent_ring", "parent_id")]
        step = lock_forum(db, step).parent_id
    return []
