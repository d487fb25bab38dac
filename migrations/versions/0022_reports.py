"""Annual reports of centers as files, batches of them, and commendations."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_commendations_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_commendations_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendations")),
    )
    with op.batch_alter_table("commendations", schema=None) as batch_op:
        batch_op.create_index("ix_commendations_round_id", ["round_id", "id"], unique=False)

    op.create_table(
        "report_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("all_levels", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_report_batches_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_report_batches_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_report_batches_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_report_batches_task_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_report_batches_code")),
    )
    with op.batch_alter_table("report_batches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_batches_organization_id", ["organization_id", "id"], unique=False
        )

    op.create_table(
        "annual_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (made_at IS NULL)", name=op.f("ck_annual_reports_made")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_annual_reports_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["report_batches.id"], name=op.f("fk_annual_reports_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_annual_reports_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_annual_reports_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_annual_reports_task_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_reports")),
        sa.UniqueConstraint(
            "batch_id", "center_id", name=op.f("uq_annual_reports_batch_id_center_id")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_annual_reports_code")),
    )
    with op.batch_alter_table("annual_reports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_annual_reports_center_id", ["center_id", "year", "id"], unique=False
        )

    op.create_table(
        "commended_centers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commendation_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_commended_centers_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["commendation_id"],
            ["commendations.id"],
            name=op.f("fk_commended_centers_commendation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commended_centers")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_commended_centers_assessment_id")),
    )
    with op.batch_alter_table("commended_centers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_commended_centers_commendation_id", ["commendation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("commended_centers", schema=None) as batch_op:
        batch_op.drop_index("ix_commended_centers_commendation_id")

    op.drop_table("commended_centers")
    with op.batch_alter_table("annual_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_annual_reports_center_id")

    op.drop_table("annual_reports")
    with op.batch_alter_table("report_batches", schema=None) as batch_op:
        batch_op.drop_index("ix_report_batches_organization_id")

    op.drop_table("report_batches")
    with op.batch_alter_table("commendations", schema=None) as batch_op:
        batch_op.drop_index("ix_commendations_round_id")

    op.drop_table("commendations")
