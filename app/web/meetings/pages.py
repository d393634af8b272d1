"""What the page of a meeting is given."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from fastapi import Response

from app.access.actor import require
from app.access.permissions import Permission
from app.forums.deadline_rules import dues
from app.forums.queries import deadline_rules
from app.kernel.errors import Reason
from app.meetings.queries.attendance import Attendance, attendance_of
from app.meetings.queries.show import MeetingPage, may_be_listed, show_meeting
from app.meetings.service.exempt import note_exempt_reading
from app.platform.clock import today
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page
from app.web.shared.visit import Visit
from app.web.shared.words import ATTENDANCE_ROLES, DEADLINES, MEETING_KINDS, MEETING_STATES, choices


def kind_words(visit: Visit) -> dict[str, str]:
    """The kinds of meeting in words, by kind."""
    return dict(choices(MEETING_KINDS, visit.language))


def meeting_for_change(visit: Visit, meeting_id: UUID) -> MeetingPage:
    """The meeting, for a page that only those who may change it see.

    :raise NotFound: when it is missing or not readable.
    :raise NotAllowed: when the visitor may only read it.
    """
    meeting = show_meeting(visit.db, visit.actor, meeting_id)
    require(visit.actor, Permission.MEETING_EDIT, meeting.forum_id)
    return meeting


def who_was_there(visit: Visit, meeting: MeetingPage) -> Attendance:
    """Who was at the meeting, as far as it is there for the visitor."""
    return attendance_of(visit.db, visit.actor, meeting.id, meeting.forum_id)


def note_exempt(visit: Visit, meeting: MeetingPage) -> None:
    """Have it written down that the visitor read an exempt line of who was at the meeting."""
    visit.note_reading(partial(note_exempt_reading, meeting_id=meeting.id))


def meeting_page(
    visit: Visit, meeting_id: UUID, *, reasons: Sequence[Reason] = (), status: int = 200
) -> Response:
    """The meeting with its agenda and who was there; after a refusal, with what stands against what was asked for."""
    meeting = show_meeting(visit.db, visit.actor, meeting_id)
    attendance = who_was_there(visit, meeting)
    if attendance.shows_exempt:
        note_exempt(visit, meeting)
    rules = deadline_rules(visit.db, meeting.forum_id)
    context = {
        "meeting": meeting,
        "dues": dues(rules, meeting.day, today()) if meeting.is_held else (),
        "deadline_words": dict(choices(DEADLINES, visit.language)),
        "meeting_kinds": kind_words(visit),
        "states": choices(MEETING_STATES, visit.language),
        "steps_open": {
            step.name: "; ".join(reason_messages(visit.language, step.objections)) for step in meeting.steps
        },
        "waiting": may_be_listed(visit.db, visit.actor, meeting.forum_id)
        if meeting.may_edit and meeting.is_held
        else (),
        "attendance": attendance,
        "attendance_roles": dict(choices(ATTENDANCE_ROLES, visit.language)),
        "may_exempt": visit.actor.may(Permission.CASE_EXEMPT, meeting.forum_id),
        "reasons": reason_messages(visit.language, tuple(reasons)),
    }
    return page(visit, "meetings/show.html", context, status=status)
