"""The record as a chain: no gaps, no forks, nothing that was undone; and whoever tampers with it is found."""

import multiprocessing
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from app.audit import sealing
from app.audit.checkpoint import open_signer, read_checkpoints
from app.audit.models import ENTRIES, TEXTS, AuditEvent, AuditHead
from app.audit.queries.chain import head_of
from app.audit.verify import first_difference, first_fault
from app.platform.clock import utc_now
from app.platform.db import Database
from tests.support import record as tampering
from tests.support.record import ACTOR, act, act_often, at_the_prompt, head

PROCESSES, TIMES = 8, 6
HEAD = AuditHead.__table__


def told(database: Database) -> list[str | None]:
    with database.reading() as db:
        assert first_fault(db) is None
        return list(db.scalars(select(AuditEvent.subject_name).order_by(AuditEvent.seq)))


def test_entries_stand_in_the_order_in_which_things_were_done(database: Database) -> None:
    with database.writing() as db:
        act(db, "first")
        act(db, "second")
    with database.writing() as db:
        act(db, "third")
    assert told(database) == ["first", "second", "third"]
    with database.reading() as db:
        assert db.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq)).all() == [1, 2, 3]
        assert head(db)[0] == 3


def test_what_was_undone_leaves_no_entry_and_no_gap(database: Database) -> None:
    def act_and_fail(db, name: str) -> None:
        act(db, name)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.writing() as db:
        act_and_fail(db, "undone")
    with database.writing() as db:
        act(db, "before")
        with pytest.raises(ZeroDivisionError), db.begin_nested():
            act_and_fail(db, "undone inside")
        with db.begin_nested():
            act(db, "kept inside")
        act(db, "after")
    assert told(database) == ["before", "kept inside", "after"]


def test_who_reads_the_record_sees_the_acts_of_the_same_transaction(database: Database) -> None:
    with database.writing() as db:
        act(db, "first")
        assert db.scalars(select(AuditEvent.subject_name)).all() == ["first"]
        act(db, "second")
    assert told(database) == ["first", "second"]


def test_an_act_in_a_session_that_is_never_committed_is_an_error(database: Database) -> None:
    with pytest.raises(RuntimeError, match="reading"), database.reading() as db:
        act(db, "lost")


def test_any_text_comes_back_as_it_was_hashed(database: Database) -> None:
    with database.writing() as db:
        act(db, 'før\x00etter 👩\u200d👩 a\u0301 \u2028 \\ "', number=(1, 2.5), list=([], ["æ", None, True]))
    assert told(database) == ['føretter 👩\u200d👩 á \\ "']


def test_eight_processes_make_one_chain(database: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    url = database.engine.url.render_as_string(hide_password=False)
    workers = [spawn.Process(target=act_often, args=(url, f"p{n}", TIMES)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    names = told(database)
    wanted = PROCESSES * TIMES * 2
    assert len(names) == len(set(names)) == wanted
    # The acts of one transaction stand together, and every process finds its own in order.
    assert all(a and b and a[:-1] == b[:-1] for a, b in zip(names[::2], names[1::2], strict=True))
    print(f"record: {PROCESSES} processes, {wanted} entries, gaps 0, forks 0, lost 0")


def test_without_the_lock_two_take_the_same_place(
    postgres_empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above: it is the lock on the head that keeps the chain from forking."""
    both_have_read = threading.Barrier(2)

    def look_without_lock(db):
        found = db.get_one(AuditHead, 1)
        both_have_read.wait(timeout=20)
        return found

    monkeypatch.setattr(sealing, "lock_head", look_without_lock)
    refused = []

    def work(name: str) -> None:
        try:
            with postgres_empty.writing() as db:
                act(db, name)
        except IntegrityError:
            refused.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_verifying_is_not_disturbed_by_those_who_go_on_working(database: Database) -> None:
    with database.writing() as db:
        act(db, "before")
    with database.snapshot() as db:
        assert head(db)[0] == 1
        with database.writing() as other:
            act(other, "meanwhile")
        assert first_fault(db) is None
        assert head(db)[0] == 1
    assert told(database) == ["before", "meanwhile"]


def _six_entries(database: Database) -> None:
    for number in range(1, 7):
        with database.writing() as db:
            act(db, f"act {number}")


def _caught(database: Database, checkpoint: str, public_key: str) -> tuple[bool, bool]:
    """Whether verifying finds something: by the chain alone, and with the checkpoint."""
    with database.reading() as db:
        alone = first_fault(db)
        kept = read_checkpoints(checkpoint, public_key)
        return alone is not None, (alone or first_difference(db, kept)) is not None


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_tampering_is_caught(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Six ways: the chain alone misses those that leave a whole chain behind, a checkpoint kept elsewhere none."""
    database: Database = request.getfixturevalue(f"{kind}_empty")
    signer = open_signer(tmp_path)
    caught: dict[str, tuple[bool, bool]] = {}

    def snapshot() -> list[list[dict[str, object]]]:
        with database.reading() as db:
            return [[row._asdict() for row in db.execute(table.select())] for table in (HEAD, ENTRIES, TEXTS)]

    def put_back(rows):
        def restore(connection):
            for table in (TEXTS, ENTRIES, HEAD):
                connection.execute(table.delete())
            for table, its_rows in zip((HEAD, ENTRIES, TEXTS), rows, strict=True):
                connection.execute(insert(table), its_rows)

        at_the_prompt(database, restore)

    _six_entries(database)
    yesterday = snapshot()
    with database.writing() as db:
        act(db, "today's decision")
    today = snapshot()
    with database.reading() as db:
        checkpoint = signer.sign(*(head_of(db) or (0, "")), utc_now())
    assert _caught(database, checkpoint, signer.public_text) == (False, False)  # nothing is wrong yet
    ways = {
        way.__name__: way
        for way in (
            tampering.edit,
            tampering.delete,
            tampering.swap,
            tampering.truncate,
            tampering.rehash,
        )
    }
    for name, way in ways.items():
        at_the_prompt(database, way)
        caught[name] = _caught(database, checkpoint, signer.public_text)
        put_back(today)
        assert _caught(database, checkpoint, signer.public_text) == (False, False)
    put_back(yesterday)
    caught["yesterday"] = _caught(database, checkpoint, signer.public_text)

    with_checkpoint = sum(both for _alone, both in caught.values())
    alone = sum(alone for alone, _both in caught.values())
    print(f"tampering on {kind}: caught {with_checkpoint} of 6 with a checkpoint, {alone} of 6 without")
    assert with_checkpoint == len(caught) == 6
    assert {name for name, (seen, _both) in caught.items() if not seen} == {"truncate", "rehash", "yesterday"}


def test_yesterdays_file_is_caught(sqlite_empty: Database, tmp_path: Path) -> None:
    """The same with the file itself: copied, worked on, and put back."""
    path = Path(str(sqlite_empty.engine.url.database))
    _six_entries(sqlite_empty)
    sqlite_empty.sweep("audit_text")  # everything is in the main file now
    shutil.copy(path, tmp_path / "yesterday.db")
    with sqlite_empty.writing() as db:
        act(db, "today's decision")
    signer = open_signer(tmp_path)
    with sqlite_empty.reading() as db:
        checkpoint = signer.sign(*(head_of(db) or (0, "")), utc_now())
    sqlite_empty.dispose()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday.db", path)
    with sqlite_empty.reading() as db:
        assert first_fault(db) is None
        fault = first_difference(db, read_checkpoints(checkpoint, signer.public_text))
    assert fault is not None
    assert fault.seq == 7
    assert "older copy" in fault.what


@pytest.mark.parametrize(
    ("statement", "seq", "what"),
    [
        ("UPDATE audit_event SET actor_user_id = NULL, request_id = 'x' WHERE seq = 4", 4, "was changed"),
        ("UPDATE audit_text SET subject_name = 'x' WHERE seq = 2", 2, "another text"),
        ("UPDATE audit_text SET changes = '{}' WHERE seq = 2", 2, "another text"),
        ("UPDATE audit_text SET actor_name = 'Ola' WHERE seq = 5", 5, "another name"),
        (
            "UPDATE audit_text SET text_salt = NULL, subject_name = NULL, changes = NULL WHERE seq = 3",
            3,
            "erased",
        ),
        ("UPDATE audit_text SET actor_salt = NULL, actor_name = NULL WHERE seq = 3", 3, "erased"),
        ("DELETE FROM audit_text WHERE seq = 1", 1, "lost its text"),
        ("DELETE FROM audit_head", 6, "head of the chain is gone"),
        ("UPDATE audit_head SET seq = 8", 7, "is missing"),
        ("UPDATE audit_head SET seq = 5", 6, "head"),
    ],
)
def test_the_first_wrong_entry_is_named(database: Database, statement: str, seq: int, what: str) -> None:
    _six_entries(database)
    at_the_prompt(database, lambda connection: connection.execute(text(statement)))
    with database.reading() as db:
        fault = first_fault(db)
    assert fault is not None
    assert (fault.seq, what in fault.what) == (seq, True), fault
    assert ACTOR.name not in fault.what
