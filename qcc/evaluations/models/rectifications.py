"""Rectification orders: what a center is to put right, its plan, the evidence, the effect."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models.assessments import Assessment
from qcc.evaluations.workflow import Effect, RectificationState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of, unique_while
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization, Person


class Basis(StrEnum):
    """What an order rests on: a failed assessment, a violation that is founded, or what a visit of
    the commission found (M.18)."""

    ASSESSMENT = "assessment"
    VIOLATION = "violation"
    SUPERVISION = "supervision"


class Rectification(Editable, Model):
    """An order to a center to put its work right by a day (限期整改, M.20).

    *orderer_id* is who issued it, and hosts *orderer_center_id* where a center did (S.7).
    *effect* and *opinion* are those of the last verification.
    """

    __tablename__ = "rectifications"
    __table_args__ = (
        unique_while(
            "uq_rectifications_assessment",
            "assessment_id",
            condition="state <> 'withdrawn'",
            table="rectifications",
        ),
        sa.CheckConstraint(
            "(basis = 'assessment') = (assessment_id IS NOT NULL)", name="assessment"
        ),
        sa.CheckConstraint("state <> 'handed_in' OR handed_in_at IS NOT NULL", name="handed_in"),
        sa.CheckConstraint(
            "state <> 'closed' OR (closed_on IS NOT NULL AND effect IS NOT NULL)", name="closed"
        ),
        sa.Index("ix_rectifications_center_id", "center_id", "id"),
        sa.Index("ix_rectifications_state", "state", "due_on", "id"),
        sa.Index("ix_rectifications_orderer", "orderer_id", "state"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    hosting_id: Mapped[int] = mapped_column(sa.ForeignKey("hostings.id"))
    basis: Mapped[Basis] = mapped_column(one_of(Basis, "basis"))
    assessment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assessments.id"))
    orderer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    orderer_center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[date]
    state: Mapped[RectificationState] = mapped_column(one_of(RectificationState, "state"))
    issued_at: Mapped[datetime]
    issued_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    planned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    handed_in_at: Mapped[datetime | None]
    handed_in_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    effect: Mapped[Effect | None] = mapped_column(one_of(Effect, "effect"))
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    closed_on: Mapped[date | None]

    center: Mapped[Center] = relationship(foreign_keys=[center_id])
    hosting: Mapped[Hosting] = relationship()
    assessment: Mapped[Assessment | None] = relationship()
    orderer: Mapped[Organization] = relationship()
    orderer_center: Mapped[Center | None] = relationship(foreign_keys=[orderer_center_id])
    items: Mapped[list["RectificationItem"]] = relationship(
        order_by="RectificationItem.id", back_populates="rectification"
    )


class RectificationItem(Editable, Model):
    """One thing to be put right: what is wanted, the measure with its owner and day, what was done,
    and the effect that the last verification found. *item* names the rubric's item, if it is one,
    and *lost* the points that were not reached."""

    __tablename__ = "rectification_items"
    __table_args__ = (sa.Index("ix_rectification_items_rectification_id", "rectification_id"),)

    id: Mapped[Key]
    rectification_id: Mapped[int] = mapped_column(sa.ForeignKey("rectifications.id"))
    item: Mapped[str] = mapped_column(sa.String(20), default="")
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    lost: Mapped[str] = mapped_column(sa.String(20), default="")
    wanted: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[str] = mapped_column(sa.Text, default="")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    due_on: Mapped[date | None]
    done: Mapped[str] = mapped_column(sa.Text, default="")
    effect: Mapped[Effect | None] = mapped_column(one_of(Effect, "effect"))

    rectification: Mapped[Rectification] = relationship(back_populates="items")
    owner: Mapped[Person | None] = relationship()
    evidence: Mapped[list["RectificationEvidence"]] = relationship(
        primaryjoin="and_(RectificationEvidence.item_id == RectificationItem.id,"
        " RectificationEvidence.removed_at.is_(None))",
        order_by="RectificationEvidence.id",
        viewonly=True,
    )

    @property
    def is_planned(self) -> bool:
        """Whether measure, owner and day are named."""
        return bool(self.measure and self.owner_id and self.due_on)


class RectificationEvidence(Model):
    """A file that proves what was done; what was added is never removed, only taken out."""

    __tablename__ = "rectification_evidence"
    __table_args__ = (
        sa.Index("ix_rectification_evidence_item_id", "item_id"),
        sa.Index("ix_rectification_evidence_file_id", "file_id"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("rectification_items.id"))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()
