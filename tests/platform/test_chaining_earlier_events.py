"""The migration that chains the record takes earlier events along, and gives them back on the way down."""

import json
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import text

from app.audit.queries import history, installation_history
from app.audit.verify import first_fault
from app.platform.db import Database
from app.platform.schema import alembic_config, migrate, rebuilding
from tests.support.record import act

BEFORE, CHAINED = "1b818e372f7c", "94c8011a7b4e"
FORUM = "0b5b1d1c4a5e4f4d8e0f6f0a3c1d2e3f"
EVENTS: list[dict[str, Any]] = [
    {"seq": 3, "name": 'første 👩 " \\', "changes": {"title": ["Å", "Æ"], "n": [1, 2.5]}},
    {"seq": 4, "name": "", "changes": {}},
    {"seq": 9, "name": "etter et hull", "changes": {"lines": [None, [["a", True, None]]]}},
]


def to(database: Database, revision: str, *, down: bool = False) -> None:
    config = alembic_config()
    with rebuilding(database) as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def stored(database: Database) -> list[tuple[Any, ...]]:
    wanted = "SELECT seq, actor_name, subject_name, action, changes FROM audit_event ORDER BY seq"
    with database.reading() as db:
        rows = db.execute(text(wanted)).all()
    return [
        (*row[:-1], json.loads(row.changes) if isinstance(row.changes, str) else row.changes) for row in rows
    ]


@pytest.fixture
def earlier(database: Database) -> Database:
    """A database of an earlier version, with events in it and a gap in their numbers."""
    to(database, BEFORE, down=True)
    with database.writing() as db:
        for event in EVENTS:
            db.execute(
                text(
                    "INSERT INTO audit_event (seq, at, action, actor_name, subject_type, subject_name, forum_id, "
                    "changes, request_id) VALUES (:seq, '2026-11-20 10:00:00.000000', 'forum.changed', 'Kari', "
                    "'forum', :name, :forum, :changes, '')"
                ),
                {**event, "changes": json.dumps(event["changes"]), "forum": FORUM},
            )
    return database


def test_earlier_events_are_chained_in_their_order(earlier: Database) -> None:
    migrate(earlier)
    with earlier.writing() as db:
        act(db, "the first act of this version")
    with earlier.reading() as db:
        assert first_fault(db) is None
        lines = [
            (line.seq, line.actor_name, line.subject_name, line.changes)
            for line in history(db, forum_id=UUID(FORUM))
        ]
        assert [line.seq for line in installation_history(db)] == [4]
    wanted = [(n, "Kari", event["name"], event["changes"]) for n, event in enumerate(EVENTS, 1)]
    assert lines == wanted[::-1]


def test_the_way_down_loses_nothing_and_events_go_on(earlier: Database) -> None:
    migrate(earlier)
    to(earlier, BEFORE, down=True)
    wanted = [
        (n, "Kari", event["name"], "forum.changed", event["changes"]) for n, event in enumerate(EVENTS, 1)
    ]
    assert stored(earlier) == wanted
    with earlier.writing() as db:
        db.execute(
            text(
                "INSERT INTO audit_event (at, action, actor_name, subject_type, subject_name, changes, request_id) "
                "VALUES ('2026-11-21 10:00:00.000000', 'x', '', 'forum', 'y', '{}', '')"
            )
        )
    assert [row[0] for row in stored(earlier)] == [1, 2, 3, 4]
    migrate(earlier)
    with earlier.reading() as db:
        assert first_fault(db) is None
