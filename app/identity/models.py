"""Tables of users, sessions, log-in attempts and invitations. Secrets are stored only as hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.rules import AttemptOutcome
from app.kernel.language import Language
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, UtcDateTime, enum_column


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
