"""Meetings of the demo."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.demo.people import Known
from app.meetings.attendance_rules import AttendanceRole
from app.meetings.queries.find import get_meeting
from app.meetings.rules import MeetingKind
from app.meetings.service.attendance import AttendanceDraft, add_attendance
from app.meetings.service.cancel import cancel_meeting
from app.meetings.service.meetings import create_meeting, take_step
from app.platform.clock import today

AHEAD = "ahead"  # what a case calls the meeting that lies ahead


def load_meetings(db: Session, actor: Actor, known: Known, data: dict[str, Any]) -> None:
    """Meetings without cases; the cases find them by forum and day."""
    for entry in data["meeting"]:
        meeting = create_meeting(
            db,
            actor,
            known.forums[entry["forum"]].id,
            kind=MeetingKind(entry["kind"]),
            day=entry["day"] if "day" in entry else today() + timedelta(days=entry["days_ahead"]),
            starts=entry["starts"],
            ends=entry["ends"],
            place=entry["place"],
            link=entry.get("link", ""),
        )
        if reason := entry.get("cancelled"):
            cancel_meeting(db, actor, meeting.id, version=meeting.version, reason=reason)
            continue
        known.meetings[entry["forum"], entry.get("day", AHEAD)] = meeting.id
        for line in entry.get("attendance", []):
            draft = AttendanceDraft(**{**line, "role": AttendanceRole(line["role"])})
            add_attendance(db, actor, meeting.id, draft)


def call_meetings(db: Session, actor: Actor, known: Known, data: dict[str, Any]) -> None:
    """Send the call to those meetings whose agenda stands, now that they have one."""
    for entry in data["meeting"]:
        if entry.get("call"):
            meeting = get_meeting(db, actor, known.meetings[entry["forum"], entry["day"]])
            take_step(db, actor, meeting.id, version=meeting.version, step="call")
