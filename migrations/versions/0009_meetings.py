"""Dispatch meetings with agenda, invitations and minutes; final minutes take no changes.

Whoever rebuilds one of these tables on SQLite later makes its triggers anew: they go with the
table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FINAL = "EXISTS (SELECT 1 FROM meetings WHERE id = {meeting} AND state = 'final')"
OF_SECTION = "(SELECT meeting_id FROM minutes_sections WHERE id = {row}.section_id)"
WORDS = "what, owner, due_on, given_on, section_id"
"""What minutes say of an action item; its progress goes on."""


def _sqlite(name: str, what: str, table: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {when}
       BEGIN SELECT RAISE(ABORT, 'final minutes are never changed'); END"""


def _sqlite_triggers() -> list[str]:
    made = [
        _sqlite("meetings_no_update", "UPDATE", "meetings", "OLD.state = 'final'"),
        _sqlite("meetings_no_delete", "DELETE", "meetings", "OLD.state = 'final'"),
    ]
    for table, meeting in (
        ("agenda_entries", "{row}.meeting_id"),
        ("invitations", "{row}.meeting_id"),
        ("minutes_sections", "{row}.meeting_id"),
        ("action_items", OF_SECTION),
    ):
        changed = f"UPDATE OF {WORDS}" if table == "action_items" else "UPDATE"
        for verb, what, row in (
            ("insert", "INSERT", "NEW"),
            ("update", changed, "OLD"),
            ("delete", "DELETE", "OLD"),
        ):
            when = FINAL.format(meeting=meeting.format(row=row))
            made.append(_sqlite(f"{table}_no_{verb}", what, table, when))
    for verb in ("UPDATE", "DELETE"):
        name = f"minutes_revisions_no_{verb.lower()}"
        made.append(_sqlite(name, verb, "minutes_revisions", "1"))
    return made


POSTGRESQL = [
    """CREATE FUNCTION minutes_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'final minutes are never changed'; END $$""",
    """CREATE FUNCTION minutes_refuse_final() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE found integer;
       BEGIN
           IF TG_TABLE_NAME = 'action_items' THEN
               found := (SELECT meeting_id FROM minutes_sections WHERE id =
                         CASE WHEN TG_OP = 'INSERT' THEN NEW.section_id ELSE OLD.section_id END);
           ELSIF TG_OP = 'INSERT' THEN found := NEW.meeting_id;
           ELSE found := OLD.meeting_id;
           END IF;
           IF EXISTS (SELECT 1 FROM meetings WHERE id = found AND state = 'final') THEN
               RAISE EXCEPTION 'final minutes are never changed';
           END IF;
           IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
           RETURN NEW;
       END $$""",
    """CREATE TRIGGER meetings_no_change BEFORE UPDATE OR DELETE ON meetings FOR EACH ROW
       WHEN (OLD.state = 'final') EXECUTE FUNCTION minutes_refuse()""",
    *(
        f"""CREATE TRIGGER {table}_no_change BEFORE INSERT OR UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION minutes_refuse_final()"""
        for table in ("agenda_entries", "invitations", "minutes_sections")
    ),
    f"""CREATE TRIGGER action_items_no_change
       BEFORE INSERT OR DELETE OR UPDATE OF {WORDS} ON action_items
       FOR EACH ROW EXECUTE FUNCTION minutes_refuse_final()""",
    """CREATE TRIGGER minutes_revisions_no_change BEFORE UPDATE OR DELETE ON minutes_revisions
       FOR EACH ROW EXECUTE FUNCTION minutes_refuse()""",
]


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "announced",
                "held",
                "drafting",
                "correcting",
                "final",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "in_person",
                "online",
                "hybrid",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("correct_by", sa.Date(), nullable=True),
        sa.Column("final_at", sa.DateTime(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("rulebook_version", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'final' OR final_at IS NOT NULL", name=op.f("ck_meetings_final")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'announced', 'cancelled') OR held_at IS NOT NULL",
            name=op.f("ck_meetings_held"),
        ),
        sa.ForeignKeyConstraint(["center_id"], ["centers.id"], name=op.f("fk_meetings_center_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["people.id"], name=op.f("fk_meetings_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint(
            "center_id", "year", "number", name=op.f("uq_meetings_center_id_year_number")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_meetings_code")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_state", ["state", "starts_at", "id"], unique=False)

    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_director", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'proposed' OR decided_at IS NOT NULL", name=op.f("ck_amendments_decided")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by",
            name=op.f("ck_amendments_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_amendments_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_amendments_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_amendments_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index("ix_amendments_meeting_id", ["meeting_id", "id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "attending",
                "observing",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("center_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organization", sa.String(length=120), nullable=False),
        sa.Column(
            "reply",
            sa.Enum(
                "none",
                "yes",
                "no",
                "substitute",
                name="reply",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("substitute", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reply <> 'substitute' OR substitute <> ''", name=op.f("ck_invitations_substitute")
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_invitations_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_invitations_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "meeting_id", "center_id", name=op.f("uq_invitations_meeting_id_center_id")
        ),
        sa.UniqueConstraint(
            "meeting_id", "person_id", name=op.f("uq_invitations_meeting_id_person_id")
        ),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index("ix_invitations_center_id", ["center_id", "meeting_id"], unique=False)
        batch_op.create_index("ix_invitations_person_id", ["person_id", "meeting_id"], unique=False)

    op.create_table(
        "minutes_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_minutes_sections_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_sections")),
    )
    with op.batch_alter_table("minutes_sections", schema=None) as batch_op:
        batch_op.create_index(
            "ix_minutes_sections_meeting_id", ["meeting_id", "position"], unique=False
        )

    op.create_table(
        "action_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "accepted",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("owner_center_id", sa.Integer(), nullable=True),
        sa.Column("owner_person_id", sa.Integer(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR done_at IS NOT NULL", name=op.f("ck_action_items_done")
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_action_items_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_action_items_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_center_id"], ["centers.id"], name=op.f("fk_action_items_owner_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_person_id"], ["people.id"], name=op.f("fk_action_items_owner_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["minutes_sections.id"], name=op.f("fk_action_items_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
    )
    with op.batch_alter_table("action_items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_action_items_center_id", ["center_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(
            "ix_action_items_owner_center_id", ["owner_center_id", "state"], unique=False
        )
        batch_op.create_index("ix_action_items_section_id", ["section_id"], unique=False)

    op.create_table(
        "minutes_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_name", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["minutes_sections.id"], name=op.f("fk_minutes_revisions_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_revisions")),
    )
    with op.batch_alter_table("minutes_revisions", schema=None) as batch_op:
        batch_op.create_index("ix_minutes_revisions_section_id", ["section_id", "id"], unique=False)

    op.create_table(
        "agenda_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("presenter", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action_items.id"], name=op.f("fk_agenda_entries_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_entries_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_entries")),
    )
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agenda_entries_meeting_id", ["meeting_id", "position"], unique=False
        )

    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite_triggers() if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_entries_meeting_id")

    op.drop_table("agenda_entries")
    with op.batch_alter_table("minutes_revisions", schema=None) as batch_op:
        batch_op.drop_index("ix_minutes_revisions_section_id")

    op.drop_table("minutes_revisions")
    with op.batch_alter_table("action_items", schema=None) as batch_op:
        batch_op.drop_index("ix_action_items_section_id")
        batch_op.drop_index("ix_action_items_owner_center_id")
        batch_op.drop_index("ix_action_items_center_id")

    op.drop_table("action_items")
    with op.batch_alter_table("minutes_sections", schema=None) as batch_op:
        batch_op.drop_index("ix_minutes_sections_meeting_id")

    op.drop_table("minutes_sections")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_invitations_person_id")
        batch_op.drop_index("ix_invitations_center_id")

    op.drop_table("invitations")
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index("ix_amendments_meeting_id")

    op.drop_table("amendments")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index("ix_meetings_state")

    op.drop_table("meetings")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION minutes_refuse()")
        op.execute("DROP FUNCTION minutes_refuse_final()")
