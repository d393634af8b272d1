"""Bare pages: the case and the meeting with the same SQL and the same template, but no sign-in and no access.

What the real pages cost more is the price of knowing who asks.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import FastAPI, Request, Response

from app.access.actor import Actor
from app.identity.providers import Providers
from app.platform.db import Database
from app.platform.keys import InstallationKeys
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.web.cases.show import show as show_case
from app.web.meetings.routes import show as show_meeting
from app.web.router import all_pages
from app.web.shared.addresses import Addresses
from app.web.shared.templating import Templates
from app.web.shared.visit import Visit
from app.web.shared.worker import settle

ANYBODY = Actor.system("bench")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settle(app.state.settings.threads)
    yield
    app.state.database.dispose()


def served() -> FastAPI:
    """The bare pages as a worker process runs them."""
    settings = Settings()
    app = FastAPI(openapi_url=None, lifespan=_lifespan)
    app.state.settings = settings
    app.state.database = Database(settings.resolved_database_url)
    app.state.store = FileStore(settings.data_dir)
    app.state.keys = InstallationKeys(settings.data_dir)
    app.state.providers = Providers(settings.oidc)
    app.state.templates = Templates(Addresses([route for pages in all_pages() for route in pages.register]))

    @app.get("/cases/{case_id}")
    def case(request: Request, case_id: UUID) -> Response:
        visit = Visit(request)
        with visit.as_anybody(ANYBODY):
            return show_case(visit, case_id)

    @app.get("/meetings/{meeting_id}")
    def meeting(request: Request, meeting_id: UUID) -> Response:
        visit = Visit(request)
        with visit.as_anybody(ANYBODY):
            return show_meeting(visit, meeting_id)

    return app
