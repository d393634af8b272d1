"""Meetings of the demo."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.demo.people import Known
from app.meetings.rules import MeetingKind
from app.meetings.service import create_meeting


def load_meetings(db: Session, actor: Actor, known: Known, data: dict[str, Any]) -> None:
    """Meetings without cases; the cases find them by forum and day."""
    for entry in data["meeting"]:
        meeting = create_meeting(
            db,
            actor,
            known.forums[entry["forum"]].id,
            kind=MeetingKind(entry["kind"]),
            day=entry["day"],
            starts=entry["starts"],
            ends=entry["ends"],
            place=entry["place"],
        )
        known.meetings[entry["forum"], entry["day"]] = meeting.id
