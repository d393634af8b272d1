"""Signing in and out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.identity.models import ACCOUNT_LOCK, UserAccount, UserSession
from app.identity.passwords import verify_password
from app.identity.queries import (
    SessionLine,
    SignedIn,
    has_second_factor,
    list_sessions,
    session_with_user,
    signed_in,
    user_by_email,
)
from app.identity.rules import KEEP_ATTEMPTS, LONGEST_PASSWORD, AttemptOutcome, SignInMethod
from app.identity.service.attempts import (
    BLOCKED,
    LONGEST_NOTE,
    begin_attempt,
    forget_attempts,
    set_outcome,
)
from app.identity.tokens import hash_token, new_token
from app.kernel.errors import NotFound, Reason
from app.kernel.text import clean_line
from app.platform.clock import utc_now
from app.platform.db import Database

__all__ = [
    "CodeNeeded",
    "SessionLine",
    "SignInRefused",
    "SignedIn",
    "begin_session",
    "end_every_session",
    "end_session",
    "find_session",
    "list_sessions",
    "renew_session",
    "revoke_session",
    "set_method",
    "sign_in",
    "touch_session",
]


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Nobody was signed in. The reason is the same whether the account exists or not."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password was right, and the account wants a code as well. Nobody is signed in yet."""

    user_id: UUID
    password_mark: str  # tells whether the password is still the one that was shown


def sign_in(
    database: Database, *, email: str, password: str, address: str, user_agent: str, hours: int
) -> str | SignInRefused | CodeNeeded:
    """Verify a password and begin a session of so many hours; returns the secret for its cookie.

    Tries beyond the limits are refused unseen. No transaction is open while the password is verified.
    """
    attempt = begin_attempt(database, email=email, address=address)
    if attempt is None:
        return SignInRefused(BLOCKED)
    with database.reading() as db:
        user = user_by_email(db, attempt.email)
    stored = user.password_hash if user else None
    matches = verify_password(password[: LONGEST_PASSWORD + 1], stored)
    with database.writing() as db:
        current = db.get(UserAccount, user.id, with_for_update=ACCOUNT_LOCK) if user else None
        if not matches or current is None or not current.is_active or current.password_hash != stored:
            # Who has not shown a password is nobody; the name says whose account was tried.
            record(db, Actor(None, ""), "session.refused", attempt, name=current.name if current else "")
            return SignInRefused(Reason("sign_in.wrong"))
        set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
        if has_second_factor(db, current.id):
            return CodeNeeded(current.id, password_mark(current))
        return begin_session(
            db, current, SignInMethod.PASSWORD, address=address, user_agent=user_agent, hours=hours
        )


def password_mark(user: UserAccount) -> str:
    """A short text that changes with the password and tells nothing of it."""
    return hash_token(f"{user.id} {user.password_hash}")[:32]


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


def renew_session(db: Session, session_id: UUID, token: str = "") -> str:
    """Give a session another secret, when it becomes worth more: who had got hold of the old one is left with nothing.

    The secret is made here, unless the caller has worked one out that is as hard to guess.
    """
    token = token or new_token()
    db.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.revoked_at.is_(None))
        .values(token_hash=hash_token(token))
    )
    return token


def set_method(db: Session, session_id: UUID, method: SignInMethod) -> None:
    """Note that a session counts as opened in another way; one that a provider opened stays what it is."""
    db.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.method != SignInMethod.PROVIDER)
        .values(method=method)
    )


def end_session(db: Session, token: str) -> None:
    """Sign out. A secret that means nothing, or an ended session, is no error."""
    found = session_with_user(db, hash_token(token))
    if found is None or found[0].revoked_at is not None:
        return
    session, user = found
    session.revoked_at = utc_now()
    record(db, acting(user), "session.ended", session, name=user.name)
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


def end_every_session(db: Session) -> int:
    """End everybody's session, as when the database is not the one in which they began. Says how many; the caller records it."""
    ending = update(UserSession).where(UserSession.revoked_at.is_(None)).values(revoked_at=utc_now())
    return len(db.execute(ending.returning(UserSession.id)).all())


def begin_session(
    db: Session,
    user: UserAccount,
    method: SignInMethod,
    *,
    address: str,
    user_agent: str,
    hours: int,
    provider: str = "",
) -> str:
    """A session for somebody who has shown who they are; returns the secret for its cookie."""
    token, now = new_token(), utc_now()
    _forget_old(db, user.id)
    session = UserSession(
        token_hash=hash_token(token),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=hours),
        address=clean_line(address)[:LONGEST_NOTE],
        user_agent=clean_line(user_agent)[:LONGEST_NOTE],
        method=method,
        provider=provider,
    )
    db.add(session)
    db.flush()
    changes = {"method": (None, method), "provider": (None, provider or None)}
    record(db, acting(user), "session.started", session, name=user.name, changes=changes)
    return token


def _forget_old(db: Session, user_id: UUID) -> None:
    before = utc_now() - KEEP_ATTEMPTS
    forget_attempts(db, before)
    db.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at < before))


def acting(user: UserAccount) -> Actor:
    """A user as the doer of what concerns their own account."""
    return Actor(user.id, user.name, user.person_id, user.language)
