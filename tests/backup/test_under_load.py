"""A backup that is taken while people write, put back on an empty machine."""

import hashlib
import multiprocessing
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.cases.models import Attachment, Treatment
from app.files.models import Blob
from app.forums.models import Forum
from app.platform.db import Database
from app.platform.storage import FileStore
from tests.backup.conftest import Machine, attach
from tests.factories.cases import make_case

WRITERS = 2
FILE = 200_000
ENOUGH = 15  # commands before the backup begins, and again after it has ended


def write_without_pause(url: str, folder: Path, ledger: Path, stop) -> None:
    """Make cases with files, and note each one once it is committed."""
    database, store = Database(url), FileStore(folder)
    with ledger.open("a") as told:
        while not stop.is_set():
            title = f"Sak {uuid4()}"
            try:
                with database.writing() as db:
                    forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
                    case = make_case(db, forum, title)
                    attach(db, store, case.id, title, uuid4().bytes * (FILE // 16))
            except OperationalError:  # the other writer was quicker for ten seconds: nothing is acknowledged
                continue
            told.write(f"{title}\n")
            told.flush()
    database.dispose()


def acknowledged(ledgers: list[Path]) -> list[str]:
    """What was noted until now, whole lines only."""
    return [
        line.rstrip("\n")
        for ledger in ledgers
        if ledger.exists()
        for line in ledger.read_text().splitlines(keepends=True)
        if line.endswith("\n")
    ]


def wait_for_more(ledgers: list[Path]) -> None:
    wanted = len(acknowledged(ledgers)) + ENOUGH
    deadline = time.monotonic() + 60
    while len(acknowledged(ledgers)) < wanted:
        assert time.monotonic() < deadline, "nobody writes any more"
        time.sleep(0.02)


def mismatches(machine: Machine, before: list[str]) -> tuple[list[str], int]:
    """What was acknowledged before and is not there, and the files that are not what their rows say."""
    database = machine.open()
    with database.reading() as db:
        titles = set(db.scalars(select(Treatment.title))) & set(db.scalars(select(Attachment.title)))
        blobs = db.execute(select(Blob.sha256, Blob.size)).all()
    database.dispose()
    wrong = 0
    for sha256, size in blobs:
        content = machine.store.read(sha256)
        wrong += (len(content), hashlib.sha256(content).hexdigest()) != (size, sha256)
    return [title for title in before if title not in titles], wrong


def test_a_backup_waits_for_nobody_who_writes(machine, tmp_path) -> None:
    database = machine.open()
    with database.writing() as db:
        make_case(db, db.scalars(select(Forum).where(Forum.key == "skate")).one(), "Ikke lagret ennå")
        said = machine.samstyr("backup", tmp_path / "backups")
    database.dispose()
    assert said.code == 0, said.err


def test_a_backup_under_load_comes_back_whole(machine, new_machine, tmp_path, capsys) -> None:
    database = machine.open()
    url = database.engine.url.render_as_string(hide_password=False)
    database.dispose()
    ledgers = [tmp_path / f"ledger-{number}" for number in range(WRITERS)]
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    writers = [
        spawn.Process(target=write_without_pause, args=(url, machine.folder, ledger, stop))
        for ledger in ledgers
    ]
    for writer in writers:
        writer.start()
    try:
        wait_for_more(ledgers)
        before, started = acknowledged(ledgers), time.monotonic()
        said = machine.samstyr("backup", tmp_path / "backups")
        taken = time.monotonic() - started
        meanwhile = len(acknowledged(ledgers)) - len(before)
        assert said.code == 0, said.err
        wait_for_more(ledgers)
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=30)
            writer.kill()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS

    other = new_machine()
    started = time.monotonic()
    said = other.samstyr("restore", tmp_path / "backups", "--numbers-as-stored")
    back = time.monotonic() - started
    assert said.code == 0, said.err
    lost, wrong = mismatches(other, before)
    kind = "PostgreSQL" if machine.database_url else "SQLite"
    with capsys.disabled():
        print(
            f"backup under load on {kind}: {len(before)} commands acknowledged before it, {meanwhile} while it was taken "
            f"({taken:.1f} s), lost {len(lost)}, files that differ {wrong}; put back and verified in {back:.1f} s"
        )
    assert (lost, wrong) == ([], 0)
    assert other.samstyr("verify").code == 0
