"""A forum with people in it, and browsers for them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.forums.models import Forum
from app.kernel.language import Language
from tests.factories.forums import make_forum, make_membership
from tests.factories.people import make_person
from tests.factories.users import make_user

HOSTILE = (
    "før\x00etter",
    "før\x0better\x0cslutt",
    "{{ 7*7 }} {% raw %} etter",
    "<script>alert(1)</script><img src=x onerror=alert(1)> etter",
    "\u202eعربي\u202c\u200f etter",
    "👩\u200d👩\u200d👧 \U0010ffff\ufffe etter",
    "a\u0301\u0327 ﬁ İ etter",
    "' OR 1=1 -- etter",
    "%(max)s {0} {x} etter",
)
"""Texts that have broken programs: control characters, templates, HTML, both directions, emoji, noncharacters."""


@dataclass
class House:
    """The forum ``skate`` on a web application."""

    web: Any
    forum: Forum

    @classmethod
    def build(cls, web: Any) -> "House":
        """An empty forum."""
        with web.database.writing() as db:
            return cls(web, make_forum(db, "skate", "Skate"))

    def writing(self) -> Any:
        """A session that is committed at the end of the block."""
        return self.web.database.writing()

    def browser(self, *roles: Role, forum: Forum | None = None, administrator: bool = False) -> TestClient:
        """The browser of somebody with these roles in the forum; of an outsider without any."""
        with self.writing() as db:
            user_id = _person(db, roles, forum or self.forum, administrator=administrator)
        return self.web.client(user_id)


def _person(db: Session, roles: tuple[Role, ...], forum: Forum, *, administrator: bool) -> Any:
    name = ", ".join(roles) or "outsider"
    person = make_person(db, f"Person {name}")
    for role in roles:
        make_membership(db, forum, person.id, role)
    return make_user(
        db,
        f"{uuid4().hex}@example.no",
        name.title(),
        person_id=person.id,
        language=Language.EN,
        is_administrator=administrator,
    )
