"""The one permission table: role -> permissions. Shown to administrators as a page; there is no other source."""

from collections.abc import Mapping

from app.access.permissions import Permission as P
from app.access.roles import Role

_READER = frozenset({P.FORUM_READ, P.CASE_READ, P.CASE_EXPORT})
_MEMBER = _READER | {P.CASE_READ_EXEMPT}
_INSIDER = _MEMBER | {P.CASE_READ_DRAFT, P.CASE_HISTORY, P.FORUM_HISTORY}
_SECRETARY = _INSIDER | {
    P.FORUM_EDIT,
    P.FORUM_SEAT,
    P.MEETING_EDIT,
    P.CASE_EDIT,
    P.CASE_SHARE,
    P.CASE_EXEMPT,
    P.CASE_RELEASE,
    P.DIRECTORY_EDIT,
}

MATRIX: Mapping[Role, frozenset[P]] = {
    Role.LEADER: _INSIDER | {P.CASE_SHARE, P.CASE_EXEMPT, P.CASE_RELEASE},
    Role.MEMBER: _MEMBER,
    Role.DEPUTY: _MEMBER,
    Role.SECOND: _MEMBER,
    Role.OBSERVER: _READER,
    Role.SECRETARY: _SECRETARY,
    Role.MINUTE_TAKER: _INSIDER | {P.MEETING_EDIT},
    Role.ADMINISTRATOR: frozenset(P),
    Role.SIGNED_IN: frozenset({P.DIRECTORY_READ, P.CASE_READ_RELEASED}),
}

# Asked for without a forum. A role in any forum gives them in the whole installation.
INSTALLATION = frozenset(
    {
        P.FORUM_CREATE,
        P.DIRECTORY_READ,
        P.DIRECTORY_EDIT,
        P.CASE_READ_RELEASED,
        P.BASIS_EDIT,
        P.USER_MANAGE,
        P.ACCESS_READ,
        P.AUDIT_READ,
        P.AUDIT_ERASE,
    },
)
