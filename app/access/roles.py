"""The roles a person can have. All but two come from dated memberships of a forum."""

from enum import StrEnum


class Role(StrEnum):
    """A role in one forum, or (the last two) in the whole installation."""

    LEADER = "leader"
    MEMBER = "member"
    DEPUTY = "deputy"
    SECOND = "second"  # bisitter: follows a member, speaks, does not vote
    OBSERVER = "observer"
    SECRETARY = "secretary"
    MINUTE_TAKER = "minute_taker"
    ADMINISTRATOR = "administrator"
    SIGNED_IN = "signed_in"


FORUM_ROLES = (
    Role.LEADER,
    Role.MEMBER,
    Role.DEPUTY,
    Role.SECOND,
    Role.OBSERVER,
    Role.SECRETARY,
    Role.MINUTE_TAKER,
)
