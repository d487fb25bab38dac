"""A panel in preparation may end with the hosting: dissolved without ever having been approved."""

from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None

BEFORE = "'draft', 'collecting', 'under_review'"


def upgrade() -> None:
    _allow_unapproved(f"{BEFORE}, 'dissolved'")


def downgrade() -> None:
    op.execute(
        "UPDATE panels SET approved_at = created_at"
        " WHERE state = 'dissolved' AND approved_at IS NULL"
    )
    _allow_unapproved(BEFORE)


def _allow_unapproved(states: str) -> None:
    with op.batch_alter_table("panels", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_panels_approved"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_panels_approved"), f"state IN ({states}) OR approved_at IS NOT NULL"
        )
