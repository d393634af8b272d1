"""A finished paper → records."""

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.cases.models import Treatment
from app.cases.service.create import create_from
from app.cases.service.numbers import set_number
from app.cases.service.opening import finish
from app.documents.reading.paper import ReadPaper
from app.forums.models import Forum
from app.kernel.errors import refuse_if
from app.meetings.rules import MeetingKind
from app.meetings.service.agenda import mark_ready, put_on_agenda, ready_objections
from app.meetings.service.meetings import create_meeting
from app.papers.matching import match


def import_presentation(
    db: Session, actor: Actor, forum: Forum, paper: ReadPaper, *, make_meeting: bool = True
) -> Treatment:
    """Make a case from a finished paper, as private as any other draft.

    The number of the paper is taken into its series; a paper without one gets none. The treatment stands on the agenda
    of the forum's meeting on the day of the paper, which is made when there is none, and is ready when the rules allow.
    Headings and labels stay as they stood, and what was not understood is kept.

    :raise NotAllowed: without ``case:edit`` in the forum, or ``meeting:edit`` when a meeting is named.
    :raise RuleBroken: ``import.no_title``, ``import.number_taken``, ``text.too_long``, ``meeting.forum_not_active``,
        ``meeting.day_out_of_range``.
    """
    require(actor, Permission.CASE_EDIT, forum.id)
    matched = match(db, actor, forum, paper, make_meeting=make_meeting)
    refuse_if(matched.refusals)
    if matched.makes_meeting or matched.meeting_id is not None:
        require(actor, Permission.MEETING_EDIT, forum.id)
    treatment = create_from(db, actor, forum_id=forum.id, draft=matched.draft)
    if matched.number is not None:
        number = matched.number
        set_number(
            db,
            actor,
            treatment.id,
            sequence=number.sequence,
            year=number.year,
            prefix=number.prefix or None,
        )
    meeting_id, day = matched.meeting_id, paper.content.meeting_date
    if matched.makes_meeting and day is not None:
        meeting_id = create_meeting(db, actor, forum.id, kind=MeetingKind.ORDINARY, day=day).id
    if meeting_id is not None:
        put_on_agenda(db, actor, meeting_id, treatment.id, draw=False)
    if not ready_objections(db, actor, treatment):
        mark_ready(db, actor, treatment.id, version=treatment.version)
    changes = {"lines": (None, len(paper.lines)), "not_understood": (None, len(paper.unplaced))}
    finish(db, actor, "case.imported", treatment, changes=changes)
    return treatment
