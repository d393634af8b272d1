"""Pages through the client: an application on an empty database, and signed-in browsers for it."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.identity.models import UserAccount, UserSession
from app.main import create_app
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.settings import Settings


@pytest.fixture(params=os.environ.get("SAMSTYR_TEST_PAGES_ON", "sqlite").split(","))
def database(request: pytest.FixtureRequest) -> Database:
    """Pages run on SQLite; ``make test-long`` runs them on PostgreSQL too. Services always run on both."""
    return request.getfixturevalue(f"{request.param}_empty")


class Web:
    """The application under test."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.app = app
        self.database = database

    def client(self, user: UserAccount | None = None) -> TestClient:
        """A browser; signed in when a user is given. Redirects are not followed."""
        client = TestClient(
            self.app,
            follow_redirects=False,
            headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
            raise_server_exceptions=True,
        )
        if user is not None:
            token = token_urlsafe(32)
            now = utc_now()
            with self.database.writing() as db:
                db.add(
                    UserSession(
                        token_hash=hashlib.sha256(token.encode()).hexdigest(),
                        user_id=user.id,
                        created_at=now,
                        last_seen_at=now,
                        expires_at=now + timedelta(hours=12),
                    )
                )
            client.cookies.set("samstyr", token)
        return client


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Web:
    """The application on an empty database, with a data folder of its own."""
    settings = Settings(data_dir=tmp_path / "data")
    app = create_app(settings)
    app.state.database.dispose()
    app.state.database = database
    return Web(app, database)
