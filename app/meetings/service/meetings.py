"""Making, changing and calling a meeting."""

from collections.abc import Mapping
from datetime import date, time
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import changed
from app.documents.richtext.links import is_web_address
from app.forums.models import Forum
from app.forums.queries import forum_by_id
from app.kernel.dates import is_within
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.kernel.text import clean_line
from app.meetings.models import Meeting
from app.meetings.queries.find import items_of
from app.meetings.rules import MEETING, MeetingKind, MeetingState, place_problems, time_problems
from app.meetings.service.opening import finish, open_meeting

STEPS: Final[Mapping[str, str]] = {"call": "called", "recall": "recalled"}
"""The steps that need nothing but the asking, and what has been done then."""


def create_meeting(
    db: Session,
    actor: Actor,
    forum_id: UUID,
    *,
    kind: MeetingKind,
    day: date,
    starts: time | None = None,
    ends: time | None = None,
    place: str = "",
    link: str = "",
) -> Meeting:
    """Plan a meeting. Times are on the local clock; without place and link it is where the forum usually meets.

    :raise NotFound: when the actor may not see the forum.
    :raise NotAllowed: without ``meeting:edit`` in it.
    :raise RuleBroken: ``meeting.ends_before_start``, ``meeting.day_out_of_range``, ``meeting.forum_not_active``,
        ``meeting.link_invalid``, ``text.too_long``.
    """
    forum = forum_by_id(db, actor, forum_id)
    require(actor, Permission.MEETING_EDIT, forum.id)
    place, link = clean_line(place), clean_line(link)
    refuse_if(_problems(forum, day, starts, ends, place, link))
    meeting = Meeting(
        forum_id=forum.id,
        kind=kind,
        day=day,
        starts=starts,
        ends=ends,
        place=place if place or link else forum.default_place,
        link=link,
        state=MeetingState.PLANNED,
    )
    db.add(meeting)
    db.flush()
    finish(db, actor, "meeting.created", meeting)
    return meeting


def edit_meeting(
    db: Session,
    actor: Actor,
    meeting_id: UUID,
    *,
    version: int,
    kind: MeetingKind,
    day: date,
    starts: time | None,
    ends: time | None,
    place: str,
    link: str = "",
) -> Meeting:
    """Save the facts of a meeting. Case numbers that have been drawn for it stay, whatever the day.

    :raise Conflict: when somebody else saved first.
    :raise RuleBroken: as ``create_meeting``.
    """
    meeting = open_meeting(db, actor, meeting_id, version=version)
    forum = forum_by_id(db, actor, meeting.forum_id)
    place, link = clean_line(place), clean_line(link)
    refuse_if(_problems(forum, day, starts, ends, place, link))
    changes = changed(meeting, kind=kind, day=day, starts=starts, ends=ends, place=place, link=link)
    if changes:
        meeting.version += 1
        finish(db, actor, "meeting.edited", meeting, changes=changes)
    return meeting


def take_step(db: Session, actor: Actor, meeting_id: UUID, *, version: int, step: str) -> Meeting:
    """Take the step ``call`` or ``recall``. What else may become of a meeting has commands of its own.

    :raise Conflict: when somebody else changed the meeting first.
    :raise RuleBroken: ``meeting.empty_agenda``, ``workflow.unknown_step``, ``workflow.wrong_state``.
    """
    meeting = open_meeting(db, actor, meeting_id, version=version)
    if step not in STEPS:
        raise RuleBroken("workflow.unknown_step")
    state = MEETING.next_state(step, meeting.state, len(items_of(db, meeting.id)))
    changes = changed(meeting, state=state)
    meeting.version += 1
    finish(db, actor, f"meeting.{STEPS[step]}", meeting, changes=changes)
    return meeting


def _problems(
    forum: Forum, day: date, starts: time | None, ends: time | None, place: str, link: str
) -> tuple[Reason, ...]:
    is_active = is_within(day, forum.active_from, forum.active_to)
    inactive = () if is_active else (Reason("meeting.forum_not_active", "day"),)
    not_a_link = (Reason("meeting.link_invalid", "link"),) if link and not is_web_address(link) else ()
    return (*time_problems(day, starts, ends), *inactive, *place_problems(place), *not_a_link)
