"""Signing in and out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.identity.models import LoginAttempt, UserAccount, UserSession
from app.identity.passwords import verify_password
from app.identity.queries import (
    SessionLine,
    SignedIn,
    failures_since,
    list_sessions,
    session_with_user,
    signed_in,
    user_by_email,
)
from app.identity.rules import (
    ATTEMPT_WINDOW,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    KEEP_ATTEMPTS,
    LONGEST_EMAIL,
    LONGEST_PASSWORD,
    AttemptOutcome,
    fold_email,
)
from app.identity.tokens import hash_token, new_token
from app.kernel.errors import NotFound, Reason
from app.kernel.text import clean_line
from app.platform.clock import utc_now
from app.platform.db import Database

__all__ = [
    "SessionLine",
    "SignInRefused",
    "SignedIn",
    "end_all_sessions",
    "end_session",
    "find_session",
    "list_sessions",
    "revoke_session",
    "sign_in",
    "touch_session",
]

_LONGEST_NOTE = 300  # characters of what a browser says of itself


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Nobody was signed in. The reason is the same whether the account exists or not."""

    reason: Reason


def sign_in(
    database: Database, *, email: str, password: str, address: str, user_agent: str, hours: int
) -> str | SignInRefused:
    """Verify a password and begin a session of so many hours; returns the secret for its cookie.

    After 5 failures for an account or 20 from an address within 15 minutes, tries are refused unseen. A try is written
    down as failed before it is looked at, so the limits hold however many processes are tried at the same time; and no
    transaction is open while the password is verified.
    """
    email = clean_line(fold_email(email))[:LONGEST_EMAIL]
    address = clean_line(address)[:_LONGEST_NOTE]
    with database.writing() as db:
        attempt = LoginAttempt(email=email, address=address, at=utc_now(), outcome=AttemptOutcome.FAILED)
        db.add(attempt)
    with database.reading() as db:
        since = utc_now() - ATTEMPT_WINDOW
        by_account, by_address = failures_since(db, since, email=email, address=address)
        user = user_by_email(db, email)
    if by_account > FAILURES_PER_ACCOUNT or by_address > FAILURES_PER_ADDRESS:
        with database.writing() as db:
            _set_outcome(db, attempt, AttemptOutcome.BLOCKED)
        return SignInRefused(Reason("sign_in.blocked"))

    stored = user.password_hash if user else None
    matches = verify_password(password[: LONGEST_PASSWORD + 1], stored)
    with database.writing() as db:
        current = db.get(UserAccount, user.id, with_for_update=True) if user else None
        if not matches or current is None or not current.is_active or current.password_hash != stored:
            # Who has not shown a password is nobody; the name says whose account was tried.
            record(db, Actor(None, ""), "session.refused", attempt, name=current.name if current else "")
            return SignInRefused(Reason("sign_in.wrong"))
        _set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
        _forget_old(db, current.id)
        return _begin_session(db, current, address, clean_line(user_agent)[:_LONGEST_NOTE], hours)


def find_session(db: Session, token: str, *, idle_minutes: int) -> SignedIn | None:
    """Who holds this secret; None when the session is over for whatever reason. One query."""
    return signed_in(db, hash_token(token), now=utc_now(), idle=timedelta(minutes=idle_minutes))


def touch_session(db: Session, session_id: UUID) -> None:
    """Note that a session is in use. Enough once a minute; it does not bring an ended session back."""
    db.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.revoked_at.is_(None))
        .values(last_seen_at=utc_now())
    )


def end_session(db: Session, token: str) -> None:
    """Sign out. A secret that means nothing, or an ended session, is no error."""
    found = session_with_user(db, hash_token(token))
    if found is None or found[0].revoked_at is not None:
        return
    session, user = found
    session.revoked_at = utc_now()
    record(db, _acting(user), "session.ended", session, name=user.name)
    db.flush()


def revoke_session(db: Session, actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions, or (for administrators) anybody's.

    :raise NotFound: when there is no such session for this actor.
    """
    session = db.get(UserSession, session_id, with_for_update=True, populate_existing=True)
    if session is None or (session.user_id != actor.user_id and not actor.may(Permission.USER_MANAGE)):
        raise NotFound
    if session.revoked_at is None:
        session.revoked_at = utc_now()
        record(db, actor, "session.revoked", session)
    db.flush()


def end_all_sessions(db: Session) -> int:
    """End everybody's session, as when the database is not the one in which they began. Says how many; the caller records it."""
    ending = update(UserSession).where(UserSession.revoked_at.is_(None)).values(revoked_at=utc_now())
    return len(db.execute(ending.returning(UserSession.id)).all())


def _begin_session(db: Session, user: UserAccount, address: str, user_agent: str, hours: int) -> str:
    token, now = new_token(), utc_now()
    session = UserSession(
        token_hash=hash_token(token),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=hours),
        address=address,
        user_agent=user_agent,
    )
    db.add(session)
    db.flush()
    record(db, _acting(user), "session.started", session, name=user.name)
    return token


def _set_outcome(db: Session, attempt: LoginAttempt, outcome: AttemptOutcome) -> None:
    db.execute(update(LoginAttempt).where(LoginAttempt.id == attempt.id).values(outcome=outcome))


def _forget_old(db: Session, user_id: UUID) -> None:
    before = utc_now() - KEEP_ATTEMPTS
    db.execute(delete(LoginAttempt).where(LoginAttempt.at < before))
    db.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at < before))


def _acting(user: UserAccount) -> Actor:
    return Actor(user.id, user.name, user.person_id, user.language)
