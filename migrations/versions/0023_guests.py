"""Guests of a meeting have a mail address; messages and deliveries may go to an address alone."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None

ROLE = sa.String(length=32)
ADDRESS = sa.String(length=120)


def upgrade() -> None:
    op.add_column("invitations", sa.Column("email", ADDRESS, nullable=True))
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", ADDRESS, nullable=True))
        batch_op.alter_column("role", existing_type=ROLE, nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_messages_desk_or_address"), "(role IS NULL) = (address IS NOT NULL)"
        )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", ADDRESS, nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_deliveries_one_recipient"), "(person_id IS NULL) <> (address IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE address IS NOT NULL")
    op.execute("DELETE FROM messages WHERE address IS NOT NULL")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_deliveries_one_recipient"), type_="check")
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("address")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_desk_or_address"), type_="check")
        batch_op.alter_column("role", existing_type=ROLE, nullable=False)
        batch_op.drop_column("address")
    op.drop_column("invitations", "email")
