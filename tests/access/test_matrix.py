"""The one permission table, and what an actor makes of it."""

from uuid import uuid4

import pytest

from app.access.actor import Actor, require
from app.access.matrix import INSTALLATION, MATRIX
from app.access.permissions import Permission
from app.access.roles import FORUM_ROLES, Role
from app.kernel.errors import NotAllowed

FORUM = uuid4()
OTHER = uuid4()


@pytest.mark.parametrize("permission", Permission)
def test_an_administrator_holds_every_permission_everywhere(permission: Permission) -> None:
    admin = Actor(uuid4(), "Ada", is_administrator=True)
    assert admin.may(permission)
    assert admin.may(permission, FORUM)
    assert admin.forums_with(permission) is None
    assert Actor.system().may(permission, FORUM)


@pytest.mark.parametrize("permission", sorted(set(Permission) - MATRIX[Role.SIGNED_IN]))
def test_an_actor_without_roles_holds_nothing(permission: Permission) -> None:
    nobody = Actor(uuid4(), "Ola")
    assert not nobody.may(permission)
    assert not nobody.may(permission, FORUM)
    assert nobody.forums_with(permission) == frozenset()
    with pytest.raises(NotAllowed, match=permission.value):
        require(nobody, permission, FORUM)


def test_whoever_is_signed_in_may_look_up_names() -> None:
    assert Actor(uuid4(), "Ola").may(Permission.DIRECTORY_READ)


@pytest.mark.parametrize("role", FORUM_ROLES)
@pytest.mark.parametrize("permission", sorted(set(Permission) - INSTALLATION))
def test_a_role_counts_in_its_own_forum_only(role: Role, permission: Permission) -> None:
    actor = Actor(uuid4(), "Kari", roles={FORUM: frozenset({role})})
    assert actor.may(permission, FORUM) is (permission in MATRIX[role])
    assert not actor.may(permission, OTHER)
    assert not actor.may(permission)


@pytest.mark.parametrize("role", FORUM_ROLES)
@pytest.mark.parametrize("permission", sorted(set(Permission) - INSTALLATION))
def test_one_forum_and_the_list_of_forums_agree(role: Role, permission: Permission) -> None:
    actor = Actor(uuid4(), "Kari", roles={FORUM: frozenset({role}), OTHER: frozenset({Role.OBSERVER})})
    allowed = {forum for forum in (FORUM, OTHER) if actor.may(permission, forum)}
    assert actor.forums_with(permission) == allowed


@pytest.mark.parametrize("role", FORUM_ROLES)
def test_no_role_in_a_forum_administers_the_installation(role: Role) -> None:
    assert not MATRIX[role] & {Permission.USER_MANAGE, Permission.ACCESS_READ, Permission.FORUM_CREATE}


@pytest.mark.parametrize("role", FORUM_ROLES)
def test_every_role_in_a_forum_may_see_it(role: Role) -> None:
    assert Permission.FORUM_READ in MATRIX[role]


def test_only_insiders_see_drafts() -> None:
    insiders = {role for role, held in MATRIX.items() if Permission.CASE_READ_DRAFT in held}
    assert insiders == {Role.LEADER, Role.SECRETARY, Role.MINUTE_TAKER, Role.ADMINISTRATOR}
