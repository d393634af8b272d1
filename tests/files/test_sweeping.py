"""Sweeping removes what nobody asks for, and nothing that somebody has, or is about to have."""

import fcntl
import io
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.files.models import Blob
from app.files.service import store_upload
from app.files.sweeping import sweep_store
from app.platform.storage import Busy, FileStore, TooLarge

SECRETARY = Actor(user_id=None, name="Sekretær", roles={uuid4(): frozenset({Role.SECRETARY})})
DAY = 24 * 60 * 60
LONG_AGO = time.time() - 30 * DAY


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def put(store: FileStore, content: bytes, *, at: float | None = None) -> str:
    sha256 = store.put([content], limit=1000).sha256
    if at is not None:
        os.utime(store.path(sha256), (at, at))
    return sha256


def upload(db, store: FileStore) -> Blob:
    stream = io.BytesIO(b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n")
    return store_upload(db, SECRETARY, store, stream=stream, file_name="a.pdf", limit=1000).blob


def test_a_file_that_a_row_names_stays_however_old_it_is(database, store) -> None:
    with database.writing() as db:
        sha256 = upload(db, store).sha256
    os.utime(store.path(sha256), (LONG_AGO, LONG_AGO))
    orphan = put(store, b"left by a command that was rolled back", at=LONG_AGO)
    swept = sweep_store(database, store, orphan_days=7)
    assert (swept.temporary, swept.orphans) == (0, 1)
    assert list(store.names()) == [sha256]
    assert not store.path(orphan).exists()


def test_a_file_whose_row_is_not_committed_yet_stays(database, store) -> None:
    with database.writing() as db:
        sha256 = upload(db, store).sha256
        assert sweep_store(database, store, orphan_days=7).orphans == 0
    assert store.path(sha256).exists()


def test_old_bytes_that_are_stored_again_are_new(database, store) -> None:
    """Somebody sends the bytes of an orphan while it is swept: they must be there when the row is committed."""
    content = b"sent before, and now again"
    sha256 = put(store, content, at=LONG_AGO)
    put(store, content)
    assert not store.discard(sha256, older_than=7 * DAY)
    assert store.read(sha256) == content
    assert sweep_store(database, store, orphan_days=7).orphans == 0
    assert store.read(sha256) == content


def test_temporary_files_of_the_dead_go_and_those_of_the_living_stay(sqlite_empty, store) -> None:
    folder = store.temporary()
    minutes_ago = time.time() - 5 * 60
    for name in ("dead", "alive", "new", "from yesterday"):
        (folder / name).write_bytes(b"half a file")
        os.utime(folder / name, (minutes_ago, minutes_ago))
    (folder / "staged").mkdir()
    (folder / "staged" / "source").write_bytes(b"x")
    os.utime(folder / "staged", (LONG_AGO, LONG_AGO))
    os.utime(folder / "from yesterday", (LONG_AGO, LONG_AGO))
    os.utime(folder / "new")
    with (folder / "alive").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert sweep_store(sqlite_empty, store, orphan_days=7).temporary == 3
    assert sorted(path.name for path in folder.iterdir()) == ["alive", "new"]


def test_an_upload_that_is_written_is_not_swept_under_it(sqlite_empty, store) -> None:
    def slowly():
        yield b"first half, "
        for path in store.temporary().iterdir():
            os.utime(path, (time.time() - 3600, time.time() - 3600))
        assert sweep_store(sqlite_empty, store, orphan_days=7).temporary == 0
        yield b"second half"

    stored = store.put(slowly(), limit=1000)
    assert store.read(stored.sha256) == b"first half, second half"


def test_what_is_refused_leaves_no_temporary_file(store) -> None:
    with pytest.raises(TooLarge):
        put(store, b"x" * 2000)
    assert list(store.temporary().iterdir()) == []


def test_nothing_is_swept_while_the_store_is_copied(sqlite_empty, store) -> None:
    with store.undisturbed(), pytest.raises(Busy):
        sweep_store(sqlite_empty, store, orphan_days=7)
    sweep_store(sqlite_empty, store, orphan_days=7)
