"""Showing the password once more, before something that outlasts the session."""

from app.access.actor import Actor
from app.identity.passwords import verify_password
from app.identity.queries import account_of
from app.identity.rules import AttemptOutcome
from app.identity.service.attempts import BLOCKED, begin_attempt, set_outcome
from app.kernel.errors import Reason, RuleBroken
from app.platform.db import Database


def require_password(database: Database, actor: Actor, password: str, *, address: str) -> None:
    """Let somebody go on who knows the password of their own account; accounts without one go on as they are.

    Wrong ones count towards the limits of logging in. No transaction is open while the password is verified.

    :raise RuleBroken: when it is wrong, or there were too many tries.
    """
    with database.reading() as db:
        user = account_of(db, actor.user_id)
    if user.password_hash is None:
        return
    attempt = begin_attempt(database, email=user.email, address=address)
    if attempt is None:
        raise RuleBroken(BLOCKED)
    if not verify_password(password, user.password_hash):
        raise RuleBroken(Reason("password.wrong", "password"))
    with database.writing() as db:
        set_outcome(db, attempt, AttemptOutcome.SUCCEEDED)
