"""Tables of cases."""

from app.cases.models.case import Case
from app.cases.models.correction import Correction
from app.cases.models.earlier import EarlierText
from app.cases.models.presentation import Attachment, Presentation, PresentationPart
from app.cases.models.treatment import Presenter, Treatment

__all__ = [
    "Attachment",
    "Case",
    "Correction",
    "EarlierText",
    "Presentation",
    "PresentationPart",
    "Presenter",
    "Treatment",
]
