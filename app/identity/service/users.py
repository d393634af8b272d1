"""Making and changing accounts."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import changed, record
from app.directory.models import Person
from app.identity.models import Invitation, UserAccount, UserSession
from app.identity.passwords import hash_password, verify_password
from app.identity.queries import account_of, lock_active_administrators, user_by_email
from app.identity.rules import COLOR_SCHEMES, AttemptOutcome, email_reasons, fold_email, password_reasons
from app.identity.service.attempts import BLOCKED, begin_attempt, set_outcome
from app.identity.service.sessions import renew_session
from app.kernel.errors import Conflict, Reason, RuleBroken, refuse_if
from app.kernel.language import Language
from app.kernel.text import clean_line
from app.platform.clock import utc_now
from app.platform.db import Database


def create_user(
    db: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    person_id: UUID | None = None,
    is_administrator: bool = False,
    language: Language = Language.NB,
    password: str | None = None,
) -> UserAccount:
    """Make an account. Without a password it waits for an invitation.

    :raise RuleBroken: for an address that is not one or has an account, a missing name, or a password that will not do.
    """
    require(actor, Permission.USER_MANAGE)
    email, name = fold_email(email), clean_line(name)
    reasons = [*email_reasons(email), *_name_reasons(name), *_person_reasons(db, person_id)]
    if user_by_email(db, email) is not None:
        reasons.append(Reason("user.email_taken", "email"))
    if password is not None:
        reasons.extend(password_reasons(password, email=email, name=name))
    refuse_if(reasons)
    user = UserAccount(
        email=email,
        name=name,
        person_id=person_id,
        is_administrator=is_administrator,
        language=language,
        password_hash=None if password is None else hash_password(password),
        created_at=utc_now(),
    )
    try:
        with db.begin_nested():  # so that a refusal leaves the session in use
            db.add(user)
    except IntegrityError as error:  # somebody made the same account since we looked
        raise RuleBroken(Reason("user.email_taken", "email")) from error
    record(
        db,
        actor,
        "user.created",
        user,
        name=user.name,
        changes={"email": (None, email), "is_administrator": (None, is_administrator)},
    )
    db.flush()
    return user


def update_user(
    db: Session,
    actor: Actor,
    user_id: UUID,
    *,
    version: int,
    name: str,
    person_id: UUID | None,
    is_administrator: bool,
    is_active: bool,
) -> UserAccount:
    """Change an account. Stopping it ends its sessions and voids its invitations in the same transaction.

    :raise RuleBroken: also when nobody would be left to administer the installation.
    :raise Conflict: when the account was changed since the caller read it.
    """
    require(actor, Permission.USER_MANAGE)
    administrators = lock_active_administrators(db)
    user = account_of(db, user_id, lock=True)
    if user.version != version:
        raise Conflict("user_account", stored_version=user.version)
    name = clean_line(name)
    reasons = [*_name_reasons(name), *_person_reasons(db, person_id)]
    if list(administrators) == [user.id] and not (is_administrator and is_active):
        reasons.append(
            Reason("user.last_administrator", "is_active" if is_administrator else "is_administrator")
        )
    refuse_if(reasons)
    changes = changed(
        user, name=name, person_id=person_id, is_administrator=is_administrator, is_active=is_active
    )
    if changes:
        user.version += 1
        if not is_active:
            end_all_sessions(db, user.id)
            db.execute(delete(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)))
        record(db, actor, "user.changed", user, name=user.name, changes=changes)
    db.flush()
    return user


def set_preferences(db: Session, actor: Actor, *, language: Language, color_scheme: str) -> None:
    """Choose one's own language and colours (``auto``, ``light`` or ``dark``).

    :raise NotFound: when the actor is not a user.
    """
    user = account_of(db, actor.user_id, lock=True)
    if color_scheme not in COLOR_SCHEMES:
        raise RuleBroken(Reason("user.color_scheme_unknown", "color_scheme"))
    changes = changed(user, language=language, color_scheme=color_scheme)
    if changes:
        record(db, actor, "user.preferences_changed", user, name=user.name, changes=changes)
    db.flush()


def change_password(
    database: Database, actor: Actor, *, current: str, new: str, address: str, keep_session_id: UUID | None
) -> str | None:
    """Choose a new password. Every other session of the user ends, and the kept one gets the secret that is returned. No
    transaction is open while passwords are hashed.

    Wrong ones count towards the limits of logging in: an open session shall not be a way to find the password out.

    :raise RuleBroken: when the current password is wrong or there were too many tries, or the new one will not do.
    """
    with database.reading() as db:
        user = account_of(db, actor.user_id)
        refuse_if(password_reasons(new, email=user.email, name=user.name))
        stored = user.password_hash
    attempt = begin_attempt(database, email=user.email, address=address)
    if attempt is None:
        raise RuleBroken(BLOCKED)
    if not verify_password(current, stored):
        raise RuleBroken(Reason("password.wrong", "current"))
    chosen = hash_password(new)
    with database.writing() as db:
        user = account_of(db, actor.user_id, lock=True)
        if user.password_hash != stored:  # changed by somebody else meanwhile
            raise RuleBroken(Reason("password.wrong", "current"))
        set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
        user.password_hash = chosen
        end_all_sessions(db, user.id, but=keep_session_id)
        record(db, actor, "user.password_changed", user, name=user.name)
        return renew_session(db, keep_session_id) if keep_session_id else None


def end_all_sessions(db: Session, user_id: UUID, *, but: UUID | None = None) -> None:
    """Sign a user out of every browser, or of every other one. The calling command records why."""
    ending = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    if but is not None:
        ending = ending.where(UserSession.id != but)
    db.execute(ending.values(revoked_at=utc_now()))


def _name_reasons(name: str) -> list[Reason]:
    return [] if name else [Reason("user.name_missing", "name")]


def _person_reasons(db: Session, person_id: UUID | None) -> list[Reason]:
    known = person_id is None or db.get(Person, person_id) is not None
    return [] if known else [Reason("user.person_unknown", "person_id")]
