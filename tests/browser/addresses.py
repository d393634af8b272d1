"""An address for every page of the demo, so that no page escapes the browser."""

from dataclasses import dataclass

from sqlalchemy import select

from app.cases.models import Attachment, PresentationPart, Treatment
from app.directory.models import Organisation, Person
from app.forums.models import Forum, Mandate, Membership, Seat
from app.identity.models import UserAccount
from app.meetings.models import Meeting
from app.platform.db import Database

# Routes that answer with a file, a fragment or plain text rather than a page.
NOT_PAGES = {"health:alive", "health:ready", "cases:export", "cases:download", "directory:template_file"}


@dataclass(frozen=True)
class Values:
    """What stands in the braces of a route's path."""

    by_name: dict[str, str]

    def fill(self, path: str) -> str:
        """The path with every value filled in.

        :raise KeyError: for a value that nobody thought of.
        """
        return path.replace(":path}", "}").format_map(self.by_name)


def values_of(database: Database, invitation: str) -> Values:
    """Values from the demo: the finished case 13/2019 of Skate and what is around it."""
    with database.reading() as db:
        forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
        treatment = db.scalars(
            select(Treatment).where(Treatment.forum_id == forum.id, Treatment.sequence == 13)
        ).one()
        first = {
            "case_id": treatment.case_id,
            "treatment_id": treatment.id,
            "part_id": db.scalars(select(PresentationPart.id)).first(),
            "attachment_id": db.scalars(select(Attachment.id).where(Attachment.sha256.is_not(None))).first(),
            "meeting_id": db.scalars(
                select(Meeting.id).where(Meeting.forum_id == forum.id).order_by(Meeting.day.desc())
            ).first(),
            "organisation_id": db.scalars(select(Organisation.id)).first(),
            "person_id": db.scalars(select(Person.id)).first(),
            "user_id": db.scalars(select(UserAccount.id)).first(),
            "seat_id": db.scalars(select(Seat.id).where(Seat.forum_id == forum.id)).first(),
            "membership_id": db.scalars(select(Membership.id).where(Membership.forum_id == forum.id)).first(),
            "mandate_id": db.scalars(select(Mandate.id).where(Mandate.forum_id == forum.id)).first(),
        }
    named = {name: str(value) for name, value in first.items()}
    return Values(named | {"key": "skate", "spelling": "13/2019", "token": invitation})
