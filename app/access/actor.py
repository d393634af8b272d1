"""Who asks: a user with the roles that hold today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.access.matrix import INSTALLATION, MATRIX
from app.access.permissions import Permission
from app.access.roles import Role
from app.kernel.errors import NotAllowed, NotFound
from app.kernel.language import Language


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller. Rights are never stored: they follow from roles, and roles from memberships that hold today."""

    user_id: UUID | None
    name: str
    person_id: UUID | None = None
    language: Language = Language.NB
    is_administrator: bool = False
    roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)

    @classmethod
    def system(cls, name: str = "samstyr") -> "Actor":
        """The operator at the command line, who owns the machine and may do everything."""
        return cls(user_id=None, name=name, is_administrator=True)

    def may(self, permission: Permission, forum_id: UUID | None = None) -> bool:
        """Whether the table allows it, in this forum or (for the installation's permissions) at all."""
        if self.is_administrator:
            return permission in MATRIX[Role.ADMINISTRATOR]
        if permission in INSTALLATION:
            held = {role for roles in self.roles.values() for role in roles} | {Role.SIGNED_IN}
        else:
            held = set(self.roles.get(forum_id, ())) if forum_id else set()
        return any(permission in MATRIX[role] for role in held)

    def forums_with(self, permission: Permission) -> frozenset[UUID] | None:
        """The forums in which the actor has the permission; None means every forum."""
        if self.is_administrator:
            return None
        return frozenset(forum_id for forum_id in self.roles if self.may(permission, forum_id))


def require(actor: Actor, permission: Permission, forum_id: UUID | None = None) -> None:
    """Let a command go on only when the actor may.

    :raise NotAllowed: when the table says no.
    """
    if not actor.may(permission, forum_id):
        raise NotAllowed(permission.value)


def require_visible(visible: bool) -> None:
    """What an actor may not read does not exist.

    :raise NotFound: when it is not visible.
    """
    if not visible:
        raise NotFound
