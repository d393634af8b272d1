"""Which treatments hold something that is exempt."""

from sqlalchemy import ColumnElement, or_, select

from app.cases.models import Attachment, Presentation, PresentationPart, Treatment


def holds_exemptions() -> ColumnElement[bool]:
    """Whether anything of a treatment is exempt, from its title to an attachment; a condition on treatments."""
    paper = select(Presentation.id).where(Presentation.treatment_id == Treatment.id).correlate(Treatment)
    return or_(
        Treatment.title_exemption_id.is_not(None),
        paper.where(Presentation.exemption_id.is_not(None)).exists(),
        *(
            paper.join(each).where(each.exemption_id.is_not(None)).exists()
            for each in (PresentationPart, Attachment)
        ),
    )
