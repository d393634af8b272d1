"""Fetching a forum in order to change it, or what hangs under it."""

from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor, require, require_visible
from app.access.permissions import Permission
from app.forums.models import Forum
from app.kernel.errors import Conflict, NotFound


def require_in_forum(actor: Actor, permission: Permission, forum_id: UUID) -> None:
    """Let a command go on only when the actor may.

    :raise NotFound: when the forum does not even exist for the actor.
    :raise NotAllowed: when the actor may see the forum but not do this.
    """
    require_visible(actor.may(Permission.FORUM_READ, forum_id))
    require(actor, permission, forum_id)


def lock_forum(db: Session, forum_id: UUID, *options: ORMOption, version: int | None = None) -> Forum:
    """The forum, locked until the end of the transaction, so that rules about all of it hold.

    :raise NotFound: when there is none.
    :raise Conflict: when a version is given and is not the stored one.
    """
    forum = db.get(Forum, forum_id, options=options, with_for_update=True, populate_existing=True)
    if forum is None:
        raise NotFound
    if version is not None and forum.version != version:
        raise Conflict("forum", stored_version=forum.version)
    return forum
