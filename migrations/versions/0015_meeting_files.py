"""Files of a meeting; they are locked with its final minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

FINAL = "EXISTS (SELECT 1 FROM meetings WHERE id = {meeting} AND state = 'final')"


def upgrade() -> None:
    op.create_table(
        "meeting_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "slides",
                "photo",
                "sheet",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_meeting_files_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_files_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_files")),
        sa.UniqueConstraint("code", name=op.f("uq_meeting_files_code")),
    )
    with op.batch_alter_table("meeting_files", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_files_meeting_id", ["meeting_id", "id"], unique=False)
    for statement in _triggers(op.get_bind().dialect.name == "sqlite"):
        op.execute(statement)


def _triggers(is_sqlite: bool) -> list[str]:
    if not is_sqlite:
        return [
            """CREATE TRIGGER meeting_files_no_change
               BEFORE INSERT OR UPDATE OR DELETE ON meeting_files
               FOR EACH ROW EXECUTE FUNCTION minutes_refuse_final()"""
        ]
    return [
        _refuse("INSERT", "NEW.meeting_id"),
        _refuse("UPDATE", "OLD.meeting_id"),
        _refuse("DELETE", "OLD.meeting_id"),
    ]


def _refuse(what: str, meeting: str) -> str:
    return f"""CREATE TRIGGER meeting_files_no_{what.lower()} BEFORE {what} ON meeting_files
       WHEN {FINAL.format(meeting=meeting)}
       BEGIN SELECT RAISE(ABORT, 'final minutes are never changed'); END"""


def downgrade() -> None:
    with op.batch_alter_table("meeting_files", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_files_meeting_id")
    op.drop_table("meeting_files")
