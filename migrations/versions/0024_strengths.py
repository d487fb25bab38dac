"""Strengths that are shared with all centers of a round."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "strengths",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_strengths_assessment_id")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["people.id"], name=op.f("fk_strengths_noted_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_strengths_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strengths")),
    )
    with op.batch_alter_table("strengths", schema=None) as batch_op:
        batch_op.create_index("ix_strengths_assessment_id", ["assessment_id"], unique=False)
        batch_op.create_index("ix_strengths_round_id", ["round_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("strengths")
