"""A replacement in an approved panel is filed too: filings may be about a change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OF_PANEL = sa.text("change_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f("uq_filings_panel_id_receiver"), type_="unique")
        batch_op.create_foreign_key(
            op.f("fk_filings_change_id"), "member_changes", ["change_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            op.f("uq_filings_change_id_receiver"), ["change_id", "receiver"]
        )
        batch_op.create_index(
            "uq_filings_panel",
            ["panel_id", "receiver"],
            unique=True,
            sqlite_where=OF_PANEL,
            postgresql_where=OF_PANEL,
        )


def downgrade() -> None:
    op.execute("DELETE FROM filings WHERE change_id IS NOT NULL")
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.drop_index("uq_filings_panel")
        batch_op.drop_constraint(op.f("uq_filings_change_id_receiver"), type_="unique")
        batch_op.drop_constraint(op.f("fk_filings_change_id"), type_="foreignkey")
        batch_op.create_unique_constraint(
            op.f("uq_filings_panel_id_receiver"), ["panel_id", "receiver"]
        )
        batch_op.drop_column("change_id")
