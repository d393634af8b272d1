"""What the databases themselves refuse, and that they go on refusing it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit.verify import first_fault
from app.platform.db import Database
from app.platform.guards import guard_names, look_at_guards, mend_guards, missing_triggers
from app.platform.schema import migrate
from tests.support.record import act, at_the_prompt

REFUSED = (
    "UPDATE audit_event SET action = 'x' WHERE seq = 1",
    "UPDATE audit_event SET hash = hash WHERE seq = 1",
    "DELETE FROM audit_event WHERE seq = 2",
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 2",
    "UPDATE audit_text SET subject_name = 'x' WHERE seq = 1",
    "UPDATE audit_text SET actor_name = 'x' WHERE seq = 1",
    "UPDATE audit_text SET seq = 9 WHERE seq = 1",
    "UPDATE audit_text SET text_salt = NULL WHERE seq = 1",  # half an erasing could never be verified
    "DELETE FROM audit_text WHERE seq = 1",
    "INSERT INTO audit_text SELECT * FROM audit_text WHERE seq = 1",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET seq = 1",
    "INSERT INTO audit_head VALUES (1, 9, 'x')",
)
ONLY_SQLITE = (
    "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 2",
    "UPDATE OR REPLACE audit_text SET seq = 2 WHERE seq = 1",
    "INSERT OR REPLACE INTO audit_head SELECT * FROM audit_head",
)
ONLY_POSTGRES = (
    "TRUNCATE audit_event CASCADE",
    "TRUNCATE audit_text",
    "TRUNCATE audit_head",
    "INSERT INTO audit_head SELECT * FROM audit_head ON CONFLICT (id) DO UPDATE SET seq = 0",
)


def two_entries(database: Database) -> None:
    with database.writing() as db:
        act(db, "first")
        act(db, "second")


def is_refused(database: Database, statement: str) -> bool:
    try:
        with database.writing() as db:
            db.execute(text(statement))
    except DBAPIError as error:
        return "record" in str(error.orig)
    return False


def test_the_record_is_only_added_to(database: Database) -> None:
    two_entries(database)
    statements = (*REFUSED, *(ONLY_SQLITE if database.is_sqlite else ONLY_POSTGRES))
    done = [statement for statement in statements if not is_refused(database, statement)]
    assert done == []
    with database.reading() as db:
        assert first_fault(db) is None
    print(f"guards: {len(statements)} statements against the record refused")


def test_without_guards_the_same_statements_are_done(sqlite_empty: Database) -> None:
    """The twin: nothing else keeps them off."""
    two_entries(sqlite_empty)
    at_the_prompt(sqlite_empty, lambda connection: connection.execute(text(REFUSED[0])))
    with sqlite_empty.reading() as db:
        assert first_fault(db) is not None


def test_every_guard_is_there_after_the_migrations(database: Database) -> None:
    with database.reading() as db:
        assert missing_triggers(db.connection()) == []
    assert len(guard_names(is_sqlite=database.is_sqlite)) > 30


def test_a_missing_guard_is_made_again_at_the_start(database: Database) -> None:
    name = "guard_audit_event_delete"
    drop(database, name)
    with database.reading() as db:
        assert look_at_guards(db.connection()).missing == (name,)
    assert mend_guards(database) == ()
    with database.reading() as db:
        assert missing_triggers(db.connection()) == []


ALTERED = {
    "sqlite": (
        "DROP TRIGGER guard_audit_event_delete",
        "CREATE TRIGGER guard_audit_event_delete BEFORE DELETE ON audit_event BEGIN SELECT 1; END",
    ),
    "postgres": (
        "CREATE OR REPLACE FUNCTION guard_audit_event_delete() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN RETURN OLD; END$$",
    ),
    "postgres off": ("ALTER TABLE audit_event DISABLE TRIGGER guard_audit_event_delete",),
    "postgres held back": (
        "DROP TRIGGER guard_audit_event_delete ON audit_event",
        "CREATE TRIGGER guard_audit_event_delete BEFORE DELETE ON audit_event FOR EACH ROW WHEN (false) "
        "EXECUTE FUNCTION guard_audit_event_delete()",
    ),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_guard_is_named_and_put_back_by_the_migrations(
    how: str, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(f"{how.split(maxsplit=1)[0]}_empty")
    with database.writing() as db:
        for statement in ALTERED[how]:
            db.execute(text(statement))
    assert mend_guards(database) == ("guard_audit_event_delete",)  # named, not mended by itself
    migrate(database)
    assert mend_guards(database) == ()


def test_guards_outlive_the_way_down_and_up(database: Database) -> None:
    wanted = set(guard_names(is_sqlite=database.is_sqlite))
    migrate(database, "base")
    assert triggers(database) == set()
    migrate(database)
    lost = wanted - triggers(database)
    print(f"migrations down and up: triggers lost {len(lost)} of {len(wanted)}")
    assert not lost


def drop(database: Database, name: str) -> None:
    on = "" if database.is_sqlite else " ON audit_event"
    with database.writing() as db:
        db.execute(text(f"DROP TRIGGER {name}{on}"))


def triggers(database: Database) -> set[str]:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.reading() as db:
        return set(db.scalars(text(names)))
