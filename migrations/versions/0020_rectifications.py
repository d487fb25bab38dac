"""Rectification orders: what is to be put right, the plan, the evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rectifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("hosting_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "assessment",
                "violation",
                "supervision",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("orderer_id", sa.Integer(), nullable=False),
        sa.Column("orderer_center_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "underway",
                "handed_in",
                "closed",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(), nullable=True),
        sa.Column("handed_in_by", sa.Integer(), nullable=True),
        sa.Column(
            "effect",
            sa.Enum(
                "effective",
                "partly",
                "ineffective",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(basis = 'assessment') = (assessment_id IS NOT NULL)",
            name=op.f("ck_rectifications_assessment"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR (closed_on IS NOT NULL AND effect IS NOT NULL)",
            name=op.f("ck_rectifications_closed"),
        ),
        sa.CheckConstraint(
            "state <> 'handed_in' OR handed_in_at IS NOT NULL",
            name=op.f("ck_rectifications_handed_in"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_rectifications_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_rectifications_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["people.id"], name=op.f("fk_rectifications_handed_in_by")
        ),
        sa.ForeignKeyConstraint(
            ["hosting_id"], ["hostings.id"], name=op.f("fk_rectifications_hosting_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["people.id"], name=op.f("fk_rectifications_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["orderer_center_id"], ["centers.id"], name=op.f("fk_rectifications_orderer_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["orderer_id"], ["organizations.id"], name=op.f("fk_rectifications_orderer_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by"], ["people.id"], name=op.f("fk_rectifications_planned_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectifications")),
        sa.UniqueConstraint("code", name=op.f("uq_rectifications_code")),
    )
    with op.batch_alter_table("rectifications", schema=None) as batch_op:
        batch_op.create_index("ix_rectifications_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index("ix_rectifications_orderer", ["orderer_id", "state"], unique=False)
        batch_op.create_index("ix_rectifications_state", ["state", "due_on", "id"], unique=False)
        batch_op.create_index(
            "uq_rectifications_assessment",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "rectification_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rectification_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("lost", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "effective",
                "partly",
                "ineffective",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_rectification_items_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectifications.id"],
            name=op.f("fk_rectification_items_rectification_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_items")),
    )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rectification_items_rectification_id", ["rectification_id"], unique=False
        )

    op.create_table(
        "rectification_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_rectification_evidence_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_rectification_evidence_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["rectification_items.id"], name=op.f("fk_rectification_evidence_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_evidence")),
    )
    with op.batch_alter_table("rectification_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_rectification_evidence_file_id", ["file_id"], unique=False)
        batch_op.create_index("ix_rectification_evidence_item_id", ["item_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rectification_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_rectification_evidence_item_id")
        batch_op.drop_index("ix_rectification_evidence_file_id")

    op.drop_table("rectification_evidence")
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.drop_index("ix_rectification_items_rectification_id")

    op.drop_table("rectification_items")
    with op.batch_alter_table("rectifications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rectifications_assessment",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index("ix_rectifications_state")
        batch_op.drop_index("ix_rectifications_orderer")
        batch_op.drop_index("ix_rectifications_center_id")

    op.drop_table("rectifications")
