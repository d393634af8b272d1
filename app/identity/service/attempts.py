"""Tries to show who one is, written down before they are looked at, so that the limits hold for tries at the same time."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.identity.models import LoginAttempt
from app.identity.queries import failures_since
from app.identity.rules import (
    ATTEMPT_WINDOW,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    LONGEST_EMAIL,
    AttemptOutcome,
    fold_email,
)
from app.kernel.errors import Reason
from app.kernel.text import clean_line
from app.platform.clock import utc_now
from app.platform.db import Database

LONGEST_NOTE = 300  # characters of an address, or of what a browser says of itself
BLOCKED = Reason("sign_in.blocked")


def begin_attempt(database: Database, *, email: str, address: str) -> LoginAttempt | None:
    """Write a try down as failed; None when there were too many before it, and it must not be looked at.

    After 5 failures for an account or 20 from an address within 15 minutes. Passwords and codes count together.
    """
    email = clean_line(fold_email(email))[:LONGEST_EMAIL]
    address = clean_line(address)[:LONGEST_NOTE]
    with database.writing() as db:
        attempt = LoginAttempt(email=email, address=address, at=utc_now(), outcome=AttemptOutcome.FAILED)
        db.add(attempt)
    with database.reading() as db:
        since = utc_now() - ATTEMPT_WINDOW
        by_account, by_address = failures_since(db, since, email=email, address=address)
    if by_account > FAILURES_PER_ACCOUNT or by_address > FAILURES_PER_ADDRESS:
        with database.writing() as db:
            set_outcome(db, attempt, AttemptOutcome.BLOCKED)
        return None
    return attempt


def set_outcome(db: Session, attempt: LoginAttempt, outcome: AttemptOutcome) -> None:
    """Say how a try ended."""
    db.execute(update(LoginAttempt).where(LoginAttempt.id == attempt.id).values(outcome=outcome))


def forget_attempts(db: Session, before: datetime) -> None:
    """Drop what is no evidence any more."""
    db.execute(delete(LoginAttempt).where(LoginAttempt.at < before))
