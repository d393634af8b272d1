"""Single sign-on: whose account an identity at a provider opens. Claims identify; they never give rights."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.identity.models import ACCOUNT_LOCK, SpentState, UserAccount, UserIdentity, UserSession
from app.identity.queries import account_of, identity_of, open_invitation, own_identities
from app.identity.rules import SignInMethod
from app.identity.service.sessions import SignInRefused, acting, begin_session
from app.identity.service.users import end_all_sessions
from app.identity.tokens import hash_token
from app.kernel.errors import NotFound, Reason, RuleBroken
from app.platform.clock import utc_now
from app.platform.db import Database

STATE_MINUTES = 10


def spend_state(database: Database, state: str) -> bool:
    """Use a state up. False when it has come back before: each is answered once, whoever brings it."""
    now = utc_now()
    try:
        with database.writing() as db:
            db.execute(delete(SpentState).where(SpentState.at < now - timedelta(minutes=2 * STATE_MINUTES)))
            db.add(SpentState(state_hash=hash_token(state), at=now))
    except IntegrityError:
        return False
    return True


def sign_in_with_identity(
    database: Database,
    *,
    provider: str,
    issuer: str,
    subject: str,
    address: str,
    user_agent: str,
    hours: int,
) -> str | SignInRefused:
    """Begin a session for the account that is linked with an identity; returns the secret for its cookie.

    Unknown identities and stopped accounts get the same answer. No account is ever made, and none is found by e-mail.
    """
    with database.writing() as db:
        found = identity_of(db, issuer, subject)
        user = db.get(UserAccount, found.user_id, with_for_update=ACCOUNT_LOCK) if found else None
        # Asked again under the lock: the link may have been taken away while we waited for it.
        found = identity_of(db, issuer, subject)
        if found is None or user is None or found.user_id != user.id or not user.is_active:
            concerned = found or UserIdentity(issuer=issuer, subject=subject, provider=provider)
            record(
                db,
                Actor(None, ""),
                "session.refused",
                concerned,
                name=user.name if user else "",
                changes={"provider": (None, provider)},
            )
            return SignInRefused(Reason("identity.unknown"))
        found.last_used_at = utc_now()
        return begin_session(
            db,
            user,
            SignInMethod.PROVIDER,
            address=address,
            user_agent=user_agent,
            hours=hours,
            provider=provider,
        )


def link_identity(
    db: Session, actor: Actor, *, provider: str, issuer: str, subject: str, shown: str
) -> UserIdentity:
    """Let one's own account be opened by an identity.

    :raise RuleBroken: when it opens an account already.
    """
    user = account_of(db, actor.user_id, lock=True)
    if not user.is_active:
        raise NotFound
    linked = _link(db, user, provider=provider, issuer=issuer, subject=subject, shown=shown)
    record(db, actor, "user.identity_linked", user, name=user.name, changes={"provider": (None, provider)})
    db.flush()
    return linked


def accept_invitation_with_identity(
    db: Session,
    token: str,
    *,
    provider: str,
    issuer: str,
    subject: str,
    shown: str,
    address: str,
    user_agent: str,
    hours: int,
) -> str:
    """Use an invitation up by linking an identity instead of choosing a password; returns the secret of a session.

    :raise RuleBroken: when the link does not work any more, or the identity opens an account already.
    """
    now = utc_now()
    found = open_invitation(db, hash_token(token), now=now, lock=True)
    if found is None:
        raise RuleBroken(Reason("invitation.not_valid"))
    invitation, user = found
    linked = _link(db, user, provider=provider, issuer=issuer, subject=subject, shown=shown)
    linked.last_used_at = now
    invitation.used_at = now
    end_all_sessions(db, user.id)
    record(
        db,
        acting(user),
        "user.identity_linked",
        user,
        name=user.name,
        changes={"provider": (None, provider)},
    )
    return begin_session(
        db,
        user,
        SignInMethod.PROVIDER,
        address=address,
        user_agent=user_agent,
        hours=hours,
        provider=provider,
    )


def unlink_identity(
    db: Session, actor: Actor, user_id: UUID, identity_id: UUID, *, keep_session_id: UUID | None = None
) -> None:
    """Take an identity away from one's own account or (for administrators) anybody's. Sessions that it opened end.

    :raise NotFound: when there is no such identity for this actor.
    :raise RuleBroken: when its owner would have no way left to log in. An administrator may do that: it is how somebody
        is moved to another provider with a new invitation.
    """
    is_manager = actor.may(Permission.USER_MANAGE)
    if user_id != actor.user_id and not is_manager:
        raise NotFound
    user = account_of(db, user_id, lock=True)
    identity = db.get(UserIdentity, identity_id)
    if identity is None or identity.user_id != user.id:
        raise NotFound
    if user_id == actor.user_id and user.password_hash is None and len(own_identities(db, user_id)) == 1:
        raise RuleBroken(Reason("identity.last_way_in"))
    ending = update(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.provider == identity.provider,
        UserSession.revoked_at.is_(None),
    )
    if keep_session_id is not None:
        ending = ending.where(UserSession.id != keep_session_id)
    db.execute(ending.values(revoked_at=utc_now()))
    db.delete(identity)
    record(
        db,
        actor,
        "user.identity_unlinked",
        user,
        name=user.name,
        changes={"provider": (identity.provider, None)},
    )
    db.flush()


def _link(
    db: Session, user: UserAccount, *, provider: str, issuer: str, subject: str, shown: str
) -> UserIdentity:
    linked = UserIdentity(
        user_id=user.id,
        provider=provider,
        issuer=issuer,
        subject=subject,
        shown=shown,
        created_at=utc_now(),
    )
    try:
        with db.begin_nested():  # so that a refusal leaves the session in use
            db.add(linked)
    except IntegrityError as error:
        raise RuleBroken(Reason("identity.taken")) from error
    return linked
