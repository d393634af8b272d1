"""Files wait for the scanner and templates for a look"""

import sqlalchemy as sa
from alembic import op

revision = "b267866a7358"
down_revision = "94c8011a7b4e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "scan_state",
                sa.Enum(
                    "pending",
                    "clean",
                    "infected",
                    "skipped",
                    name="scan_state",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="skipped",
                nullable=False,
            )
        )

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("candidate_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("candidate_name", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("candidate_removed", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("candidate_removed")
        batch_op.drop_column("candidate_name")
        batch_op.drop_column("candidate_sha256")

    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_blob_scan_state"), type_="check")
        batch_op.drop_column("scan_state")
