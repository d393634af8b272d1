"""The time, asked for in one place so that tests can stop it."""

from datetime import UTC, date, datetime

from app.platform.i18n import LOCAL_ZONE


def utc_now() -> datetime:
    """Now, with time zone UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the wall in Oslo and Copenhagen: the year of a case number is the forum's local year."""
    return datetime.now(LOCAL_ZONE).date()
