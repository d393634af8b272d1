"""The code from an app, as a second proof beside the password of a local account."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import record
from app.identity.codes import as_typed, hash_recovery_code, is_recovery_code, matching_step
from app.identity.models import ACCOUNT_LOCK, RecoveryCode, SecondFactor, UserAccount
from app.identity.passwords import verify_password
from app.identity.queries import account_of, second_factor_of
from app.identity.rules import AttemptOutcome, SignInMethod
from app.identity.service.attempts import BLOCKED, begin_attempt, set_outcome
from app.identity.service.sessions import SignInRefused, acting, begin_session, password_mark, set_method
from app.identity.service.setting_up_codes import SEALED_FOR
from app.identity.service.users import end_all_sessions
from app.kernel.errors import NotFound, Reason, RuleBroken
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.keys import InstallationKeys

_WRONG = Reason("code.wrong", "code")


def give_code(
    database: Database,
    keys: InstallationKeys,
    *,
    user_id: UUID,
    mark: str,
    code: str,
    address: str,
    user_agent: str,
    hours: int,
) -> str | SignInRefused:
    """The second step of signing in: returns the secret of the session's cookie.

    Wrong codes count towards the same limits as wrong passwords. A code works once, also when it is sent twice at the
    same time.
    """
    with database.reading() as db:
        user = db.get(UserAccount, user_id)
    if user is None:
        return SignInRefused(Reason("code.begin_again"))
    attempt = begin_attempt(database, email=user.email, address=address)
    if attempt is None:
        return SignInRefused(BLOCKED)
    with database.writing() as db:
        current = db.get(UserAccount, user_id, with_for_update=ACCOUNT_LOCK, populate_existing=True)
        if current is None or not current.is_active or password_mark(current) != mark:
            record(db, Actor(None, ""), "session.refused", attempt, name=user.name)
            return SignInRefused(Reason("code.begin_again"))
        if not _spend(db, keys, current, code):
            record(db, Actor(None, ""), "session.refused", attempt, name=current.name)
            return SignInRefused(_WRONG)
        set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
        return begin_session(
            db,
            current,
            SignInMethod.PASSWORD_AND_CODE,
            address=address,
            user_agent=user_agent,
            hours=hours,
        )


def remove_own(
    database: Database,
    keys: InstallationKeys,
    actor: Actor,
    *,
    password: str,
    code: str,
    address: str,
    session_id: UUID,
) -> None:
    """Stop asking for codes, for who knows the password and has a code. Other devices are logged out.

    :raise RuleBroken: when either is wrong, or there were too many tries.
    """
    with database.reading() as db:
        user = db.get(UserAccount, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound
    attempt = begin_attempt(database, email=user.email, address=address)
    if attempt is None:
        raise RuleBroken(BLOCKED)
    if not verify_password(password, user.password_hash):
        raise RuleBroken(Reason("password.wrong", "password"))
    with database.writing() as db:
        current = account_of(db, actor.user_id, lock=True)
        if current.password_hash != user.password_hash:
            raise RuleBroken(Reason("password.wrong", "password"))
        if not _spend(db, keys, current, code):
            raise RuleBroken(_WRONG)
        set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
        _forget(db, current.id)
        set_method(db, session_id, SignInMethod.PASSWORD)
        end_all_sessions(db, current.id, but=session_id)
        record(db, actor, "user.code_removed", current, name=current.name)


def reset(db: Session, actor: Actor, user_id: UUID) -> None:
    """Stop asking somebody for codes, because the app and the recovery codes are lost. The user is logged out everywhere.

    :raise NotFound: when there is no such account, or it has no codes.
    """
    require(actor, Permission.USER_MANAGE)
    user = db.get(UserAccount, user_id, with_for_update=ACCOUNT_LOCK, populate_existing=True)
    if user is None or second_factor_of(db, user_id) is None:
        raise NotFound
    _forget(db, user.id)
    end_all_sessions(db, user.id)
    record(db, actor, "user.code_reset", user, name=user.name)
    db.flush()


def _spend(db: Session, keys: InstallationKeys, user: UserAccount, code: str) -> bool:
    """Use a code up; whether it was good. The caller holds the lock on the account."""
    typed = as_typed(code)
    if is_recovery_code(typed):
        used = db.execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.user_id == user.id,
                RecoveryCode.code_hash == hash_recovery_code(typed),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=utc_now())
        )
        if _rows(used):
            record(db, acting(user), "user.recovery_code_used", user, name=user.name)
            return True
        return False
    factor = second_factor_of(db, user.id)
    # A secret that was sealed with another key cannot be read: the recovery codes and an administrator still help.
    secret = keys.opened(SEALED_FOR, factor.sealed_secret) if factor else None
    if factor is None or secret is None:
        return False
    step = matching_step(secret, typed, at=utc_now(), after=factor.last_step)
    if step is None:
        return False
    moved = db.execute(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    return _rows(moved) == 1


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))


def _forget(db: Session, user_id: UUID) -> None:
    db.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
