"""Making entries of the record in tests, also from other processes, and doing to it what nobody may."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.models import ENTRIES, TEXTS, AuditEntry, AuditHead
from app.audit.queries.chain import entries
from app.audit.rules import START, entry_hash, text_digest
from app.audit.service import record
from app.platform.db import Database
from tests.support.databases import without_guards

ACTOR = Actor.system("Kari Oppdiktet")


def act(db: Session, name: str, **changes: Any) -> None:
    """One act on nothing in particular."""
    record(db, ACTOR, "thing.done", AuditEntry, name=name, changes={"text": (None, name), **changes})


def act_often(url: str, name: str, times: int) -> None:
    """A process of its own that acts, one transaction after another, two acts in each."""
    database = Database(url)
    for number in range(times):
        with database.writing() as db:
            act(db, f"{name}.{number}.a")
            act(db, f"{name}.{number}.b")
    database.dispose()


def at_the_prompt(database: Database, tamper: Callable[[Connection], None]) -> None:
    """Do what somebody can who owns the database: without guards, and with the guards back afterwards."""
    with database.writing() as db, without_guards(db):
        tamper(db.connection())


def edit(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_event SET action = 'thing.undone' WHERE seq = 3"))


def delete(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_text WHERE seq = 3"))
    connection.execute(text("DELETE FROM audit_event WHERE seq = 3"))


def swap(connection: Connection) -> None:
    """Let two entries change places, with everything that is in them but their numbers."""
    for table in (ENTRIES, TEXTS):
        third, fourth = connection.execute(
            table.select().where(table.c.seq.in_((3, 4))).order_by(table.c.seq)
        )
        for seq, row in ((3, fourth), (4, third)):
            values = {**row._asdict(), "seq": seq}
            connection.execute(table.update().where(table.c.seq == seq).values(values))


def truncate(connection: Connection) -> None:
    """Cut the last two entries off and turn the head back, so that nothing points to them."""
    _cut_after(connection, 4)


def rehash(connection: Connection) -> None:
    """Change a text and make every hash anew, with the code that made them."""
    db = Session(connection)
    prev, last = START, 0
    for row in list(entries(db)):
        fields = row._asdict()
        if row.seq == 3:
            fields["text_digest"] = text_digest(row.text_salt, "something else", row.changes)
            connection.execute(text("UPDATE audit_text SET subject_name = 'something else' WHERE seq = 3"))
        made = entry_hash(row.seq, prev, fields)
        new = {"prev": prev, "hash": made, "text_digest": fields["text_digest"]}
        connection.execute(ENTRIES.update().where(ENTRIES.c.seq == row.seq).values(new))
        prev, last = made, row.seq
    connection.execute(text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": last, "hash": prev})


def _cut_after(connection: Connection, seq: int) -> None:
    head = connection.execute(
        text("SELECT hash FROM audit_event WHERE seq = :seq"), {"seq": seq}
    ).scalar_one()
    for table in (TEXTS, ENTRIES):
        connection.execute(table.delete().where(table.c.seq > seq))
    connection.execute(text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": seq, "hash": head})


def head(db: Session) -> tuple[int, str]:
    """Place and hash of the last entry, read anew."""
    found = db.get_one(AuditHead, 1, populate_existing=True)
    return found.seq, found.hash
