"""Put the audit events on a chain, their text beside it, and make room for corrections of papers that were treated.

The functions that make hashes are written out here: what this migration did must not change when the code does.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "94c8011a7b4e"
down_revision = "e7ee55646ffa"
branch_labels = None
depends_on = None

BATCH = 500
START = "0" * 64
CHAINED = (
    "at",
    "action",
    "actor_user_id",
    "actor_digest",
    "subject_type",
    "subject_id",
    "forum_id",
    "case_id",
    "text_digest",
    "request_id",
)


def _seq(**how: Any) -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, **how)


def _columns(*names: str) -> list[sa.Column[Any]]:
    kinds: dict[str, tuple[Any, bool]] = {
        "at": (sa.DateTime(timezone=True), False),
        "action": (sa.String(length=60), False),
        "actor_user_id": (sa.Uuid(), True),
        "actor_name": (sa.String(), False),
        "actor_digest": (sa.String(length=64), False),
        "subject_type": (sa.String(length=40), False),
        "subject_id": (sa.Uuid(), True),
        "subject_name": (sa.String(), False),
        "forum_id": (sa.Uuid(), True),
        "case_id": (sa.Uuid(), True),
        "changes": (sa.JSON(), False),
        "text_digest": (sa.String(length=64), False),
        "request_id": (sa.String(length=40), False),
        "prev": (sa.String(length=64), False),
        "hash": (sa.String(length=64), False),
    }
    return [sa.Column(name, kinds[name][0], nullable=kinds[name][1]) for name in names]


def _old_columns() -> list[sa.Column[Any]]:
    return _columns(
        "at",
        "action",
        "actor_user_id",
        "actor_name",
        "subject_type",
        "subject_id",
        "subject_name",
        "forum_id",
        "case_id",
        "changes",
        "request_id",
    )


def _create_event_table(*columns: sa.Column[Any], counted: bool) -> sa.Table:
    table = op.create_table(
        "audit_event",
        _seq(autoincrement=counted),
        *columns,
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_case_id_seq", "audit_event", ["case_id", "seq"], unique=False)
    op.create_index("ix_audit_event_forum_id_seq", "audit_event", ["forum_id", "seq"], unique=False)
    return table


def upgrade() -> None:
    connection = op.get_bind()
    op.execute("CREATE TEMPORARY TABLE earlier_event AS SELECT * FROM audit_event")
    op.drop_table("audit_event")
    event = _create_event_table(*_columns(*CHAINED, "prev", "hash"), counted=False)
    text = op.create_table(
        "audit_text",
        _seq(),
        sa.Column("actor_salt", sa.String(length=64), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=True),
        sa.Column("text_salt", sa.String(length=64), nullable=True),
        sa.Column("subject_name", sa.String(), nullable=True),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["audit_event.seq"], name=op.f("fk_audit_text_seq_audit_event")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_text")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _seq(),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    earlier = sa.table("earlier_event", sa.column("seq", sa.BigInteger()), *_old_columns())
    seq, prev = 0, START
    for rows in _batches(connection, sa.select(earlier), earlier.c.seq):
        entries, texts = [], []
        for row in rows:
            seq += 1  # without the gaps that failed work left in the count
            entry, its_text = _chained(row)
            prev_hash, prev = prev, _sha256("audit-v1", str(seq), prev, _canonical(_plain(entry)))
            entries.append({**entry, "seq": seq, "prev": prev_hash, "hash": prev})
            texts.append({**its_text, "seq": seq})
        connection.execute(event.insert(), entries)
        connection.execute(text.insert(), texts)
    connection.execute(head.insert(), {"id": 1, "seq": seq, "hash": prev})
    op.execute("DROP TABLE earlier_event")
    op.create_table(
        "correction",
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_correction_treatment_id_treatment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("treatment_id", "number", name=op.f("uq_correction_treatment_id_number")),
    )


def downgrade() -> None:
    connection = op.get_bind()
    op.drop_table("correction")
    op.execute(
        "CREATE TEMPORARY TABLE later_event AS SELECT e.seq, e.at, e.action, e.actor_user_id, t.actor_name, "
        "e.subject_type, e.subject_id, t.subject_name, e.forum_id, e.case_id, t.changes, e.request_id "
        "FROM audit_event e LEFT JOIN audit_text t ON t.seq = e.seq"
    )
    op.drop_table("audit_head")
    op.drop_table("audit_text")
    op.drop_table("audit_event")
    event = _create_event_table(*_old_columns(), counted=True)
    later = sa.table("later_event", sa.column("seq", sa.BigInteger()), *_old_columns())
    last = 0
    for rows in _batches(connection, sa.select(later), later.c.seq):
        last = rows[-1].seq
        erased = {"actor_name": "", "subject_name": "", "changes": {}}
        connection.execute(
            event.insert(),
            [
                {
                    name: erased[name] if value is None and name in erased else value
                    for name, value in row._mapping.items()
                }
                for row in rows
            ],
        )
    if connection.dialect.name == "postgresql" and last:
        op.execute(f"SELECT setval(pg_get_serial_sequence('audit_event', 'seq'), {last})")
    op.execute("DROP TABLE later_event")


def _batches(
    connection: sa.Connection, wanted: sa.Select[Any], seq: sa.ColumnElement[int]
) -> Iterator[list[sa.Row[Any]]]:
    after = None
    while True:
        batch = wanted if after is None else wanted.where(seq > after)
        rows = list(connection.execute(batch.order_by(seq).limit(BATCH)))
        if not rows:
            return
        yield rows
        after = rows[-1].seq


def _chained(row: sa.Row[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    actor_salt, text_salt = secrets.token_hex(32), secrets.token_hex(32)
    at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    entry = {
        "at": at.astimezone(UTC),
        "action": row.action,
        "actor_user_id": row.actor_user_id,
        "actor_digest": _sha256(actor_salt, _canonical(row.actor_name)),
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "forum_id": row.forum_id,
        "case_id": row.case_id,
        "text_digest": _sha256(text_salt, _canonical({"changes": row.changes, "name": row.subject_name})),
        "request_id": row.request_id,
    }
    text = {
        "actor_salt": actor_salt,
        "actor_name": row.actor_name,
        "text_salt": text_salt,
        "subject_name": row.subject_name,
        "changes": row.changes,
    }
    return entry, text


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(timespec="microseconds")
        return str(value) if isinstance(value, UUID) else value

    return {name: plain(value) for name, value in entry.items()}


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
