"""The application: settings in, a served app out."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from anyio import to_thread
from fastapi import FastAPI

from app.identity.providers import Providers
from app.platform.db import Database
from app.platform.keys import InstallationKeys
from app.platform.logs import configure_logs
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.web.router import all_pages
from app.web.shared import problems
from app.web.shared.addresses import STATIC, Addresses
from app.web.shared.headers import AnswerHeaders
from app.web.shared.origin import SameOriginCommands
from app.web.shared.static_files import KeptFiles
from app.web.shared.templating import Templates
from app.web.shared.worker import settle


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    settle(settings.threads)
    if settings.jobs == "thread":
        from app.handlers import job_worker  # loads what the handlers need: after the application itself

        worker = job_worker(app.state.database, app.state.store, settings)
        worker.start()
        yield
        await to_thread.run_sync(partial(worker.stop, patience=settings.shutdown_seconds))
    else:
        yield
    app.state.database.dispose()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application. Opens no connection yet, so it may be called before workers are started."""
    settings = settings or Settings()
    app = FastAPI(
        title="Samstyr",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.database = Database(settings.resolved_database_url)
    app.state.store = FileStore(settings.data_dir)
    app.state.keys = InstallationKeys(settings.data_dir)
    app.state.providers = Providers(settings.oidc)
    register = []
    for pages in all_pages():
        app.include_router(pages.router)
        register.extend(pages.register)
    app.state.register = register
    app.state.templates = Templates(Addresses(register))
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    problems.install(app)
    app.add_middleware(problems.FaultsAsPages)
    app.add_middleware(SameOriginCommands, public_origin=settings.public_origin, refuse=problems.cross_site)
    app.add_middleware(AnswerHeaders, strict_transport=settings.secure_cookies)
    return app


def served() -> FastAPI:
    """The application as a worker process runs it: with logs set up."""
    settings = Settings()
    configure_logs(as_json=settings.log_json)
    # Uploads are spooled on the disk that they will lie on: one that is large enough, and watched.
    with suppress(OSError):  # /readyz says so when the folder takes nothing
        tempfile.tempdir = str(FileStore(settings.data_dir).temporary())
    return create_app(settings)
