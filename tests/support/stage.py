"""Fixtures: the world on both databases, made once for a module, and the application on it."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI

from app.main import create_app
from app.platform.db import Database
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.web.shared.pages import Route
from tests.conftest import new_postgres_database
from tests.support.calling import Caller
from tests.support.filling import Filled, forms_of_all_pages
from tests.support.taking_back import OneConnection
from tests.support.world import World, build_world


@dataclass
class Stage:
    """The application on the world. What a request changes is taken back afterwards by whoever sent it."""

    app: FastAPI
    world: World
    database: OneConnection
    store: FileStore
    caller: Caller
    folder: Path

    @property
    def register(self) -> list[Route]:
        """Every route there is."""
        return list(self.app.state.register)

    @cached_property
    def forms(self) -> dict[tuple[str, str], Filled]:
        """Every form of every page, by route and scene."""
        return forms_of_all_pages(self.caller, self.register, self.world)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_original: Path,
    worker_name: str,
) -> Iterator[Stage]:
    """The world, once on each kind of database."""
    folder = tmp_path_factory.mktemp("world")
    if request.param == "sqlite":
        shutil.copy(sqlite_original, folder / "samstyr.db")
        database = Database(f"sqlite:///{folder / 'samstyr.db'}")
        yield from _staged(database, folder)
        database.dispose()
    else:
        with new_postgres_database(f"world_{worker_name}") as database:
            yield from _staged(database, folder)


def _staged(database: Database, folder: Path) -> Iterator[Stage]:
    app = create_app(Settings(data_dir=folder))
    app.state.database.dispose()
    store: FileStore = app.state.store
    with database.writing() as db:
        world = build_world(db, store)
    one = OneConnection(database)
    app.state.database = one
    # Thousands of lines that say a request was answered, or broken on purpose, would hide the one that matters.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with Caller(app) as caller:
        yield Stage(app, world, one, store, caller, folder)
    structlog.reset_defaults()
    one.dispose()
