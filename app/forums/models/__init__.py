"""Tables of forums."""

from app.forums.models.deadline import ForumDeadline
from app.forums.models.forum import Forum, ForumLabel, Mandate, SectionTemplate
from app.forums.models.number_series import NumberSeries
from app.forums.models.seat import Membership, Seat

__all__ = [
    "Forum",
    "ForumDeadline",
    "ForumLabel",
    "Mandate",
    "Membership",
    "NumberSeries",
    "Seat",
    "SectionTemplate",
]
