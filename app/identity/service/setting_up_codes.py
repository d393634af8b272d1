"""Setting up codes from an app: offering a secret, and beginning to ask for codes.

The page with the recovery codes is shown as the answer to a form, and what is sent twice (a double click, a lost
connection) must not lose it. So recovery codes and the new secret of the session are worked out from what was sent, with
the installation's key: who sends the same again gets the same page, and nothing readable is stored meanwhile.
"""

import hmac
from dataclasses import dataclass
from uuid import UUID

from app.access.actor import Actor
from app.audit.service import record
from app.identity.codes import as_typed, hash_recovery_code, matching_step, new_secret, recovery_codes
from app.identity.models import RecoveryCode, SecondFactor
from app.identity.queries import account_of, second_factor_of
from app.identity.rules import SignInMethod
from app.identity.service.proving import require_password
from app.identity.service.sessions import renew_session, set_method
from app.identity.service.users import end_all_sessions
from app.identity.tokens import derived_token
from app.kernel.errors import Reason, RuleBroken
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.keys import InstallationKeys

SEALED_FOR = "second factor"
_OFFER = "second factor offered"
_RECOVERY = "recovery codes"
_SESSION = "session after codes were set up"
_OFFERED_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class OfferedSecret:
    """A secret that nobody has confirmed yet. It is stored nowhere; the form carries it, sealed for its user."""

    secret: str
    sealed: str


def offer_secret(keys: InstallationKeys, user_id: UUID) -> OfferedSecret:
    """A new secret for an app."""
    secret = new_secret()
    return OfferedSecret(secret, keys.seal(f"{_OFFER} {user_id}", secret))


def offered_again(keys: InstallationKeys, user_id: UUID, sealed: str) -> OfferedSecret | None:
    """The secret that a form carries; None when it is too old or not this user's."""
    secret = keys.opened(f"{_OFFER} {user_id}", sealed, seconds=_OFFERED_SECONDS)
    return OfferedSecret(secret, sealed) if secret else None


def token_afterwards(keys: InstallationKeys, token: str, sealed: str) -> str:
    """The secret that a session with this one gets by this offer. Nobody can work it out without the installation's key."""
    return derived_token(keys.derived(_SESSION, f"{token} {sealed}"))


def set_up(
    database: Database,
    keys: InstallationKeys,
    actor: Actor,
    offered: OfferedSecret,
    *,
    password: str,
    code: str,
    address: str,
    session_id: UUID,
    token: str,
) -> list[str]:
    """Begin to ask for codes, for who knows the password, once a first code is right.

    The session counts as opened with a code from now on, and ``token`` becomes its secret. Returns the recovery codes,
    which nobody can read afterwards: only the same offer with the password and a code of it brings the same ones once more.

    :raise RuleBroken: for a wrong password or code, too many tries, or an account that has other codes already or no
        password.
    """
    _refuse_without_password(database, actor)
    require_password(database, actor, password, address=address)
    codes = recovery_codes(keys.derived(_RECOVERY, f"{actor.user_id} {offered.secret}"))
    with database.writing() as db:
        user = account_of(db, actor.user_id, lock=True)
        step = matching_step(offered.secret, as_typed(code), at=utc_now(), after=0)
        factor = second_factor_of(db, user.id)
        if factor is not None and not _is_of(keys, factor, offered):
            raise RuleBroken(Reason("code.already", "code"))
        if step is None:
            raise RuleBroken(Reason("code.wrong_at_set_up", "code"))
        if factor is not None:
            return codes
        db.add(
            SecondFactor(
                user_id=user.id,
                sealed_secret=keys.seal(SEALED_FOR, offered.secret),
                last_step=step,
                created_at=utc_now(),
            )
        )
        db.add_all(RecoveryCode(user_id=user.id, code_hash=hash_recovery_code(each)) for each in codes)
        set_method(db, session_id, SignInMethod.PASSWORD_AND_CODE)
        end_all_sessions(db, user.id, but=session_id)
        renew_session(db, session_id, token)
        record(db, actor, "user.code_set_up", user, name=user.name)
    return codes


def _is_of(keys: InstallationKeys, factor: SecondFactor, offered: OfferedSecret) -> bool:
    stored = keys.opened(SEALED_FOR, factor.sealed_secret)
    return stored is not None and hmac.compare_digest(stored, offered.secret)


def _refuse_without_password(database: Database, actor: Actor) -> None:
    with database.reading() as db:
        if account_of(db, actor.user_id).password_hash is None:
            raise RuleBroken(Reason("code.no_password", "code"))
