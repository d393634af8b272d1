"""Browsers for people with a role in a forum."""

from typing import Any

from fastapi.testclient import TestClient

from app.access.roles import Role
from app.forums.models import Forum
from app.kernel.language import Language
from tests.factories.forums import make_membership
from tests.factories.people import make_person
from tests.factories.users import make_user


def browser_as(web: Any, role: Role | None, *forums: Forum, name: str = "") -> TestClient:
    """The browser of somebody with the role in these forums; of an outsider without one. It speaks English."""
    name = name or (f"Person {role.value}" if role else "Person outside")
    with web.database.writing() as db:
        person = make_person(db, name)
        if role and role is not Role.ADMINISTRATOR:
            for forum in forums:
                make_membership(db, forum, person.id, role)
        user = make_user(
            db,
            f"{name.casefold().replace(' ', '.')}@example.no",
            name,
            person_id=person.id,
            language=Language.EN,
            is_administrator=role is Role.ADMINISTRATOR,
        )
    return web.client(user)
