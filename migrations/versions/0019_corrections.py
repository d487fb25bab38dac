"""What those invited want corrected in minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minutes_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("invited_as", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_minutes_corrections_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_minutes_corrections_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_corrections")),
    )
    with op.batch_alter_table("minutes_corrections", schema=None) as batch_op:
        batch_op.create_index(
            "ix_minutes_corrections_meeting_id", ["meeting_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("minutes_corrections", schema=None) as batch_op:
        batch_op.drop_index("ix_minutes_corrections_meeting_id")
    op.drop_table("minutes_corrections")
