"""who was at a meeting"""

import sqlalchemy as sa
from alembic import op

revision = "6fe52712ac90"
down_revision = "b267866a7358"
branch_labels = None
depends_on = None

_BEFORE = ("title", "document", "part", "attachment")


def upgrade() -> None:
    _let_cover(*_BEFORE, "attendance")
    op.create_table(
        "attendance_line",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "deputy",
                "second",
                "observer",
                "secretariat",
                "guest",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("standing_in_for", sa.String(), nullable=False),
        sa.Column("is_absent", sa.Boolean(), nullable=False),
        sa.Column("exemption_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemption.id"], name=op.f("fk_attendance_line_exemption_id_exemption")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_line_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_line")),
    )
    with op.batch_alter_table("attendance_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_line_meeting_id"), ["meeting_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attendance_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_line_meeting_id"))

    op.drop_table("attendance_line")
    # They withheld what the older schema cannot hold.
    op.execute("DELETE FROM exemption WHERE covers = 'attendance'")
    _let_cover(*_BEFORE)


def _let_cover(*values: str) -> None:
    """Hold the column to these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_exemption_covers"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_exemption_covers"), f"covers IN ({listed})")
