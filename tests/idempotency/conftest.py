"""The application on both databases, unlike other page tests: what happens at once differs between them."""

import pytest

from tests.support.house import House
from tests.support.web import web

__all__ = ["web"]


@pytest.fixture
def house(web):
    return House.build(web)
