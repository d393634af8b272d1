"""What the ledger says against what is in the database and in the store."""

import hashlib
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field, fields

from sqlalchemy import select

from app.cases.models import Attachment, PresentationPart, Treatment
from app.files.models import Blob
from app.files.sweeping import sweep_store
from app.platform.db import Database
from app.platform.storage import FileStore
from tests.support.ledger.clients import Ledger

_SAVE = re.compile(r"Lagring (\d+) er gjort")
_MONTH = 30 * 24 * 60 * 60


@dataclass
class Found:
    """What is wrong. Everything is to be empty."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    without_file: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def counted(self) -> dict[str, int]:
        """How many of each."""
        return {each.name: len(getattr(self, each.name)) for each in fields(self)}


def compare(ledger: Ledger, database: Database, store: FileStore, *, checked: set[str]) -> Found:
    """Compare now. What the clients are at meanwhile may or may not be there; what they were told before must be.

    :param checked: the files that have been read through before, added to.
    """
    with ledger.lock:
        told = [(write.kind, write.name) for write in ledger.writes if write.acknowledged]
        saves = {part.part_id: (part.acknowledged, part) for part in ledger.parts}
    found = Found()
    with database.reading() as db:
        names = Counter(("case", title) for title in db.scalars(select(Treatment.title)))
        names.update(("attachment", title) for title in db.scalars(select(Attachment.title)))
        rows = db.execute(select(PresentationPart.id, PresentationPart.body, PresentationPart.version))
        parts = {row.id: (row.body, row.version) for row in rows if row.id in saves}
        blobs = db.execute(select(Blob.sha256, Blob.size)).all()
    found.lost += [name for kind, name in told if not names[kind, name]]
    found.doubled += [name for (_kind, name), count in names.items() if count > 1]
    for part_id, (acknowledged, part) in saves.items():
        body, version = parts.get(part_id, ("", 1))
        stands = max((int(number) for number in _SAVE.findall(str(body))), default=0)
        if stands < acknowledged:
            found.lost.append(f"save {acknowledged} of part {part_id}: {stands} stands there")
        # Numbers that are multiples of three were no saves but files; each save raises the version by one.
        if version > 1 + sum(1 for number in range(1, part.sent + 1) if number % 3):
            found.doubled.append(f"part {part_id} has version {version} after save {part.sent}")
    for sha256, size in blobs:
        if sha256 in checked:
            continue
        path = store.path(sha256)
        if not path.is_file():
            found.without_file.append(sha256)
        elif path.stat().st_size != size or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            found.torn.append(sha256)
        checked.add(sha256)
    return found


def left_after_sweep(database: Database, store: FileStore) -> int:
    """Sweep as if everything were a month old, and count what nothing names and is there still."""
    with database.reading() as db:
        named = set(db.scalars(select(Blob.sha256)))
    long_ago = time.time() - _MONTH
    for path in (*store.temporary().iterdir(), *(store.path(name) for name in store.names())):
        os.utime(path, (long_ago, long_ago))
    sweep_store(database, store, orphan_days=7)
    assert named <= set(store.names()), "a file that a row names was swept"
    return len(set(store.names()) - named) + sum(1 for _ in store.temporary().iterdir())
