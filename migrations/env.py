"""Runs the migrations on the connection that the application hands over; see ``app.platform.schema``."""

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

import app.records  # noqa: F401  every table must be known before schemas are compared
from app.platform.db import Base
from app.platform.guards import drop_guards, put_back_guards
from app.platform.logs import log
from app.platform.schema import at_head


def _refuse_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(
            f"the migration would break {len(broken)} references, the first in table {broken[0][0]}"
        )


def _plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain ones below them: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def _run() -> None:
    connection: Connection = context.config.attributes["connection"]
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain_type,
        transaction_per_migration=True,
        on_version_apply=lambda **_: _refuse_broken_references(connection) if is_sqlite else None,
    )
    # Guards hinder migrations, and SQLite would lose them; see app.platform.guards. Where a migration fails on its way,
    # the version that the database is left at makes its own guards when it starts.
    moves = _moves()
    if moves:
        drop_guards(connection)
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    if at_head(connection):
        found = put_back_guards(connection)
        if not moves and (found.missing or found.altered):
            log.warning("guards_put_back", missing=list(found.missing), altered=list(found.altered))
    connection.commit()


def _moves() -> bool:
    """Whether there are steps to take."""
    try:
        wanted = context.get_revision_argument()
    except KeyError:  # a migration is being written: nothing is to be reached
        return False
    heads = (wanted,) if isinstance(wanted, str) else tuple(wanted or ())
    return bool(context.get_context().get_current_heads() != heads)


_run()
