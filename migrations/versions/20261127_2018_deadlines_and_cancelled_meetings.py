"""deadlines, and meetings that are called off"""

import sqlalchemy as sa
from alembic import op

revision = "74a4f335c8f2"
down_revision = "c41f7e0a92d3"
branch_labels = None
depends_on = None

_KINDS = ("cases_in", "papers_dated", "papers_released", "minutes_out")


def upgrade() -> None:
    op.create_table(
        "forum_deadline",
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_forum_deadline_weekday")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_forum_deadline_forum_id_forum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_deadline")),
        sa.UniqueConstraint("forum_id", "kind", name=op.f("uq_forum_deadline_forum_id_kind")),
    )
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("link", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cancelled_because", sa.String(), nullable=False, server_default=""))
    _allow_states("planned", "called", "cancelled")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("link", server_default=None)
        batch_op.alter_column("cancelled_because", server_default=None)


def downgrade() -> None:
    op.execute("UPDATE meeting SET state = 'planned' WHERE state = 'cancelled'")
    _allow_states("planned", "called")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_column("cancelled_because")
        batch_op.drop_column("link")
    op.drop_table("forum_deadline")


def _allow_states(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_meeting_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_meeting_state"), f"state IN ({listed})")
