"""Which treatments hold something that is exempt."""

from sqlalchemy import ColumnElement, or_, select

from app.cases.models import Attachment, Presentation, PresentationPart, Treatment


def holds_exemptions() -> ColumnElement[bool]:
    """Whether anything of a treatment is exempt, from its title to an attachment; a condition on treatments."""
    of_papers = select(Presentation.treatment_id)
    return or_(
        Treatment.title_exemption_id.is_not(None),
        Treatment.id.in_(of_papers.where(Presentation.exemption_id.is_not(None))),
        *(
            Treatment.id.in_(of_papers.join(each).where(each.exemption_id.is_not(None)))
            for each in (PresentationPart, Attachment)
        ),
    )
