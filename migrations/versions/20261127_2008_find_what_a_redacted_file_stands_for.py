"""find what a redacted file stands for

Every download of one asks which paper or attachment points at its exemption. That was a look through all of them.
"""

from alembic import op

revision = "c41f7e0a92d3"
down_revision = "6fe52712ac90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presentation_exemption_id"), ["exemption_id"], unique=False)
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_exemption_id"), ["exemption_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_exemption_id"))
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presentation_exemption_id"))
