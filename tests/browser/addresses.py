"""An address for every page of the demo, so that no page escapes the browser."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.cases.models.presentation import Attachment, Presentation, PresentationPart
from app.cases.models.treatment import Treatment
from app.directory.models import Organisation, Person
from app.exemptions.models import LegalBasis
from app.forums.models.forum import Forum, Mandate
from app.forums.models.seat import Membership, Seat
from app.identity.models import UserAccount
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.service.attendance import AttendanceDraft, add_attendance
from app.meetings.service.exempt import exempt_attendance
from app.platform.db import Database
from tests.factories.cases import SYSTEM
from tests.factories.exemptions import draft

WITH_EXEMPT_LINE = date(2019, 5, 8)

# Routes that answer with a file or plain text rather than with a page.
NOT_PAGES = {
    "health:alive",
    "health:ready",
    "cases:export",
    "cases:export_pdf",
    "writing:presence",
    "cases:export_public",
    "cases:export_public_pdf",
    "cases:download_redacted",
    "cases:download",
    "directory:template_file",
    "directory:standard_template",
    "directory:template_sample",
}
# What the register does not tell: pages that look different with a query, without content, or when they refuse.
MORE_FOR_STRANGERS = ("/invite/used-long-ago",)
MORE_FOR_WRITERS = ("/cases/new?forum=skate", "/cases?q=nothing-is-called-this")
MORE_FOR_ADMINISTRATORS = ("/forums/nowhere",)
EXPECTED = {
    "/invite/used-long-ago": 410,
    "/forums/nowhere": 404,
    "/login/etat": 403,  # to the provider and back, as somebody whom nobody knows
    "/login/etat/callback": 400,  # out of the blue
}


@dataclass(frozen=True)
class Values:
    """What stands in the braces of a route's path: usually by name, for some routes of their own."""

    by_name: dict[str, str]
    by_route: dict[str, dict[str, str]] = field(default_factory=dict)

    def fill(self, name: str, path: str) -> str:
        """The path of the route with every value filled in.

        :raise KeyError: for a value that nobody thought of.
        """
        return path.replace(":path}", "}").format_map(self.by_name | self.by_route.get(name, {}))


def values_of(database: Database, invitation: str) -> Values:
    """Values from the demo: the finished case 13/2019 of Skate, its meeting and what is around them."""
    with database.reading() as db:
        forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
        treatment = _treatment(db, forum, 13)
        paper = db.scalars(select(Presentation.id).where(Presentation.treatment_id == treatment.id)).one()
        sheet = select(Attachment.id).where(Attachment.presentation_id == paper)
        first = {
            "case_id": treatment.case_id,
            "treatment_id": treatment.id,
            "part_id": db.scalars(
                select(PresentationPart.id).where(PresentationPart.presentation_id == paper)
            ).first(),
            "attachment_id": db.scalars(sheet).first(),
            "meeting_id": _meeting(db, forum, date(2019, 6, 13)),
            "line_id": db.scalars(_lines_on(forum, date(2019, 6, 13))).first(),
            "organisation_id": db.scalars(
                select(Organisation.id).where(Organisation.template_sha256.is_not(None))
            ).first(),
            "person_id": db.scalars(select(Person.id)).first(),
            "user_id": db.scalars(select(UserAccount.id)).first(),
            "seat_id": db.scalars(select(Seat.id).where(Seat.forum_id == forum.id)).first(),
            "membership_id": db.scalars(select(Membership.id).where(Membership.forum_id == forum.id)).first(),
            "mandate_id": db.scalars(select(Mandate.id).where(Mandate.forum_id == forum.id)).first(),
        }
        private = str(_treatment(db, forum, 1).id)
        treated = db.scalars(
            select(Treatment.id).where(Treatment.forum_id == forum.id, Treatment.state == "treated")
        ).first()
        exempt = _treatment(db, forum, 16)
        basis = db.scalars(select(LegalBasis.id)).first()
        hidden = db.execute(
            _lines_on(forum, WITH_EXEMPT_LINE)
            .where(AttendanceLine.exemption_id.is_not(None))
            .add_columns(AttendanceLine.meeting_id)
        ).one()
    named = {name: str(value) for name, value in first.items()}
    return Values(
        named
        | {"key": "skate", "spelling": "13/2019", "token": invitation, "provider": "etat"}
        | {"covers": "title", "record_id": named["treatment_id"], "basis_id": str(basis)},
        {
            "cases:ask_end_exemption": {"treatment_id": str(exempt.id), "record_id": str(exempt.id)},
            "cases:ask_withdraw_release": {"treatment_id": str(exempt.id)},
            "cases:confirm_step": {"step": "postpone"},
            "cases:new_correction": {"treatment_id": str(treated)},
            "cases:confirm_share": {"treatment_id": private},
            "meetings:ask_end_exemption": {"line_id": str(hidden.id), "meeting_id": str(hidden.meeting_id)},
            "meetings:ask_step": {"step": "recall"},
        },
    )


def _treatment(db: Session, forum: Forum, sequence: int) -> Treatment:
    return db.scalars(
        select(Treatment).where(Treatment.forum_id == forum.id, Treatment.sequence == sequence)
    ).one()


def _lines_on(forum: Forum, day: date) -> Select[tuple[UUID]]:
    """Who was at the meeting of that day."""
    of_meeting = select(AttendanceLine.id).join(Meeting, Meeting.id == AttendanceLine.meeting_id)
    return of_meeting.where(Meeting.forum_id == forum.id, Meeting.day == day).order_by(
        AttendanceLine.position
    )


def add_exempt_line(db: Session) -> None:
    """Somebody whose presence is exempt; the demo has nobody."""
    forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
    meeting_id = db.scalars(
        select(Meeting.id).where(Meeting.forum_id == forum.id, Meeting.day == WITH_EXEMPT_LINE)
    ).one()
    line = add_attendance(db, SYSTEM, meeting_id, AttendanceDraft("Invitert Gjest", "Nordvik AS"))
    exempt_attendance(db, SYSTEM, meeting_id, line.id, draft(db))


def _meeting(db: Session, forum: Forum, day: date) -> object:
    return db.scalars(select(Meeting.id).where(Meeting.forum_id == forum.id, Meeting.day == day)).one()
