"""Extensions of calls, designations, opinions on refusals; centers that are under designation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("planned", "in_call", "established", "rectifying", "vacant", "closed")
AFTER = ("planned", "in_call", "under_designation", "established", "rectifying", "vacant", "closed")


def _allow(states: tuple[str, ...]) -> None:
    """The states in which a center may stand, as the CHECK of its column has them."""
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("centers", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_centers_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_centers_state"), f"state IN ({listed})")


def upgrade() -> None:
    _allow(AFTER)
    op.create_table(
        "call_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("closed_at < closes_at", name=op.f("ck_call_extensions_later")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_call_extensions_by")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_extensions_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_extensions")),
    )
    with op.batch_alter_table("call_extensions", schema=None) as batch_op:
        batch_op.create_index("ix_call_extensions_call_id", ["call_id", "id"], unique=False)

    op.create_table(
        "designations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("reception_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "under_check",
                "under_decision",
                "approved",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("rulebook_version", sa.String(length=60), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("hosting_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (number IS NOT NULL AND proposed_at IS NOT NULL)",
            name=op.f("ck_designations_proposed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR"
            " (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_designations_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_designations_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["people.id"], name=op.f("fk_designations_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_designations_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["hosting_id"], ["hostings.id"], name=op.f("fk_designations_hosting_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organizations.id"], name=op.f("fk_designations_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organizations.id"], name=op.f("fk_designations_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_designations_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["reception_id"], ["organizations.id"], name=op.f("fk_designations_reception_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
        sa.UniqueConstraint("code", name=op.f("uq_designations_code")),
        sa.UniqueConstraint("number", name=op.f("uq_designations_number")),
    )
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.create_index("ix_designations_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index(
            "ix_designations_institution_id", ["institution_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_designations_issuer_id", ["issuer_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "ix_designations_reception_id", ["reception_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "uq_designations_live",
            ["center_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'under_check', 'under_decision')"),
            postgresql_where=sa.text("state IN ('draft', 'under_check', 'under_decision')"),
        )

    op.create_table(
        "designated_officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("designation_id", sa.Integer(), nullable=False),
        sa.Column(
            "post",
            sa.Enum(
                "director",
                "executive_deputy",
                "deputy",
                "secretary",
                name="post",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("area_in_charge", sa.Text(), nullable=False),
        sa.Column("specialty", sa.String(length=60), nullable=False),
        sa.Column("ability", sa.Text(), nullable=False),
        sa.Column(
            "host_position",
            sa.Enum(
                "president",
                "vice_president_in_charge",
                "other",
                name="host_position",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_discipline_leader", sa.Boolean(), nullable=False),
        sa.Column("in_host_discipline", sa.Boolean(), nullable=False),
        sa.Column("is_specialist", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["designations.id"],
            name=op.f("fk_designated_officers_designation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organizations.id"], name=op.f("fk_designated_officers_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designated_officers")),
        sa.UniqueConstraint("code", name=op.f("uq_designated_officers_code")),
    )
    with op.batch_alter_table("designated_officers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_designated_officers_designation_id", ["designation_id"], unique=False
        )

    op.create_table(
        "designation_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("designation_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["designations.id"],
            name=op.f("fk_designation_files_designation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_designation_files_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation_files")),
        sa.UniqueConstraint("code", name=op.f("uq_designation_files_code")),
    )
    with op.batch_alter_table("designation_files", schema=None) as batch_op:
        batch_op.create_index(
            "ix_designation_files_designation_id", ["designation_id", "ground"], unique=False
        )

    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "answered",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'answered' OR (answered_at IS NOT NULL AND answered_by IS NOT NULL)",
            name=op.f("ck_opinions_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_opinions_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_opinions_application_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_opinions_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        sa.UniqueConstraint("application_id", name=op.f("uq_opinions_application_id")),
    )
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.create_index("ix_opinions_state", ["state", "id"], unique=False)

    op.create_table(
        "opinion_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("opinion_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_opinion_files_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinions.id"], name=op.f("fk_opinion_files_opinion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_files")),
        sa.UniqueConstraint("code", name=op.f("uq_opinion_files_code")),
    )
    with op.batch_alter_table("opinion_files", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_files_opinion_id", ["opinion_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("opinion_files", schema=None) as batch_op:
        batch_op.drop_index("ix_opinion_files_opinion_id")

    op.drop_table("opinion_files")
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.drop_index("ix_opinions_state")

    op.drop_table("opinions")
    with op.batch_alter_table("designation_files", schema=None) as batch_op:
        batch_op.drop_index("ix_designation_files_designation_id")

    op.drop_table("designation_files")
    with op.batch_alter_table("designated_officers", schema=None) as batch_op:
        batch_op.drop_index("ix_designated_officers_designation_id")

    op.drop_table("designated_officers")
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_designations_live",
            sqlite_where=sa.text("state IN ('draft', 'under_check', 'under_decision')"),
            postgresql_where=sa.text("state IN ('draft', 'under_check', 'under_decision')"),
        )
        batch_op.drop_index("ix_designations_reception_id")
        batch_op.drop_index("ix_designations_issuer_id")
        batch_op.drop_index("ix_designations_institution_id")
        batch_op.drop_index("ix_designations_center_id")

    op.drop_table("designations")
    with op.batch_alter_table("call_extensions", schema=None) as batch_op:
        batch_op.drop_index("ix_call_extensions_call_id")

    op.drop_table("call_extensions")
    op.execute(
        "UPDATE centers SET state = CASE WHEN EXISTS"
        " (SELECT 1 FROM hostings WHERE hostings.center_id = centers.id)"
        " THEN 'vacant' ELSE 'planned' END WHERE state = 'under_designation'"
    )
    _allow(BEFORE)
