"""Every page test may ask for the application on an empty database, and for a forum in it with its people."""

import pytest

from app.access.roles import Role
from tests.factories.cases import make_case
from tests.support.house import House
from tests.support.web import database, web

__all__ = ["database", "web"]


@pytest.fixture
def house(web) -> House:
    return House.build(web)


@pytest.fixture
def secretary(house):
    return house.browser(Role.SECRETARY)


@pytest.fixture
def member(house):
    return house.browser(Role.MEMBER)


@pytest.fixture
def treatment(house):
    with house.writing() as db:
        return make_case(db, house.forum, "Felles kalender")
