"""Links that let a user choose a password: the first one, or a new one for who has forgotten."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import record
from app.identity.models import Invitation, UserAccount
from app.identity.passwords import hash_password
from app.identity.queries import InvitedUser, account_of, open_invitation
from app.identity.rules import password_reasons
from app.identity.service.sessions import acting
from app.identity.service.users import end_all_sessions
from app.identity.tokens import hash_token, new_token
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.platform.clock import utc_now
from app.platform.db import Database


def invite(db: Session, actor: Actor, user_id: UUID, *, hours: int) -> str:
    """Make a link's secret, good once and for so many hours. Earlier unused ones stop working.

    :raise RuleBroken: when the account is stopped.
    """
    require(actor, Permission.USER_MANAGE)
    user = account_of(db, user_id, lock=True)
    if not user.is_active:
        raise RuleBroken("user.not_active")
    db.execute(delete(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)))
    token, now = new_token(), utc_now()
    db.add(
        Invitation(
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    record(db, actor, "user.invited", user, name=user.name)
    db.flush()
    return token


def find_invitation(db: Session, token: str) -> InvitedUser | None:
    """Whom a link is for; None when it is used, too old, replaced, or was never made."""
    found = open_invitation(db, hash_token(token), now=utc_now())
    if found is None:
        return None
    user = found[1]
    return InvitedUser(user.id, user.name, user.email, user.language)


def accept_invitation(database: Database, token: str, password: str) -> UserAccount:
    """Set the password that the user has chosen, and use the link up. Sessions under an older password end.

    No transaction is open while the password is hashed.

    :raise RuleBroken: when the link does not work, or the password will not do.
    """
    with database.reading() as db:
        invited = find_invitation(db, token)
    if invited is None:
        raise RuleBroken(Reason("invitation.not_valid"))
    refuse_if(password_reasons(password, email=invited.email, name=invited.name))
    chosen = hash_password(password)
    with database.writing() as db:
        now = utc_now()
        found = open_invitation(db, hash_token(token), now=now, lock=True)
        if found is None:  # used or replaced meanwhile
            raise RuleBroken(Reason("invitation.not_valid"))
        invitation, user = found
        user.password_hash = chosen
        invitation.used_at = now
        end_all_sessions(db, user.id)
        record(db, acting(user), "user.invitation_accepted", user, name=user.name)
    return user
