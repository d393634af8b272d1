"""Cases and meetings, made by the commands that people use."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Presentation, PresentationPart, Treatment
from app.cases.rules import TreatmentKind
from app.cases.service.create import create_case
from app.cases.service.parts import save_part
from app.cases.service.presenters import PresenterDraft
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.documents.case_presentation import PartKind
from app.forums.models import Forum
from app.meetings.models import Meeting
from app.meetings.rules import MeetingKind
from app.meetings.service.agenda import mark_ready, put_on_agenda
from app.meetings.service.meetings import create_meeting

SYSTEM = Actor.system()
DAY = date(2022, 3, 9)


def make_case(db: Session, forum: Forum, title: str = "Felles kalender", **facts: Any) -> Treatment:
    """A private draft in the forum: a case for decision, with a presenter, without any text."""
    facts.setdefault("kind", TreatmentKind.DECIDE)
    facts.setdefault("presenters", (PresenterDraft("Kari Oppdiktet"),))
    return create_case(db, facts.pop("actor", SYSTEM), forum_id=forum.id, title=title, **facts)


def make_complete(db: Session, forum: Forum, title: str = "Felles kalender", **facts: Any) -> Treatment:
    """A draft that may be made ready: it has a proposal."""
    treatment = make_case(db, forum, title, **facts)
    proposal = next(part for part in parts_of(db, treatment) if part.kind is PartKind.PROPOSAL)
    save_part(
        db,
        SYSTEM,
        proposal.id,
        version=proposal.version,
        heading=proposal.heading,
        lead_in_markdown="Rådet oppfordres til å",
        body_markdown="- velge alternativ B\n- be om et budsjett",
    )
    return treatment


def parts_of(db: Session, treatment: Treatment) -> list[PresentationPart]:
    """The parts of the treatment's paper in order."""
    wanted = select(PresentationPart).join(Presentation).where(Presentation.treatment_id == treatment.id)
    return list(db.scalars(wanted.order_by(PresentationPart.position)))


def make_meeting(db: Session, forum: Forum, day: date = DAY, **facts: Any) -> Meeting:
    """A planned, ordinary meeting."""
    return create_meeting(db, SYSTEM, forum.id, **{"kind": MeetingKind.ORDINARY, "day": day, **facts})


def make_treated(db: Session, forum: Forum, title: str = "Felles kalender", **facts: Any) -> Treatment:
    """A complete case with a number, that stood on an agenda and has been treated. Shared with the forum."""
    treatment = make_complete(db, forum, title, **facts)
    share(db, SYSTEM, treatment.id)
    put_on_agenda(db, SYSTEM, make_meeting(db, forum).id, treatment.id)
    mark_ready(db, SYSTEM, treatment.id, version=treatment.version)
    return take_step(db, SYSTEM, treatment.id, version=treatment.version, step="treat")
