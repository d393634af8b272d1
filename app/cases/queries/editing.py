"""What the editor of a presentation is filled with."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.cases.models import Presentation, PresentationPart
from app.cases.policy import Sight
from app.cases.queries.find import case_of_treatment
from app.cases.queries.show import CasePage, show_case
from app.documents.case_presentation import PartKind
from app.documents.richtext.codec import from_json
from app.documents.richtext.markdown_writer import to_markdown
from app.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class PartSource:
    """A part with its texts as Markdown."""

    id: UUID
    version: int
    key: str
    kind: PartKind
    heading: str
    party: str
    party_organisation_id: UUID | None
    party_forum_id: UUID | None
    lead_in: str
    body: str
    closing: str


@dataclass(frozen=True, slots=True)
class EditView:
    """The page of the case, and the sources of its parts in order."""

    page: CasePage
    parts: tuple[PartSource, ...]

    def part(self, part_id: UUID) -> PartSource | None:
        """The source of one part; None when it is gone."""
        return next((part for part in self.parts if part.id == part_id), None)


def edit_view(db: Session, actor: Actor, treatment_id: UUID) -> EditView:
    """Everything that can be edited about a treatment. Seven queries.

    :raise NotFound: when the actor may not read it.
    :raise NotAllowed: when the actor may read but not edit it.
    """
    page = show_case(db, actor, case_of_treatment(db, treatment_id), treatment_id)
    require(actor, Permission.CASE_EDIT, page.treatment.forum_id)
    if page.sight is not Sight.WHOLE:  # nobody may write what they may not read
        raise NotAllowed(Permission.CASE_READ_EXEMPT.value)
    part = PresentationPart
    rows = db.execute(
        select(
            part.id,
            part.version,
            part.key,
            part.kind,
            part.heading,
            part.party,
            part.party_organisation_id,
            part.party_forum_id,
            part.lead_in,
            part.body,
            part.closing,
        )
        .join(Presentation)
        .where(Presentation.treatment_id == treatment_id)
        .order_by(part.position)
    )
    return EditView(
        page,
        tuple(
            PartSource(*row[:-3], *(to_markdown(from_json(stored)) for stored in row[-3:])) for row in rows
        ),
    )
