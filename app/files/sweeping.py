"""Removing what nothing will ask for: temporary files that were left, and stored files that no row names."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.files.queries import unnamed
from app.jobs.handlers import Payload, Surroundings, TryLater, handles
from app.platform.db import Database
from app.platform.storage import Busy, FileStore

_DAY = 24 * 60 * 60  # seconds
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were removed."""

    temporary: int
    orphans: int


def sweep_store(database: Database, store: FileStore, *, orphan_days: int) -> Swept:
    """Sweep the store while it is in use.

    A file without a row is the rest of a command that was rolled back, or belongs to one that is not committed yet. So
    only those are removed whose bytes nobody has stored for days: no transaction lasts that long.

    :raise Busy: when the store is being copied.
    """
    with store.undisturbed():
        temporary = store.sweep_temporary(older_than=_DAY)
        oldest = orphan_days * _DAY
        old = [sha256 for sha256 in store.names() if store.age_seconds(sha256) > oldest]
        orphans = 0
        for start in range(0, len(old), _AT_ONCE):
            with database.reading() as db:
                nameless = unnamed(db, old[start : start + _AT_ONCE])
            orphans += sum(store.discard(sha256, older_than=oldest) for sha256 in nameless)
    return Swept(temporary, orphans)


def _sweep(around: Surroundings, _payload: Payload) -> Swept:
    try:
        return sweep_store(around.database, around.store, orphan_days=around.settings.orphan_days)
    except Busy:
        raise TryLater("a backup is being taken", timedelta(minutes=5)) from None


@handles("files.sweep", prepare=_sweep, every=timedelta(hours=24))
def swept(_db: Session, _around: Surroundings, _payload: Payload, _swept: Swept) -> None:
    """There is nothing to write down: the files are gone before the job is marked as done, and may be swept again."""
