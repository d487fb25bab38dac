"""Revocations of hostings."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models.assessments import Assessment
from qcc.evaluations.workflow import RevocationState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of, unique_while


class Revocation(Editable, Model):
    """The question whether a hosting is revoked after two failed years in a row (M.20), with both
    results, and what the commission decided. Each pair of years is asked about once."""

    __tablename__ = "revocations"
    __table_args__ = (
        unique_while(
            "uq_revocations_asked",
            "hosting_id",
            "last_year",
            condition="state <> 'lapsed'",
            table="revocations",
        ),
        sa.CheckConstraint("state <> 'approved' OR ends_on IS NOT NULL", name="approved"),
        sa.CheckConstraint(
            "state IN ('proposed', 'lapsed') OR decided_at IS NOT NULL", name="decided"
        ),
        sa.Index("ix_revocations_center_id", "center_id", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    hosting_id: Mapped[int] = mapped_column(sa.ForeignKey("hostings.id"))
    first_year: Mapped[int]
    last_year: Mapped[int]
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    last_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    state: Mapped[RevocationState] = mapped_column(one_of(RevocationState, "state"))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ends_on: Mapped[date | None]

    center: Mapped[Center] = relationship()
    hosting: Mapped[Hosting] = relationship()
    first: Mapped[Assessment] = relationship(foreign_keys=[first_id])
    last: Mapped[Assessment] = relationship(foreign_keys=[last_id])
