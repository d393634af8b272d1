"""``verify``, ``checkpoint`` and ``audit erase`` as an operator types them."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.platform.db import Database
from app.platform.storage import FileStore
from tests.cli.conftest import Samstyr
from tests.support.record import at_the_prompt, rehash, truncate


@pytest.fixture
def installed(samstyr: Samstyr, tmp_path: Path) -> Path:
    """An installation with a person in it, and so with entries in its record."""
    assert samstyr("migrate").code == 0
    assert samstyr("user", "add", "kari@example.no", "--name", "Kari Nordmann", "--admin").code == 0
    assert samstyr("user", "add", "ola@example.no", "--name", "Ola Nordmann").code == 0
    return tmp_path / "data"


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'samstyr.db'}")


def checkpoint(samstyr: Samstyr, folder: Path, name: str = "kept.txt") -> Path:
    said = samstyr("checkpoint")
    assert (said.code, said.out.count("\n")) == (0, 1)
    kept = folder.parent / name
    kept.write_text(f"# kept elsewhere\n\n{said.out}")
    return kept


def test_a_record_that_is_whole(samstyr: Samstyr, installed: Path) -> None:
    said = samstyr("verify", "--files")
    assert said.code == 0
    assert "The record is whole: 6 entries. Without a checkpoint" in said.out
    kept = checkpoint(samstyr, installed)
    said = samstyr("verify", "--checkpoint", kept, "--checkpoint", checkpoint(samstyr, installed, "more.txt"))
    assert said.code == 0
    assert "agrees with 2 checkpoints" in said.out


def test_the_first_wrong_entry_is_named(samstyr: Samstyr, installed: Path) -> None:
    database = opened(installed)
    change = "UPDATE audit_event SET action = 'x' WHERE seq = 2"
    at_the_prompt(database, lambda connection: connection.execute(text(change)))
    database.dispose()
    said = samstyr("verify")
    assert (said.code, said.out, said.err) == (2, "", "The record is not whole. Entry 2 was changed.\n")
    assert samstyr("checkpoint").code == 2  # nothing is vouched for that is not whole


@pytest.mark.parametrize(
    ("tamper", "says"), [(truncate, "Entry 5 and those after it"), (rehash, "Entry 6 is another")]
)
def test_a_checkpoint_finds_what_the_chain_cannot(samstyr, installed, tamper, says) -> None:
    kept = checkpoint(samstyr, installed)
    database = opened(installed)
    at_the_prompt(database, tamper)
    database.dispose()
    assert samstyr("verify").code == 0
    said = samstyr("verify", "--checkpoint", kept)
    assert said.code == 2
    assert says in said.err


def test_checkpoints_of_others_and_changed_ones_are_refused(samstyr: Samstyr, installed: Path) -> None:
    kept = checkpoint(samstyr, installed)
    public = samstyr("checkpoint", "--public-key").out.strip()
    assert (installed / "checkpoint.key").stat().st_mode & 0o777 == 0o600
    changed = installed.parent / "changed.txt"
    changed.write_text(kept.read_text().replace("checkpoint-1 6 ", "checkpoint-1 5 "))
    assert "Line 3 was changed after it was signed" in samstyr("verify", "--checkpoint", changed).err
    changed.write_text("nothing\n")
    assert "Line 1 is no checkpoint" in samstyr("verify", "--checkpoint", changed).err
    changed.write_text("\n")
    assert "There is no checkpoint in it" in samstyr("verify", "--checkpoint", changed).err
    (installed / "checkpoint.key").unlink()  # whoever made the record anew made a key too
    said = samstyr("verify", "--checkpoint", kept)
    assert (said.code, "another key" in said.err) == (2, True)
    assert samstyr("verify", "--checkpoint", kept, "--public-key", public).code == 0
    assert samstyr("verify", "--checkpoint", kept, "--public-key", "x").code == 2
    (installed / "checkpoint.key").write_text("no key")
    assert samstyr("checkpoint").code == 2


def test_a_file_that_is_gone_or_changed_is_named(samstyr: Samstyr, installed: Path) -> None:
    store = FileStore(installed)
    good, gone, changed = (store.put([each], limit=99) for each in (b"good", b"gone", b"changed"))
    database = opened(installed)
    with database.writing() as db:
        for each in (good, gone, changed):
            db.execute(
                text(
                    "INSERT INTO blob (sha256, size, media_type, created_at, scan_state)"
                    " VALUES (:name, :size, 'text/plain', '2026-01-01 00:00:00', 'skipped')"
                ),
                {"name": each.sha256, "size": each.size},
            )
    database.dispose()
    assert samstyr("verify", "--files").code == 0
    path = store.path(changed.sha256)
    path.chmod(0o640)
    path.write_bytes(b"changeD")
    said = samstyr("verify", "--files")
    assert (said.code, f"{changed.sha256} holds other bytes" in said.err) == (2, True)
    store.path(gone.sha256).unlink()
    said = samstyr("verify", "--files")
    assert (said.code, "1 more" in said.err) == (2, True)
    assert samstyr("verify").code == 0


def test_a_guard_that_is_missing_is_said_and_put_back(samstyr: Samstyr, installed: Path) -> None:
    database = opened(installed)
    with database.writing() as db:
        db.execute(text("DROP TRIGGER guard_audit_event_update"))
    database.dispose()
    said = samstyr("verify")
    assert (said.code, "guard_audit_event_update" in said.err) == (2, True)
    assert samstyr("migrate").code == 0
    assert samstyr("verify").code == 0


def test_nothing_is_served_while_a_guard_is_altered(samstyr: Samstyr, installed: Path) -> None:
    database = opened(installed)
    with database.writing() as db:
        db.execute(text("DROP TRIGGER guard_audit_event_update"))
        db.execute(
            text("CREATE TRIGGER guard_audit_event_update BEFORE UPDATE ON audit_event BEGIN SELECT 1; END")
        )
    database.dispose()
    said = samstyr("serve", "--port", "0")
    assert (said.code, "guard_audit_event_update" in said.err) == (2, True)


def test_a_person_is_erased(samstyr: Samstyr, installed: Path) -> None:
    said = samstyr("audit", "erase", "--user", "kari@example.no", "--reason", "asked for, and the law agrees")
    assert said.code == 0
    assert "the text of 3 entries" in said.out
    assert samstyr("verify").code == 0
    database = opened(installed)
    with database.reading() as db:
        left = db.execute(
            text("SELECT count(*) FROM audit_text WHERE subject_name LIKE '%Kari%'")
        ).scalar_one()
        others = db.execute(
            text("SELECT count(*) FROM audit_text WHERE subject_name LIKE '%Ola%'")
        ).scalar_one()
    database.dispose()
    assert (left, others) == (0, 3)
    assert samstyr("audit", "erase", "--event", "4", "--reason", "the law").code == 0
    assert samstyr("verify").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--user", "nobody@example.no", "--reason", "x"),
        ("--event", "99", "--reason", "x"),
        ("--event", "9" * 30, "--reason", "x"),
        ("--event", "1", "--reason", " "),
        ("--user", "kari@example.no", "--reason", "Kari Nordmann asked"),
        ("--reason", "x"),
        ("--user", "kari@example.no", "--event", "1", "--reason", "x"),
    ],
)
def test_erasing_is_refused_in_words(samstyr: Samstyr, installed: Path, words: tuple[str, ...]) -> None:
    said = samstyr("audit", "erase", *words)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert samstyr("verify").out.startswith("The record is whole: 6 entries.")
