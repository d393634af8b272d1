"""The one owner of engines and transactions.

Nothing else commits. SQLite runs in WAL with full syncs, writers begin with BEGIN IMMEDIATE, and an engine refuses to be
used in another process than the one that made it: a connection carried through a fork loses acknowledged commits.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, MetaData, Uuid, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
_READ_ONLY = "samstyr_read_only"
SLOWEST_STATEMENT_MS = 30_000
_NO_LIMIT = -1  # the threads of a worker are what limits its connections; a pool below them would only refuse


class Base(DeclarativeBase):
    """The root of every table, with constraint names that both databases and the migrations agree on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identified:
    """A random id: it tells nothing of how many there are, and nobody finds the next one by counting."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)


class Versioned:
    """A counter on what people edit; a save from a stale page is refused."""

    version: Mapped[int] = mapped_column(default=1)


class Database:
    """An engine and its two kinds of session."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(parsed) if self.is_sqlite else _postgres_engine(parsed)
        _guard_against_fork(self.engine)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._read = sessionmaker(
            self.engine.execution_options(**{_READ_ONLY: True}),
            expire_on_commit=False,
            info={_READ_ONLY: True},
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never writes. SQLite readers do not wait for writers.

        :raise RuntimeError: when something tries to write through it.
        """
        with self._read() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A reading session that sees one moment, however long it reads and whatever others commit meanwhile."""
        with self._read() as session:
            if not self.is_sqlite:  # where every reading transaction is one
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                session.execute(text("SET LOCAL statement_timeout = 0"))
                session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield session

    @contextmanager
    def exported_snapshot(self) -> Iterator[tuple[Session, str]]:
        """PostgreSQL: a snapshot, and the name by which other programs see the same moment."""
        with self.snapshot() as session:
            yield session, session.execute(text("SELECT pg_export_snapshot()")).scalar_one()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or rolled back when the block raises."""
        with self._write.begin() as session:
            yield session

    def copy_to(self, target: Path) -> None:
        """SQLite: write a compact copy of one moment, while others read and write. The file must not exist."""
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()

    def sweep(self, *tables: str) -> None:
        """Overwrite the space that erased rows of the tables took. In SQLite the whole file is written anew."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in tables:
                    connection.exec_driver_sql(f"VACUUM FULL {table}")
                return
            connection.exec_driver_sql("COMMIT")  # neither runs inside a transaction
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")

    def dispose(self) -> None:
        """Close every connection. Needed before a fork and at the end of the process."""
        self.engine.dispose()


@contextmanager
def reading_copy(path: Path) -> Iterator[Session]:
    """A session on an SQLite file that nobody writes to, opened without changing a byte of it."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True),
    )
    with Session(engine) as session:
        yield session
    engine.dispose()


def cannot_store(error: DBAPIError) -> bool:
    """Whether the database answers but has no room, or a disk that takes nothing. Reading may go on then."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the rest says in which file
    return code in _NO_ROOM or getattr(error.orig, "sqlstate", "") == "53100"


@event.listens_for(Session, "before_flush")
def _refuse_writes_in_reading(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get(_READ_ONLY) and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a reading session was asked to write")


def insert_if_new(session: Session, table: type[Base]) -> Any:
    """An insert that leaves a row alone which is there already; who comes second waits for the first.

    Each database has an insert of its own for that.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


def refuse_when_reading(session: Session) -> None:
    """For what is written later than it is asked for.

    :raise RuntimeError: when the session never writes.
    """
    if session.info.get(_READ_ONLY):
        raise RuntimeError("a reading session was asked to write")


def _sqlite_engine(url: Any) -> Engine:
    # Errors go into the log; what people wrote does not go with them.
    engine = create_engine(url, connect_args={"timeout": 10}, max_overflow=_NO_LIMIT, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transaction handling breaks DDL and begins too late; ours starts in the "begin" hook.
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "journal_size_limit=67108864",
            "mmap_size=0",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(_READ_ONLY)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: Any) -> Engine:
    options = (
        f"-c statement_timeout={SLOWEST_STATEMENT_MS} -c lock_timeout=10000 "
        "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    return create_engine(
        url,
        connect_args={"options": options},
        pool_pre_ping=True,
        max_overflow=_NO_LIMIT,
        hide_parameters=True,
    )


def _guard_against_fork(engine: Engine) -> None:
    owner = os.getpid()

    @event.listens_for(engine, "checkout")
    def _same_process(_connection: Any, _record: Any, _proxy: Any) -> None:
        if os.getpid() != owner:
            raise RuntimeError("a database connection made before a fork must not be used after it")
