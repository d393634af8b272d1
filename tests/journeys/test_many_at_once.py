"""A hundred people ask at the same moment, against the pool and the threads as they are shipped."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.bench.client import measure
from app.bench.server import HOST, demo_installation, served
from app.platform.db import Database


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, worker_name: str):
    if request.param == "sqlite":
        yield ""
        return
    name = f"samstyr_many_{os.getpid()}_{worker_name}"
    server = Database(os.environ["SAMSTYR_TEST_POSTGRES_URL"])
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(os.environ["SAMSTYR_TEST_POSTGRES_URL"]).set(database=name)
    yield url.set(drivername="postgresql").render_as_string(hide_password=False)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


def test_no_request_fails_when_a_hundred_come_at_once(database_url: str) -> None:
    with demo_installation(database_url) as settings, served(settings, workers=1, path="/login") as site:
        timing = measure(HOST, site.port, "/forums/skate", cookie=site.cookie, requests=400, connections=100)
    assert timing.errors == 0
