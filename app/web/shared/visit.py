"""One request at work: its session of the database and its caller.

A handler runs as one unit of work in one thread: the session is opened, the caller identified, the handler called and the
work committed, and only then does the answer leave. Were these separate dependencies, a request would keep its connection
(in SQLite: the write lock) while it waits for a thread, and a hundred requests could stop each other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.matrix import INSTALLATION
from app.access.permissions import Permission
from app.forums import queries as forums
from app.identity.providers import Providers
from app.identity.rules import TotpRequired
from app.identity.service.sessions import SignedIn, find_session, touch_session
from app.kernel.errors import NotFound, SamstyrError
from app.kernel.language import Language
from app.platform.clock import today, utc_now
from app.platform.db import Database
from app.platform.i18n import negotiate
from app.platform.keys import InstallationKeys
from app.platform.logs import log
from app.platform.settings import Settings
from app.platform.storage import FileStore

PUBLIC = "public"
SIGNED_IN = "signed_in"
Access = Permission | str  # a permission, or one of the two words above
_WAY_TO_CODES = {"account:second_factor", "account:set_up_second_factor"}
_TOUCH_AFTER = timedelta(seconds=60)


class SignInNeeded(SamstyrError):
    """The caller is nobody we know. Answered alike for what exists and what does not."""


class SetUpNeeded(SamstyrError):
    """The caller must set up codes from an app before anything else."""


class Visit:
    """What a handler knows of its request. ``db`` and ``actor`` are there while the handler runs."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.settings = cast(Settings, request.app.state.settings)
        self.database = cast(Database, request.app.state.database)
        self.store = cast(FileStore, request.app.state.store)
        self.keys = cast(InstallationKeys, request.app.state.keys)
        self.providers = cast(Providers, request.app.state.providers)
        self.signed_in: SignedIn | None = None
        self._db: Session | None = None
        self._actor: Actor | None = None
        self._renewed = ""
        self._readings: list[Callable[[Session, Actor], None]] = []

    @property
    def db(self) -> Session:
        """The session of this unit of work.

        :raise RuntimeError: outside it.
        """
        if self._db is None:
            raise RuntimeError("no unit of work is open")
        return self._db

    @property
    def actor(self) -> Actor:
        """The signed-in caller.

        :raise SignInNeeded: when there is none.
        """
        if self._actor is None:
            raise SignInNeeded
        return self._actor

    @property
    def actor_if_any(self) -> Actor | None:
        """The signed-in caller, or None on a public page seen by a stranger."""
        return self._actor

    @property
    def language(self) -> Language:
        """The caller's language; a stranger's browser is asked."""
        if self._actor is not None:
            return self._actor.language
        return negotiate(self.request.headers.get("accept-language"))

    @property
    def address(self) -> str:
        """The caller's network address, as the server or its trusted proxy says."""
        return self.request.client.host if self.request.client else ""

    @property
    def session_token(self) -> str:
        """The secret of the session cookie, or nothing."""
        return self._renewed or self.request.cookies.get(cookie_name(self.settings), "")

    def go_on_with(self, token: str) -> None:
        """Take this for the secret of the session: the cookie is from before it was renewed."""
        self._renewed = token

    @property
    def must_set_up_codes(self) -> bool:
        """Whether the caller logged in with a password alone, where this installation wants more."""
        return self.signed_in is not None and TotpRequired(self.settings.require_totp).concerns(
            self.signed_in.method, is_administrator=self.signed_in.is_administrator
        )

    @property
    def _route_name(self) -> str:
        return getattr(self.request.scope.get("route"), "name", "")

    def note_reading(self, write: Callable[[Session, Actor], None]) -> None:
        """Have a reading written down, by a function of a session and the caller, before the answer leaves.

        A page reads in a session that cannot write; so this waits until that is closed. When it cannot be written, the
        page is not shown either.
        """
        self._readings.append(write)

    @contextmanager
    def unit_of_work(self, *, writes: bool, access: Access) -> Iterator[Session]:
        """Open a session, identify the caller, ask for the access; commit at the end, or roll back.

        :raise SignInNeeded: when the page is not public and the caller is nobody.
        :raise SetUpNeeded: when the caller must set up codes first, and this is not the page for it.
        :raise NotFound: when the page asks for a right in the installation that the caller does not have.
        """
        stale = False
        self._readings.clear()
        with self.database.writing() if writes else self.database.reading() as db:
            self._db = db
            try:
                stale = self._identify(db)
                self._admit(access)
                yield db
                if writes:
                    self._write_readings(db)
            finally:
                self._db = None
        self.finish_readings()
        if stale:
            self._touch()

    def _touch(self) -> None:
        if self.signed_in is not None:
            try:
                with self.database.writing() as db:
                    touch_session(db, self.signed_in.session_id)
            except OperationalError:
                # A full disk keeps nobody from reading; the session counts as unused a little longer.
                log.warning("session_not_touched", exc_info=True)

    def finish_readings(self) -> None:
        """Write down what has been read, in a unit of work of its own; for an answer that refuses and yet tells."""
        if self._readings:
            with self.database.writing() as db:
                self._write_readings(db)

    def _write_readings(self, db: Session) -> None:
        for write in self._readings:
            write(db, self.actor)
        self._readings.clear()

    def identify(self) -> None:
        """Find out who calls, outside a unit of work; for error pages."""
        with self.database.reading() as db:
            self._identify(db)

    @contextmanager
    def as_anybody(self, actor: Actor) -> Iterator[None]:
        """A reading visit by a caller whom nobody has asked to sign in; for measuring pages without that."""
        with self.database.reading() as db:
            self._db, self._actor = db, actor
            try:
                yield
            finally:
                self._db = None

    def _identify(self, db: Session) -> bool:
        if not self.session_token:
            return False
        found = find_session(db, self.session_token, idle_minutes=self.settings.session_idle_minutes)
        if found is None:
            return False
        self.signed_in = found
        self._actor = Actor(
            user_id=found.user_id,
            name=found.name,
            person_id=found.person_id,
            language=found.language,
            is_administrator=found.is_administrator,
            roles=forums.roles_of(db, found.person_id, today()) if found.person_id else {},
        )
        return utc_now() - found.last_seen_at > _TOUCH_AFTER

    def _admit(self, access: Access) -> None:
        if access == PUBLIC:
            return
        if self.must_set_up_codes and self._route_name not in _WAY_TO_CODES:
            raise SetUpNeeded
        if access in INSTALLATION and not self.actor.may(Permission(access)):
            raise NotFound
        # Everything else is decided by the query or the service, for the very object asked for.
        _ = self.actor


async def _visit(request: Request) -> Visit:
    return Visit(request)


CurrentVisit = Annotated[Visit, Depends(_visit)]


def cookie_name(settings: Settings) -> str:
    """The session cookie. Browsers hold ``__Host-`` cookies to TLS, this host and the root path."""
    return "__Host-samstyr" if settings.secure_cookies else "samstyr"


def sign_in_address(request: Request) -> str:
    """Where a stranger is sent; the same for every address, whether it exists or not."""
    if request.method != "GET" or request.url.path == "/":
        return "/login"
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/login?next={quote(wanted, safe='/')}"
