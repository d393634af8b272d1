"""A backup is the whole, or has no name; what is put back is what was copied, and no number is given twice."""

import json
import shutil
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.audit.models import AuditEvent
from app.backup.models import Restoration
from app.backup.queries import counts
from app.backup.restore import MARK
from app.cases.models import Treatment
from app.cases.service.numbers import give_number
from app.files.models import Blob
from app.forums.models import Forum
from app.identity.models import UserSession
from app.platform.clock import utc_now
from app.platform.guards import drop_guards
from app.platform.keys import InstallationKeys
from tests.backup.conftest import OPERATOR, YEAR, attach
from tests.factories.cases import make_case
from tests.factories.users import make_user

AS_STORED = "--numbers-as-stored"


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def newest(backups: Path) -> Path:
    return max(backups.glob("samstyr-*"))


def manifest_of(backups: Path) -> dict:
    return json.loads((newest(backups) / "manifest.json").read_text())


def rewrite(backups: Path, **changed) -> None:
    path = newest(backups) / "manifest.json"
    path.write_text(json.dumps(manifest_of(backups) | changed))


def draw(machine, key: str) -> int:
    database = machine.open()
    with database.writing() as db:
        forum = db.scalars(select(Forum).where(Forum.key == key)).one()
        treatment = give_number(db, OPERATOR, make_case(db, forum), year=YEAR)
        number = treatment.sequence
    database.dispose()
    return number


def test_what_comes_back_is_what_was_copied(machine, new_machine, backups) -> None:
    said = machine.samstyr("backup", backups)
    assert said.code == 0, said.err
    before = machine.open()
    with before.reading() as db:
        told, titles = counts(db), sorted(db.scalars(select(Treatment.title)))
        (sha256,) = db.scalars(select(Blob.sha256))
    before.dispose()

    other = new_machine()
    said = other.samstyr("restore", backups, AS_STORED)
    assert said.code == 0, said.err
    after = other.open()
    with after.reading() as db:
        found = counts(db)
        assert sorted(db.scalars(select(Treatment.title))) == titles
        restored = db.scalars(select(Restoration)).one()
        assert (
            db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()[-1]
            == "installation.restored"
        )
    after.dispose()
    assert restored.backup_taken_at < restored.restored_at
    mismatches = {name for name in told if told[name] != found[name]}
    assert mismatches <= {"audit_event", "audit_text", "restoration", "audit_head"}
    assert found["audit_event"] == told["audit_event"] + 1
    assert other.store.read(sha256) == machine.store.read(sha256)
    assert not (other.folder / MARK).exists()
    assert sorted(each.name for each in other.folder.iterdir() if not each.name.startswith("samstyr.db")) == [
        "files",
    ]
    assert other.samstyr("migrate").code == 0


def test_numbers_that_people_were_told_are_not_given_again(machine, new_machine, backups) -> None:
    assert machine.samstyr("backup", backups).code == 0
    assert draw(machine, "skate") == 22, "announced after the backup"
    other = new_machine()
    said = other.samstyr(
        "restore", backups, AS_STORED, "--highest", f"skate:{YEAR}=22", "--highest", "kommit=7"
    )
    assert said.code == 0, said.err
    assert f"skate:{YEAR} goes on after 22; the backup had 21." in said.out
    assert (draw(other, "skate"), draw(other, "kommit")) == (23, 8)


def test_as_stored_the_announced_number_is_given_again(machine, new_machine, backups) -> None:
    """The twin of the test above: this is what the question prevents."""
    assert machine.samstyr("backup", backups).code == 0
    announced = draw(machine, "skate")
    other = new_machine()
    assert other.samstyr("restore", backups, AS_STORED).code == 0
    assert draw(other, "skate") == announced


def test_the_highest_numbers_are_asked_for(machine, new_machine, backups, monkeypatch) -> None:
    import io

    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    monkeypatch.setattr("app.cli.backups.today", lambda: date(YEAR, 11, 27))
    monkeypatch.setattr("sys.stdin", io.StringIO("4\n20\n9999999\n25\n2\n"))
    said = other.samstyr("restore", backups)
    assert said.code == 0, said.err
    assert "The highest number that kommit has announced [0]" in said.out
    assert f"The highest number that skate has announced for {YEAR} [21]" in said.out
    assert "21 has been given already" in said.err
    assert "No case has a number above 999999" in said.err
    assert f"The highest number that skate has announced for {YEAR + 1} [0]" in said.out, "it is November"
    assert (draw(other, "skate"), draw(other, "kommit")) == (26, 5)


def test_without_an_answer_nothing_is_put_back(machine, new_machine, backups, monkeypatch) -> None:
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    monkeypatch.setattr("sys.stdin", None)
    said = other.samstyr("restore", backups)
    assert (said.code, said.err) == (2, "Stopped. Nothing was stored.\n")
    assert not other.folder.exists()
    assert other.samstyr("restore", backups, AS_STORED).code == 0


def test_an_answer_that_cannot_be_is_refused(machine, new_machine, backups) -> None:
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    for number in ("skate", "skate:2026=", "nowhere:2026=4", "skate:2026=-1", "=4"):
        assert other.samstyr("restore", backups, AS_STORED, "--highest", number).code == 2
        assert not other.folder.exists()


def test_a_number_below_what_the_backup_has_given_is_refused(machine, new_machine, backups) -> None:
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    said = other.samstyr("restore", backups, AS_STORED, "--highest", f"skate:{YEAR}=20")
    assert (said.code, said.err) == (
        2,
        f"skate:{YEAR} has given 21 already. Say 21 or a higher number.\n",
    )
    assert not other.folder.exists()


def test_a_machine_with_something_on_it_is_left_as_it_is(machine, backups) -> None:
    assert machine.samstyr("backup", backups).code == 0
    said = machine.samstyr("restore", backups, AS_STORED)
    assert said.code == 2
    assert "already" in said.err
    assert draw(machine, "skate") == 22


def test_sessions_of_the_time_of_the_backup_are_over(machine, new_machine, backups) -> None:
    now = utc_now()
    database = machine.open()
    with database.writing() as db:
        user = make_user(db)
        db.add(
            UserSession(
                token_hash="x" * 64,
                user_id=user.id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=12),
            )
        )
    database.dispose()
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    assert other.samstyr("restore", backups, AS_STORED).code == 0
    database = other.open()
    with database.reading() as db:
        assert db.scalars(select(UserSession.revoked_at)).one() is not None
    database.dispose()


def test_the_keys_come_back_too(machine, new_machine, backups) -> None:
    """Without them nobody's second factor works, and checkpoints that were kept cannot be told from made-up ones."""
    sealed = InstallationKeys(machine.folder).seal("codes", "JBSWY3DP")
    assert machine.samstyr("checkpoint").code == 0
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    assert other.samstyr("restore", backups, AS_STORED).code == 0
    assert InstallationKeys(other.folder).opened("codes", sealed) == "JBSWY3DP"
    for name in ("checkpoint.key", "keys/installation.key"):
        assert (other.folder / name).read_bytes() == (machine.folder / name).read_bytes()
        assert (other.folder / name).stat().st_mode & 0o077 == 0
    assert newest(backups).stat().st_mode & 0o077 == 0, "a backup is as secret as what it holds"


def test_a_record_that_was_altered_is_not_put_back(machine, new_machine, backups) -> None:
    database = machine.open()
    with database.writing() as db:
        drop_guards(db.connection())
        db.execute(text("UPDATE audit_event SET action = 'case.deleted' WHERE seq = 1"))
    database.dispose()
    assert machine.samstyr("backup", backups).code == 0
    said = new_machine().samstyr("restore", backups, AS_STORED)
    assert said.code == 2
    assert "entry 1 of the record was changed" in said.err


def damage_file(backups: Path) -> None:
    path = next(path for path in newest(backups).glob("files/*/*"))
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1])


def lose_file(backups: Path) -> None:
    next(path for path in newest(backups).glob("files/*/*")).unlink()


def damage_dump(backups: Path) -> None:
    path = next(newest(backups).glob("samstyr.*"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def tell_other_counts(backups: Path) -> None:
    counted = manifest_of(backups)["counts"]
    rewrite(backups, counts=counted | {"treatment": counted["treatment"] + 1})


def tell_another_record(backups: Path) -> None:
    rewrite(backups, record_seq=manifest_of(backups)["record_seq"] + 1)


def forget_the_file(backups: Path) -> None:
    rewrite(backups, files={})


def tear_the_manifest(backups: Path) -> None:
    path = newest(backups) / "manifest.json"
    path.write_text(path.read_text()[:100])


def come_from_the_future(backups: Path) -> None:
    rewrite(backups, revision="ffffffffffff")


def name_a_key_elsewhere(backups: Path) -> None:
    (newest(backups) / "keys").mkdir(exist_ok=True)
    (newest(backups) / "elsewhere.key").write_bytes(b"key")
    rewrite(backups, keys={"../elsewhere.key": sha256(b"key").hexdigest()})


def name_a_file_elsewhere(backups: Path) -> None:
    rewrite(backups, damaged=["../" * 20 + "tmp/elsewhere"])


DAMAGES = (
    damage_file,
    lose_file,
    damage_dump,
    tell_other_counts,
    tell_another_record,
    forget_the_file,
    tear_the_manifest,
    come_from_the_future,
    name_a_key_elsewhere,
    name_a_file_elsewhere,
)


def test_a_backup_that_is_not_whole_is_refused(machine, new_machine, backups, tmp_path, capsys) -> None:
    assert machine.samstyr("backup", backups).code == 0
    accepted = []
    for damage in DAMAGES:
        damaged = tmp_path / damage.__name__
        shutil.copytree(backups, damaged)
        damage(damaged)
        other = new_machine()
        said = other.samstyr("restore", damaged, AS_STORED)
        if said.code != 2 or not said.err.strip() or "Traceback" in said.err:
            accepted.append(damage.__name__)
        assert not (other.folder / "files").exists()
        assert not (other.folder / "samstyr.db").exists()
        assert other.samstyr("serve").code == 2, "nothing is served from what was not put back"
    with capsys.disabled():
        print(f"damaged backups: {len(DAMAGES)} ways, accepted {len(accepted)}")
    assert accepted == []


def test_an_interrupted_backup_has_no_name_and_is_cleared_away(machine, backups, monkeypatch) -> None:
    def stop(*_words) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("app.backup.take.copied", stop)
        assert machine.samstyr("backup", backups).code != 0
    assert list(backups.iterdir()) == []
    (backups / "samstyr-20200101T000000Z.partial").mkdir()  # killed where nothing could be cleared
    assert machine.samstyr("restore", backups, AS_STORED).code == 2
    assert machine.samstyr("backup", backups).code == 0
    assert [each.name.endswith(".partial") for each in backups.iterdir()] == [False]


def test_an_interrupted_restore_is_served_by_nobody_and_can_be_done_again(
    machine, new_machine, backups, monkeypatch
) -> None:
    assert machine.samstyr("backup", backups).code == 0
    other = new_machine()
    with monkeypatch.context() as patch:
        patch.setattr(
            "app.backup.restore.shutil.rmtree", lambda *_a, **_k: None
        )  # killed: it clears nothing away
        patch.setattr("app.backup.restore._settle", _killed)
        assert other.samstyr("restore", backups, AS_STORED).code != 0
    assert (other.folder / MARK).exists()
    for command in (("serve",), ("migrate",), ("backup", backups)):
        said = other.samstyr(*command)
        assert said.code == 2
        assert "restore again" in said.err
    said = other.samstyr("restore", backups, AS_STORED)
    if machine.database_url:
        assert (said.code, "tables already" in said.err) == (2, True), "the database must be made anew"
        return
    assert said.code == 0
    assert draw(other, "skate") == 22


def _killed(*_arguments) -> None:
    raise KeyboardInterrupt


def test_the_next_backup_links_to_the_files_that_the_last_one_has(machine, new_machine, backups) -> None:
    assert machine.samstyr("backup", backups).code == 0
    database = machine.open()
    with database.writing() as db:
        attach(db, machine.store, db.scalars(select(Treatment.id)).one(), "Enda et vedlegg")
    database.dispose()
    assert machine.samstyr("backup", backups).code == 0
    first, second = sorted(backups.iterdir())
    links = sorted(path.stat().st_nlink for path in second.glob("files/*/*"))
    assert links == [1, 2]
    assert new_machine().samstyr("restore", second, AS_STORED).code == 0
    assert new_machine().samstyr("restore", first, AS_STORED).code == 0


def test_a_file_that_the_store_lost_is_named_and_the_backup_kept(machine, new_machine, backups) -> None:
    path = next(machine.folder.glob("files/*/*"))
    path.unlink()
    said = machine.samstyr("backup", backups)
    assert said.code == 2
    assert path.name in said.err
    said = new_machine().samstyr("restore", backups, AS_STORED)
    assert said.code == 0
    assert "1 files were missing or damaged when the backup was taken" in said.err


def test_the_client_programs_of_postgres_are_asked_for(machine, backups, monkeypatch, tmp_path) -> None:
    if not machine.database_url:
        assert machine.samstyr("backup", backups).code == 0, "SQLite needs none"
        return
    monkeypatch.setenv("SAMSTYR_POSTGRES_BIN", str(tmp_path))
    said = machine.samstyr("backup", backups)
    assert said.code == 2
    assert "SAMSTYR_POSTGRES_BIN" in said.err
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    said = machine.samstyr("backup", backups)
    assert said.code == 2
    assert "older than the server" in said.err
    assert list(backups.iterdir()) == []
