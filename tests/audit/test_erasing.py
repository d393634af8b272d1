"""Erasing names and texts: nothing of them is left, and the chain still holds."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.audit.models import AuditEntry
from app.audit.queries import history
from app.audit.queries.chain import entries
from app.audit.service import record
from app.audit.service.erase import Erased, erase_entry, erase_person
from app.audit.verify import first_fault
from app.kernel.errors import NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from tests.factories.users import make_user
from tests.support.record import ACTOR, act, at_the_prompt

CANARY = "Kanarifugl"
NAME = f"Kari {CANARY}"
OPERATOR = Actor.system("operator")


def busy_person(database: Database) -> tuple[Actor, dict[str, int]]:
    """Somebody who acted twice, was acted on once, and is named in one more entry."""
    with database.writing() as db:
        user = make_user(db, f"{CANARY.lower()}@example.no", NAME, with_password=False)
        person = Actor(user.id, NAME)
        record(db, person, "thing.done", AuditEntry, name="a case", changes={"text": ("old", "new")})
        record(db, person, "user.changed", user, name=NAME, changes={"email": (None, user.email)})
        record(db, ACTOR, "user.changed", user, name=NAME)
        record(
            db, ACTOR, "case.edited", AuditEntry, name="a case", changes={"presenters": ("", f"Difi/{NAME}")}
        )
        act(db, "somebody else's")
    return person, {"acted": 1, "on herself": 2, "acted on": 3, "named": 4}


def erase(database: Database, person: Actor, *, mentions: bool) -> Erased:
    with database.writing() as db:
        assert person.user_id
        return erase_person(
            db,
            OPERATOR,
            user_id=person.user_id,
            subject_ids=(),
            words=(NAME, f"{CANARY.lower()}@example.no"),
            mentions=mentions,
            reason="the law",
        )


def test_the_name_goes_and_what_was_done_stays(database: Database) -> None:
    person, seqs = busy_person(database)
    erased = erase(database, person, mentions=False)
    assert erased == Erased(names=(1, 2), texts=(2, 3), kept=(seqs["named"],))
    with database.reading() as db:
        assert first_fault(db) is None
        lines = {line.seq: line for line in history(db)}
    assert (lines[1].actor_name, lines[1].changes) == (None, {"text": ["old", "new"]})
    assert (lines[3].actor_name, lines[3].subject_name, lines[3].changes) == (ACTOR.name, None, None)
    assert lines[6].changes == {"names": [None, [1, 2]], "texts": [None, [2, 3]], "reason": [None, "the law"]}


def test_nothing_is_left_of_it_in_the_record(database: Database) -> None:
    person, _seqs = busy_person(database)
    erased = erase(database, person, mentions=True)
    assert erased.kept == ()
    database.sweep("audit_text")
    with database.reading() as db:
        assert first_fault(db) is None
        left = [row for row in entries(db) if CANARY.casefold() in str(tuple(row)).casefold()]
    print(f"erased: leftovers {len(left)}, the chain holds")
    assert left == []


def test_nothing_is_left_of_it_in_the_file(sqlite_empty: Database) -> None:
    """Also not in the space that the database has given up, nor in its log."""
    person, _seqs = busy_person(sqlite_empty)
    erase(sqlite_empty, person, mentions=True)
    with sqlite_empty.writing() as db:
        db.execute(text("DELETE FROM user_account"))  # which held the name too, and is no part of the record
    path = Path(str(sqlite_empty.engine.url.database))
    sqlite_empty.sweep("audit_text")
    files = [path, *path.parent.glob(f"{path.name}-*")]
    assert [each.name for each in files if CANARY.casefold().encode() in each.read_bytes().lower()] == []


def test_without_sweeping_the_file_still_holds_it(sqlite_empty: Database) -> None:
    """The twin: that is why the command sweeps."""
    person, _seqs = busy_person(sqlite_empty)
    erase(sqlite_empty, person, mentions=True)
    path = Path(str(sqlite_empty.engine.url.database))
    files = [path, *path.parent.glob(f"{path.name}-wal")]
    assert any(CANARY.encode() in each.read_bytes() for each in files)


def test_erasing_that_nobody_wrote_down_is_found(database: Database) -> None:
    busy_person(database)
    wipe = "UPDATE audit_text SET text_salt = NULL, subject_name = NULL, changes = NULL WHERE seq = 4"
    with database.writing() as db:
        db.execute(text(wipe))  # the guards let it pass: it only takes away
    with database.reading() as db:
        fault = first_fault(db)
    assert fault is not None
    assert (fault.seq, "nothing says" in fault.what) == (4, True)


def test_one_entry_can_be_erased_and_an_act_of_erasing_cannot(database: Database) -> None:
    busy_person(database)
    with database.writing() as db:
        assert erase_entry(db, OPERATOR, 4, reason="the law") == Erased((4,), (4,))
    for seq, code in ((4, "erase.done"), (6, "erase.of_erasing")):
        with pytest.raises(RuleBroken, match=code), database.writing() as db:
            erase_entry(db, OPERATOR, seq, reason="again")
    with pytest.raises(NotFound), database.writing() as db:
        erase_entry(db, OPERATOR, 99, reason="the law")
    with database.reading() as db:
        assert first_fault(db) is None


def test_what_was_erased_and_why_stays(database: Database) -> None:
    busy_person(database)
    with database.writing() as db:
        erase_entry(db, OPERATOR, 4, reason="the law")
    wipe = "UPDATE audit_text SET text_salt = NULL, subject_name = NULL, changes = NULL WHERE seq = 6"
    with pytest.raises(Exception, match="stays"), database.writing() as db:
        db.execute(text(wipe))
    at_the_prompt(database, lambda connection: connection.execute(text(wipe)))
    with database.reading() as db:
        fault = first_fault(db)
    assert fault is not None
    assert fault.seq == 4


@pytest.mark.parametrize(("reason", "code"), [(" ", "erase.no_reason"), (f"for {NAME}", "erase.names_it")])
def test_a_reason_is_needed_and_names_nobody(sqlite_empty: Database, reason: str, code: str) -> None:
    with pytest.raises(RuleBroken, match=code), sqlite_empty.writing() as db:
        erase_person(
            db, OPERATOR, user_id=uuid4(), subject_ids=(), words=(NAME,), mentions=False, reason=reason
        )


def test_only_those_who_run_the_installation_erase(sqlite_empty: Database) -> None:
    with pytest.raises(NotAllowed), sqlite_empty.writing() as db:
        erase_entry(db, Actor(uuid4(), "Somebody"), 1, reason="because")
