"""Cases of prohibited conduct: report, inquiry, statement, decision."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "violations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("hosting_id", sa.Integer(), nullable=False),
        sa.Column("conduct", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reported",
                "investigating",
                "hearing",
                "stated",
                "declined",
                "unfounded",
                "founded",
                "serious",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("investigator_id", sa.Integer(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("allegation", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.DateTime(), nullable=True),
        sa.Column("statement_by", sa.Date(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'serious' OR ends_on IS NOT NULL", name=op.f("ck_violations_serious")
        ),
        sa.CheckConstraint(
            "state <> 'stated' OR stated_at IS NOT NULL", name=op.f("ck_violations_stated")
        ),
        sa.CheckConstraint(
            "state NOT IN ('hearing', 'stated') OR statement_by IS NOT NULL",
            name=op.f("ck_violations_heard"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('unfounded', 'founded', 'serious')"
            " OR (decided_at IS NOT NULL AND statement_by IS NOT NULL)",
            name=op.f("ck_violations_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_violations_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_violations_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["hosting_id"], ["hostings.id"], name=op.f("fk_violations_hosting_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigator_id"], ["people.id"], name=op.f("fk_violations_investigator_id")
        ),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectifications.id"], name=op.f("fk_violations_rectification_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["people.id"], name=op.f("fk_violations_reported_by")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["organizations.id"], name=op.f("fk_violations_reporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violations")),
        sa.UniqueConstraint("code", name=op.f("uq_violations_code")),
    )
    with op.batch_alter_table("violations", schema=None) as batch_op:
        batch_op.create_index("ix_violations_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index("ix_violations_hosting_id", ["hosting_id", "state"], unique=False)
        batch_op.create_index("ix_violations_reported_by", ["reported_by"], unique=False)
        batch_op.create_index("ix_violations_state", ["state", "id"], unique=False)

    op.create_table(
        "violation_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("violation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "report",
                "finding",
                "statement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_violation_files_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["violation_id"], ["violations.id"], name=op.f("fk_violation_files_violation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violation_files")),
    )
    with op.batch_alter_table("violation_files", schema=None) as batch_op:
        batch_op.create_index("ix_violation_files_file_id", ["file_id"], unique=False)
        batch_op.create_index("ix_violation_files_violation_id", ["violation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("violation_files", schema=None) as batch_op:
        batch_op.drop_index("ix_violation_files_violation_id")
        batch_op.drop_index("ix_violation_files_file_id")

    op.drop_table("violation_files")
    with op.batch_alter_table("violations", schema=None) as batch_op:
        batch_op.drop_index("ix_violations_state")
        batch_op.drop_index("ix_violations_reported_by")
        batch_op.drop_index("ix_violations_hosting_id")
        batch_op.drop_index("ix_violations_center_id")

    op.drop_table("violations")
