"""Messages to a person in a role; centers that were taken out of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_messages_person_id"), "people", ["person_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_messages_one_address"), "person_id IS NULL OR organization_id IS NULL"
        )
        batch_op.create_index(
            "ix_messages_person", ["person_id", "role", "read_at", "id"], unique=False
        )

    op.create_table(
        "call_endings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_call_endings_by")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_endings_call_id")),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_call_endings_center_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_endings")),
        sa.UniqueConstraint("call_id", "center_id", name=op.f("uq_call_endings_call_id_center_id")),
    )
    with op.batch_alter_table("call_endings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_endings_center_id"), ["center_id"], unique=False)


def downgrade() -> None:
    op.drop_table("call_endings")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_person")
        batch_op.drop_constraint(op.f("ck_messages_one_address"), type_="check")
        batch_op.drop_constraint(op.f("fk_messages_person_id"), type_="foreignkey")
        batch_op.drop_column("person_id")
