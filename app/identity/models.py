"""Tables of users, sessions, log-in attempts, invitations and other ways to sign in.

Secrets are stored only as hashes, or sealed where we need them ourselves.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.rules import AttemptOutcome, SignInMethod
from app.kernel.language import Language
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, UtcDateTime, enum_column

ACCOUNT_LOCK: Final = {"key_share": True}
"""How an account is locked for change. Whoever sends a form holds on to their own account with its key, as every row does that names
an account; a lock that shuts those out as well would have two forms of one user wait for each other for ever."""


class UserAccount(Identified, Versioned, Base):
    """A local account. Without a password hash it waits for its invitation to be used."""

    __tablename__ = "user_account"

    email: Mapped[str] = mapped_column(Line, unique=True)  # stored casefolded
    name: Mapped[str] = mapped_column(Line)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Language] = mapped_column(enum_column(Language, "language"), default=Language.NB)
    color_scheme: Mapped[str] = mapped_column(String(8), default="auto")  # auto, light, dark
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UserSession(Identified, Base):
    """A signed-in browser. The cookie holds the token, this row only its SHA-256."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)  # absolute limit
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(Line, default="")
    user_agent: Mapped[str] = mapped_column(Line, default="")
    method: Mapped[SignInMethod] = mapped_column(
        enum_column(SignInMethod, "method"), default=SignInMethod.PASSWORD
    )
    provider: Mapped[str] = mapped_column(String(30), default="")  # whose word it was, for a single sign-on


class LoginAttempt(Identified, Base):
    """A try to sign in, counted per account and per address; also evidence."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_at", "at"),
        Index("ix_login_attempt_email_at", "email", "at"),
        Index("ix_login_attempt_address_at", "address", "at"),
    )

    email: Mapped[str] = mapped_column(Line)
    address: Mapped[str] = mapped_column(Line)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[AttemptOutcome] = mapped_column(enum_column(AttemptOutcome, "outcome"))


class Invitation(Identified, Base):
    """A link that lets one user choose a password, once, within its time."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserIdentity(Identified, Base):
    """Whom a provider of single sign-on says that a user is. Found by issuer and subject alone, never by e-mail.

    Both are plain strings: cleaning them, as texts of people are, could make two subjects one.
    """

    __tablename__ = "user_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    provider: Mapped[str] = mapped_column(String(30))  # the short name in the settings when it was linked
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    shown: Mapped[str] = mapped_column(Line, default="")  # what its owner knows it by; for eyes only
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentState(Base):
    """The state of a single sign-on that has come back. It comes back once."""

    __tablename__ = "spent_state"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SecondFactor(Identified, Base):
    """A code app of a local account. The secret is sealed with the installation's key."""

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(String)
    last_step: Mapped[int] = mapped_column(BigInteger)  # the 30 seconds of the last code: each works once
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Identified, Base):
    """One of the codes for who has lost the app. Works once."""

    __tablename__ = "recovery_code"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
