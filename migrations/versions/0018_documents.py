"""Yearly documents, assigned tasks, internal rules and supervision visits; of the last two the
database takes new rows only."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REFUSED = "what is on record is never changed"
KEPT = ("internal_rules", "visits")

SQLITE = [
    f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}
       BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
    for table in KEPT
    for verb in ("update", "delete")
]

POSTGRESQL = [
    f"""CREATE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION records_refuse()"""
        for table in KEPT
    ),
]


def upgrade() -> None:
    op.create_table(
        "annual_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "summary",
                "next_plan",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "acknowledged",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("correct_by", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'returned' OR correct_by IS NOT NULL",
            name=op.f("ck_annual_documents_returned"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (submitted_at IS NOT NULL AND counted_on IS NOT NULL)",
            name=op.f("ck_annual_documents_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_annual_documents_center_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_documents")),
        sa.UniqueConstraint(
            "center_id", "kind", "year", name=op.f("uq_annual_documents_center_id_kind_year")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_annual_documents_code")),
    )
    with op.batch_alter_table("annual_documents", schema=None) as batch_op:
        batch_op.create_index("ix_annual_documents_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_annual_documents_year", ["year", "center_id"], unique=False)

    op.create_table(
        "assigned_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["people.id"], name=op.f("fk_assigned_tasks_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["organizations.id"], name=op.f("fk_assigned_tasks_commission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assigned_tasks")),
    )
    op.create_table(
        "document_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["annual_documents.id"], name=op.f("fk_document_sections_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_sections")),
        sa.UniqueConstraint(
            "document_id", "name", name=op.f("uq_document_sections_document_id_name")
        ),
    )
    op.create_table(
        "internal_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "meetings",
                "assessment",
                "information_security",
                "funds",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_internal_rules_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_internal_rules_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_rules")),
    )
    with op.batch_alter_table("internal_rules", schema=None) as batch_op:
        batch_op.create_index(
            "ix_internal_rules_center_id", ["center_id", "kind", "id"], unique=False
        )

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["center_id"], ["centers.id"], name=op.f("fk_visits_center_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_visits_file_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_visits_organization_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_visits_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_center_id", ["center_id", "id"], unique=False)

    op.create_table(
        "center_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "reported",
                "done",
                "not_done",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('reported', 'done') OR reported_at IS NOT NULL",
            name=op.f("ck_center_tasks_reported"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_center_tasks_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_center_tasks_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["assigned_tasks.id"], name=op.f("fk_center_tasks_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center_tasks")),
        sa.UniqueConstraint("code", name=op.f("uq_center_tasks_code")),
        sa.UniqueConstraint("task_id", "center_id", name=op.f("uq_center_tasks_task_id_center_id")),
    )
    with op.batch_alter_table("center_tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_center_tasks_center_id", ["center_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_center_tasks_state", ["state", "id"], unique=False)

    bind = op.get_bind()
    for statement in POSTGRESQL if bind.dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("center_tasks")
    op.drop_table("visits")
    op.drop_table("internal_rules")
    op.drop_table("document_sections")
    op.drop_table("assigned_tasks")
    op.drop_table("annual_documents")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION records_refuse()")
