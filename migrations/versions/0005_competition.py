"""Competitions, reviewers, scores; lodged scores take new rows only."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER lodged_scores_no_update BEFORE UPDATE ON lodged_scores
       BEGIN SELECT RAISE(ABORT, 'lodged scores are never changed'); END""",
    """CREATE TRIGGER lodged_scores_no_delete BEFORE DELETE ON lodged_scores
       BEGIN SELECT RAISE(ABORT, 'lodged scores are never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION lodged_scores_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'lodged scores are never changed or deleted'; END $$""",
    """CREATE TRIGGER lodged_scores_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON lodged_scores
       FOR EACH STATEMENT EXECUTE FUNCTION lodged_scores_refuse()""",
]


def upgrade() -> None:
    op.create_table(
        "competitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "half_opened",
                "opened",
                "reviewing",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("drops_extremes", sa.Boolean(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("chosen_id", sa.Integer(), nullable=True),
        sa.Column("choice_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_competitions_closed")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'half_opened') OR opened_at IS NOT NULL",
            name=op.f("ck_competitions_opened"),
        ),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> first_by", name=op.f("ck_competitions_two_persons")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_competitions_call_id")),
        sa.ForeignKeyConstraint(
            ["center_id"], ["centers.id"], name=op.f("fk_competitions_center_id")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_id"], ["applications.id"], name=op.f("fk_competitions_chosen_id")
        ),
        sa.ForeignKeyConstraint(["first_by"], ["people.id"], name=op.f("fk_competitions_first_by")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_competitions_made_by")),
        sa.ForeignKeyConstraint(
            ["second_by"], ["people.id"], name=op.f("fk_competitions_second_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions")),
        sa.UniqueConstraint("call_id", "center_id", name=op.f("uq_competitions_call_id_center_id")),
        sa.UniqueConstraint("code", name=op.f("uq_competitions_code")),
    )
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.create_index("ix_competitions_center_id", ["center_id"], unique=False)

    op.create_table(
        "competition_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competitions.id"],
            name=op.f("fk_competition_criteria_competition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition_criteria")),
        sa.UniqueConstraint(
            "competition_id",
            "position",
            name=op.f("uq_competition_criteria_competition_id_position"),
        ),
    )
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("specialty", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_draws_by")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_draws_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.create_index("ix_draws_competition_id", ["competition_id"], unique=False)

    op.create_table(
        "presentation_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_presentation_slots_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competitions.id"],
            name=op.f("fk_presentation_slots_competition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presentation_slots")),
        sa.UniqueConstraint(
            "competition_id",
            "application_id",
            name=op.f("uq_presentation_slots_competition_id_application_id"),
        ),
    )
    with op.batch_alter_table("presentation_slots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_presentation_slots_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "reviewers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("competition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("specialty", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "declared",
                "lodged",
                "conflicted",
                "released",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=True),
        sa.Column("lodged_at", sa.DateTime(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'lodged' OR lodged_at IS NOT NULL", name=op.f("ck_reviewers_lodged")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions.id"], name=op.f("fk_reviewers_competition_id")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_reviewers_draw_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reviewers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewers")),
        sa.UniqueConstraint("code", name=op.f("uq_reviewers_code")),
        sa.UniqueConstraint(
            "competition_id", "person_id", name=op.f("uq_reviewers_competition_id_person_id")
        ),
    )
    with op.batch_alter_table("reviewers", schema=None) as batch_op:
        batch_op.create_index("ix_reviewers_person_id", ["person_id", "state"], unique=False)

    op.create_table(
        "draft_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_draft_scores_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["competition_criteria.id"], name=op.f("fk_draft_scores_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewers.id"], name=op.f("fk_draft_scores_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_scores")),
        sa.UniqueConstraint(
            "reviewer_id",
            "application_id",
            "criterion_id",
            name=op.f("uq_draft_scores_reviewer_id_application_id_criterion_id"),
        ),
    )
    op.create_table(
        "lodged_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_lodged_scores_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["competition_criteria.id"],
            name=op.f("fk_lodged_scores_criterion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewers.id"], name=op.f("fk_lodged_scores_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lodged_scores")),
        sa.UniqueConstraint(
            "reviewer_id",
            "application_id",
            "criterion_id",
            name=op.f("uq_lodged_scores_reviewer_id_application_id_criterion_id"),
        ),
    )
    with op.batch_alter_table("lodged_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lodged_scores_application_id"), ["application_id"], unique=False
        )

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.alter_column("sealed", server_default=None)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER lodged_scores_no_change ON lodged_scores")
        op.execute("DROP FUNCTION lodged_scores_refuse()")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("sealed")

    with op.batch_alter_table("lodged_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lodged_scores_application_id"))

    op.drop_table("lodged_scores")
    op.drop_table("draft_scores")
    with op.batch_alter_table("reviewers", schema=None) as batch_op:
        batch_op.drop_index("ix_reviewers_person_id")

    op.drop_table("reviewers")
    with op.batch_alter_table("presentation_slots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presentation_slots_application_id"))

    op.drop_table("presentation_slots")
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.drop_index("ix_draws_competition_id")

    op.drop_table("draws")
    op.drop_table("competition_criteria")
    with op.batch_alter_table("competitions", schema=None) as batch_op:
        batch_op.drop_index("ix_competitions_center_id")

    op.drop_table("competitions")
