"""The audit table takes new rows only: the database itself refuses changes and deletions."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END""",
    """CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit events are never changed or deleted'; END $$""",
    """CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
       FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()""",
]


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(
        text(
            "INSERT INTO audit_head (id, count, hash, seal) SELECT 1, 0, :genesis, ''"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_head)"
        ),
        {"genesis": "0" * 64},
    )
    for statement in SQLITE if bind.dialect.name == "sqlite" else POSTGRESQL:
        bind.execute(text(statement))


def downgrade() -> None:
    """Only the guard goes. The head stays: without it the chain would not hold any more."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        bind.execute(text("DROP TRIGGER audit_events_no_update"))
        bind.execute(text("DROP TRIGGER audit_events_no_delete"))
    else:
        bind.execute(text("DROP TRIGGER audit_events_no_change ON audit_events"))
        bind.execute(text("DROP FUNCTION audit_events_refuse()"))
