"""Reminders: messages of one day that are merged, and told once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("merged_on", sa.Date(), nullable=True))
    op.add_column("messages", sa.Column("once", sa.String(length=200), nullable=True))
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_messages_once"), ["once"])


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_messages_once"), type_="unique")
        batch_op.drop_column("once")
        batch_op.drop_column("merged_on")
