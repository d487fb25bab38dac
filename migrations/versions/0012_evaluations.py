"""Rounds of assessment, accounts with evidence, scores, appeals, revocations; lodged scores and
final results take no changes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0014"
branch_labels = None
depends_on = None


LODGED = (
    "EXISTS (SELECT 1 FROM round_assessors WHERE id = {row}.assessor_id AND lodged_at IS NOT NULL)"
)
REFUSED = "lodged scores and final results are never changed"


def _sqlite_triggers() -> list[str]:
    rows = (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD"))
    made = [
        f"""CREATE TRIGGER item_scores_no_{verb} BEFORE {verb.upper()} ON item_scores
       WHEN {LODGED.format(row=row)} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
        for verb, row in rows
    ]
    return made + [
        f"""CREATE TRIGGER assessments_no_{verb} BEFORE {verb.upper()} ON assessments
       WHEN OLD.state = 'final' BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
        for verb in ("update", "delete")
    ]


POSTGRESQL = [
    f"""CREATE FUNCTION assessments_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    """CREATE FUNCTION item_scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE seat integer;
       BEGIN
           seat := CASE WHEN TG_OP = 'INSERT' THEN NEW.assessor_id ELSE OLD.assessor_id END;
           IF EXISTS (SELECT 1 FROM round_assessors WHERE id = seat AND lodged_at IS NOT NULL) THEN
               RAISE EXCEPTION 'lodged scores are never changed';
           END IF;
           IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
           RETURN NEW;
       END $$""",
    """CREATE TRIGGER item_scores_no_change BEFORE INSERT OR UPDATE OR DELETE ON item_scores
       FOR EACH ROW EXECUTE FUNCTION item_scores_refuse()""",
    """CREATE TRIGGER assessments_no_change BEFORE UPDATE OR DELETE ON assessments
       FOR EACH ROW WHEN (OLD.state = 'final') EXECUTE FUNCTION assessments_refuse()""",
]


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "annual",
                "debrief",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("organizer_id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=True),
        sa.Column(
            "center_kind",
            sa.Enum(
                "quality_control",
                "technical_guidance",
                name="center_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rubric_id", sa.String(length=60), nullable=False),
        sa.Column("rubric_version", sa.String(length=80), nullable=False),
        sa.Column("self_from", sa.Date(), nullable=False),
        sa.Column("self_until", sa.Date(), nullable=False),
        sa.Column("score_until", sa.Date(), nullable=False),
        sa.Column("judges_weight", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("grades", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "scoring",
                "published",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'debrief') = (center_id IS NOT NULL)", name=op.f("ck_rounds_debrief")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'cancelled') OR pass_mark IS NOT NULL",
            name=op.f("ck_rounds_scale"),
        ),
        sa.CheckConstraint("judges_weight BETWEEN 0 AND 100", name=op.f("ck_rounds_weights")),
        sa.CheckConstraint(
            "self_from <= self_until AND self_until <= score_until", name=op.f("ck_rounds_calendar")
        ),
        sa.ForeignKeyConstraint(["center_id"], ["centers.id"], name=op.f("fk_rounds_center_id")),
        sa.ForeignKeyConstraint(
            ["organizer_id"], ["organizations.id"], name=op.f("fk_rounds_organizer_id")
        ),
        sa.ForeignKeyConstraint(["place"], ["jurisdictions.code"], name=op.f("fk_rounds_place")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["people.id"], name=op.f("fk_rounds_published_by")
        ),
        sa.ForeignKeyConstraint(["repeats_id"], ["rounds.id"], name=op.f("fk_rounds_repeats_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_rounds_code")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index("ix_rounds_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index("ix_rounds_place", ["place", "year", "id"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("hosting_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "writing",
                "submitted",
                "scoring",
                "published",
                "appealed",
                "final",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("computed", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("appeal_by", sa.Date(), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'final' OR final_on IS NOT NULL", name=op.f("ck_assessments_final")
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'appealed', 'final')"
            " OR (total IS NOT NULL AND has_passed IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_assessments_result"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_assessments_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["hosting_id"], ["hostings.id"], name=op.f("fk_assessments_hosting_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assessments_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("code", name=op.f("uq_assessments_code")),
        sa.UniqueConstraint(
            "round_id", "center_id", name=op.f("uq_assessments_round_id_center_id")
        ),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index("ix_assessments_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index("ix_assessments_hosting_id", ["hosting_id"], unique=False)
        batch_op.create_index("ix_assessments_state", ["state", "appeal_by", "id"], unique=False)

    op.create_table(
        "round_assessors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("lodged_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("side IN ('judges', 'audience')", name=op.f("ck_round_assessors_side")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_round_assessors_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_assessors_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_assessors")),
        sa.UniqueConstraint(
            "round_id", "person_id", name=op.f("uq_round_assessors_round_id_person_id")
        ),
    )
    with op.batch_alter_table("round_assessors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_round_assessors_person_id", ["person_id", "round_id"], unique=False
        )

    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "upheld",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'pending' OR decided_at IS NOT NULL", name=op.f("ck_appeals_decided")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_appeals_assessment_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_appeals_decided_by")),
        sa.ForeignKeyConstraint(["raised_by"], ["people.id"], name=op.f("fk_appeals_raised_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_appeals_assessment_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("slot", sa.String(length=60), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_evidence_assessment_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_assessment_id", ["assessment_id", "item"], unique=False)
        batch_op.create_index("ix_evidence_file_id", ["file_id"], unique=False)

    op.create_table(
        "item_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_item_scores_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["round_assessors.id"], name=op.f("fk_item_scores_assessor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_scores")),
        sa.UniqueConstraint(
            "assessment_id",
            "assessor_id",
            "item",
            name=op.f("uq_item_scores_assessment_id_assessor_id_item"),
        ),
    )
    with op.batch_alter_table("item_scores", schema=None) as batch_op:
        batch_op.create_index(
            "ix_item_scores_assessor_id", ["assessor_id", "assessment_id"], unique=False
        )

    op.create_table(
        "own_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_own_accounts_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_accounts")),
        sa.UniqueConstraint(
            "assessment_id", "item", name=op.f("uq_own_accounts_assessment_id_item")
        ),
    )
    op.create_table(
        "revocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("hosting_id", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "declined",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR ends_on IS NOT NULL", name=op.f("ck_revocations_approved")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'lapsed') OR decided_at IS NOT NULL",
            name=op.f("ck_revocations_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_revocations_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["assessments.id"], name=op.f("fk_revocations_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["hosting_id"], ["hostings.id"], name=op.f("fk_revocations_hosting_id")
        ),
        sa.ForeignKeyConstraint(
            ["last_id"], ["assessments.id"], name=op.f("fk_revocations_last_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocations")),
        sa.UniqueConstraint("code", name=op.f("uq_revocations_code")),
    )
    with op.batch_alter_table("revocations", schema=None) as batch_op:
        batch_op.create_index("ix_revocations_center_id", ["center_id", "id"], unique=False)
        batch_op.create_index(
            "uq_revocations_asked",
            ["hosting_id", "last_year"],
            unique=True,
            sqlite_where=sa.text("state <> 'lapsed'"),
            postgresql_where=sa.text("state <> 'lapsed'"),
        )

    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite_triggers() if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("revocations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_revocations_asked",
            sqlite_where=sa.text("state <> 'lapsed'"),
            postgresql_where=sa.text("state <> 'lapsed'"),
        )
        batch_op.drop_index("ix_revocations_center_id")

    op.drop_table("revocations")
    op.drop_table("own_accounts")
    with op.batch_alter_table("item_scores", schema=None) as batch_op:
        batch_op.drop_index("ix_item_scores_assessor_id")

    op.drop_table("item_scores")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_file_id")
        batch_op.drop_index("ix_evidence_assessment_id")

    op.drop_table("evidence")
    op.drop_table("appeals")
    with op.batch_alter_table("round_assessors", schema=None) as batch_op:
        batch_op.drop_index("ix_round_assessors_person_id")

    op.drop_table("round_assessors")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index("ix_assessments_state")
        batch_op.drop_index("ix_assessments_hosting_id")
        batch_op.drop_index("ix_assessments_center_id")

    op.drop_table("assessments")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index("ix_rounds_place")
        batch_op.drop_index("ix_rounds_center_id")

    op.drop_table("rounds")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION item_scores_refuse()")
        op.execute("DROP FUNCTION assessments_refuse()")
