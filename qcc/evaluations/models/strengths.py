"""Strengths that are shared with all centers of a round (S.7)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.evaluations.models.assessments import Assessment
from qcc.infra.db import Key, Model
from qcc.organizations.models import Person


class Strength(Model):
    """What a center does well at an item, in the organizer's words, for the others to learn from.
    It names the center; of its points it says nothing."""

    __tablename__ = "strengths"
    __table_args__ = (
        sa.Index("ix_strengths_round_id", "round_id", "id"),
        sa.Index("ix_strengths_assessment_id", "assessment_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    item: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)
    noted_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    noted_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship()
    noter: Mapped[Person] = relationship()
