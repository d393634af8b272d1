"""When a job is tried again, and when it is given up."""

from datetime import timedelta

MOST_ATTEMPTS = 10
LEASE = timedelta(minutes=5)  # longer than any handler works; a worker that died is replaced after it
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


def wait_after(attempts: int) -> timedelta:
    """How long a job waits after so many failed attempts: doubled each time, at most an hour."""
    doubled: int = 2 ** min(attempts - 1, MOST_ATTEMPTS)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def is_spent(attempts: int) -> bool:
    """Whether no further attempt is made; people have to look at it."""
    return attempts >= MOST_ATTEMPTS
