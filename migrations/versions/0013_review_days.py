"""Days that a competition plan gives for the review, and until when they run."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("score_by", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.drop_column("score_by")
        batch_op.drop_column("review_days")
