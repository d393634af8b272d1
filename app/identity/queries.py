"""Every SELECT of users, sessions, invitations, identities, codes and tries to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.directory.models import Person
from app.identity.models import (
    ACCOUNT_LOCK,
    Invitation,
    LoginAttempt,
    RecoveryCode,
    SecondFactor,
    UserAccount,
    UserIdentity,
    UserSession,
)
from app.identity.rules import AttemptOutcome, SignInMethod, fold_email
from app.kernel.errors import NotFound
from app.kernel.language import Language
from app.platform.clock import utc_now


@dataclass(frozen=True, slots=True)
class UserLine:
    """One account in the administrators' list. Without a password or identity the invitation has not been used."""

    id: UUID
    version: int
    name: str
    email: str
    person_id: UUID | None
    person_name: str | None
    language: Language
    is_administrator: bool
    is_active: bool
    has_password: bool
    created_at: datetime
    has_identity: bool
    has_code: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The user behind a session that holds."""

    session_id: UUID
    user_id: UUID
    person_id: UUID | None
    name: str
    language: Language
    color_scheme: str
    is_administrator: bool
    last_seen_at: datetime
    method: SignInMethod
    provider: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One signed-in browser, as its owner sees it."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    method: SignInMethod
    provider: str


@dataclass(frozen=True, slots=True)
class InvitedUser:
    """Whom an invitation is for."""

    user_id: UUID
    name: str
    email: str
    language: Language


_LINE = (
    UserAccount.id,
    UserAccount.version,
    UserAccount.name,
    UserAccount.email,
    UserAccount.person_id,
    Person.name,
    UserAccount.language,
    UserAccount.is_administrator,
    UserAccount.is_active,
    UserAccount.password_hash.is_not(None),
    UserAccount.created_at,
    exists().where(UserIdentity.user_id == UserAccount.id),
    exists().where(SecondFactor.user_id == UserAccount.id),
)


def list_users(db: Session, actor: Actor) -> Sequence[UserLine]:
    """Every account, by e-mail address.

    :raise NotAllowed: for others than administrators.
    """
    require(actor, Permission.USER_MANAGE)
    rows = db.execute(
        select(*_LINE).outerjoin(Person, Person.id == UserAccount.person_id).order_by(UserAccount.email)
    )
    return [UserLine(*tuple(row)) for row in rows]


def get_user(db: Session, actor: Actor, user_id: UUID) -> UserLine:
    """One account; users may read their own.

    :raise NotFound: when it is missing, or is somebody else's and the actor is no administrator.
    """
    if user_id != actor.user_id and not actor.may(Permission.USER_MANAGE):
        raise NotFound
    row = db.execute(
        select(*_LINE).outerjoin(Person, Person.id == UserAccount.person_id).where(UserAccount.id == user_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return UserLine(*tuple(row))


def account_of(db: Session, user_id: UUID | None, *, lock: bool = False) -> UserAccount:
    """The account of a user; locked until the end of the transaction for who changes it.

    :raise NotFound: when there is none, or for nobody.
    """
    found = None
    if user_id is not None:
        locking = ACCOUNT_LOCK if lock else None
        found = db.get(UserAccount, user_id, with_for_update=locking, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def user_by_email(db: Session, email: str) -> UserAccount | None:
    """The account with this address, however it is written."""
    return db.scalars(select(UserAccount).where(UserAccount.email == fold_email(email))).one_or_none()


def lock_active_administrators(db: Session) -> Sequence[UUID]:
    """The administrators who can sign in, locked until the end of the transaction."""
    return db.scalars(
        select(UserAccount.id)
        .where(UserAccount.is_administrator, UserAccount.is_active)
        .order_by(UserAccount.id)
        .with_for_update(key_share=True)
    ).all()


def signed_in(db: Session, token_hash: str, *, now: datetime, idle: timedelta) -> SignedIn | None:
    """The user of a session that is not revoked, idle for too long, expired, or of a stopped account."""
    row = db.execute(
        select(
            UserSession.id,
            UserAccount.id,
            UserAccount.person_id,
            UserAccount.name,
            UserAccount.language,
            UserAccount.color_scheme,
            UserAccount.is_administrator,
            UserSession.last_seen_at,
            UserSession.method,
            UserSession.provider,
        )
        .join(UserAccount, UserAccount.id == UserSession.user_id)
        .where(
            UserSession.token_hash == token_hash,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > now - idle,
            UserAccount.is_active,
        )
    ).one_or_none()
    return None if row is None else SignedIn(*tuple(row))


def list_sessions(db: Session, user_id: UUID) -> Sequence[SessionLine]:
    """A user's sessions that are neither revoked nor expired, the latest used first."""
    rows = db.execute(
        select(
            UserSession.id,
            UserSession.created_at,
            UserSession.last_seen_at,
            UserSession.expires_at,
            UserSession.address,
            UserSession.user_agent,
            UserSession.method,
            UserSession.provider,
        )
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > utc_now(),
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    return [SessionLine(*row) for row in rows]


def session_with_user(db: Session, token_hash: str) -> tuple[UserSession, UserAccount] | None:
    """A session, whatever its state, and whose it is."""
    row = db.execute(
        select(UserSession, UserAccount)
        .join(UserAccount, UserAccount.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def failures_since(db: Session, since: datetime, *, email: str, address: str) -> tuple[int, int]:
    """How many tries failed for this account, and from this address."""
    failed = (LoginAttempt.at > since, LoginAttempt.outcome == AttemptOutcome.FAILED)
    count = select(func.count()).select_from(LoginAttempt)
    by_account = count.where(LoginAttempt.email == email, *failed).scalar_subquery()
    by_address = count.where(LoginAttempt.address == address, *failed).scalar_subquery()
    row = db.execute(select(by_account, by_address)).one()
    return row[0], row[1]


def open_invitation(
    db: Session, token_hash: str, *, now: datetime, lock: bool = False
) -> tuple[Invitation, UserAccount] | None:
    """An invitation that may still be used, and the active user it is for."""
    wanted = (
        select(Invitation, UserAccount)
        .join(UserAccount, UserAccount.id == Invitation.user_id)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            UserAccount.is_active,
        )
    )
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = db.execute(wanted).one_or_none()
    return None if row is None else (row[0], row[1])


def identity_of(db: Session, issuer: str, subject: str) -> UserIdentity | None:
    """The identity that a provider speaks of, if any account is linked with it. By this pair and nothing else."""
    return db.scalars(
        select(UserIdentity).where(UserIdentity.issuer == issuer, UserIdentity.subject == subject)
    ).one_or_none()


def own_identities(db: Session, user_id: UUID) -> Sequence[UserIdentity]:
    """The identities that open an account, in the order in which they were linked."""
    return db.scalars(
        select(UserIdentity)
        .where(UserIdentity.user_id == user_id)
        .order_by(UserIdentity.created_at, UserIdentity.id)
    ).all()


def has_second_factor(db: Session, user_id: UUID) -> bool:
    """Whether an account asks for a code after the password."""
    return bool(db.scalar(select(exists().where(SecondFactor.user_id == user_id))))


def second_factor_of(db: Session, user_id: UUID) -> SecondFactor | None:
    """The code app of an account."""
    return db.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()


def recovery_codes_left(db: Session, user_id: UUID) -> int:
    """How many recovery codes have not been used."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.scalar(left) or 0


@dataclass(frozen=True, slots=True)
class Traces:
    """An account and the records of its use, for those who must find what is kept about a person."""

    user_id: UUID
    name: str
    email: str
    person_id: UUID | None
    record_ids: frozenset[UUID]


def traces_of(db: Session, email: str) -> Traces | None:
    """The account with this address, its sessions and invitations, and the tries to sign in to it."""
    user = user_by_email(db, email)
    if user is None:
        return None
    ids: set[UUID] = set()
    for wanted in (
        select(UserSession.id).where(UserSession.user_id == user.id),
        select(Invitation.id).where(Invitation.user_id == user.id),
        select(LoginAttempt.id).where(LoginAttempt.email == user.email),
    ):
        ids.update(db.scalars(wanted))
    return Traces(user.id, user.name, user.email, user.person_id, frozenset(ids))
