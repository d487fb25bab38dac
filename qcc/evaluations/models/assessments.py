"""The assessment of a center: its own account with evidence, the scores, the result."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models.rounds import Round, RoundAssessor
from qcc.evaluations.workflow import AssessmentState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Hundredths, Key, Model, one_of
from qcc.infra.files import StoredFile


class Assessment(Editable, Model):
    """One center, hosted as it was, in one round. *computed*: by item what the product knew when
    the scoring began. *result* keeps groups and items as they were published, *corrected* the
    scores that an appeal put in place of the assessors'."""

    __tablename__ = "assessments"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "center_id"),
        sa.CheckConstraint(
            "state NOT IN ('published', 'appealed', 'final')"
            " OR (total IS NOT NULL AND has_passed IS NOT NULL AND published_at IS NOT NULL)",
            name="result",
        ),
        sa.CheckConstraint("state <> 'final' OR final_on IS NOT NULL", name="final"),
        sa.Index("ix_assessments_center_id", "center_id", "id"),
        sa.Index("ix_assessments_hosting_id", "hosting_id"),
        sa.Index("ix_assessments_state", "state", "appeal_by", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    hosting_id: Mapped[int] = mapped_column(sa.ForeignKey("hostings.id"))
    state: Mapped[AssessmentState] = mapped_column(one_of(AssessmentState, "state"))
    submitted_at: Mapped[datetime | None]
    computed: Mapped[dict[str, Any]]
    total: Mapped[Decimal | None] = mapped_column(Hundredths)
    grade: Mapped[str] = mapped_column(sa.String(20), default="")
    has_passed: Mapped[bool | None]
    result: Mapped[dict[str, Any]]
    corrected: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    appeal_by: Mapped[date | None]
    final_on: Mapped[date | None]

    round: Mapped[Round] = relationship()
    center: Mapped[Center] = relationship()
    hosting: Mapped[Hosting] = relationship()
    accounts: Mapped[list["OwnAccount"]] = relationship(order_by="OwnAccount.id")

    @property
    def corrected_points(self) -> dict[str, Decimal]:
        """By item, the points that an appeal put in place of the assessors'."""
        return {code: Decimal(points) for code, points in self.corrected.items()}


class OwnAccount(Editable, Model):
    """What the center says of itself at an item of the rubric."""

    __tablename__ = "own_accounts"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "item"),)

    id: Mapped[Key]
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    item: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    points: Mapped[Decimal | None] = mapped_column(Hundredths)
    saved_at: Mapped[datetime]


class Evidence(Model):
    """A file in a slot of an item. One file may stand in several slots; what was submitted is never
    removed, only taken out (*removed_at*)."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.Index("ix_evidence_assessment_id", "assessment_id", "item"),
        sa.Index("ix_evidence_file_id", "file_id"),
    )

    id: Mapped[Key]
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    item: Mapped[str] = mapped_column(sa.String(20))
    slot: Mapped[str] = mapped_column(sa.String(60))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()


class ItemScore(Model):
    """What an assessor gives a center for an item. The database takes no changes once the assessor
    has lodged."""

    __tablename__ = "item_scores"
    __table_args__ = (
        sa.UniqueConstraint("assessment_id", "assessor_id", "item"),
        sa.Index("ix_item_scores_assessor_id", "assessor_id", "assessment_id"),
    )

    id: Mapped[Key]
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    assessor_id: Mapped[int] = mapped_column(sa.ForeignKey("round_assessors.id"))
    item: Mapped[str] = mapped_column(sa.String(20))
    points: Mapped[Decimal] = mapped_column(Hundredths)
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    saved_at: Mapped[datetime]

    assessor: Mapped[RoundAssessor] = relationship()
