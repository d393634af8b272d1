"""Every SELECT of forums."""

from app.forums.queries.deadlines import deadline_rules
from app.forums.queries.forums import (
    ForumLine,
    ForumOverview,
    MandateLine,
    forum_by_id,
    forum_overview,
    get_forum,
    list_forums,
)
from app.forums.queries.labels import ForumLabels, labels_of
from app.forums.queries.members import (
    PersonInSeat,
    SeatLine,
    members_on,
    memberships_of,
    roles_of,
    terms_of,
)
from app.forums.queries.numbers import find_series

__all__ = [
    "ForumLabels",
    "ForumLine",
    "ForumOverview",
    "MandateLine",
    "PersonInSeat",
    "SeatLine",
    "deadline_rules",
    "find_series",
    "forum_by_id",
    "forum_overview",
    "get_forum",
    "labels_of",
    "list_forums",
    "members_on",
    "memberships_of",
    "roles_of",
    "terms_of",
]
