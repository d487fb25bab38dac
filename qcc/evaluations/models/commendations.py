"""Commendations (通报表扬) of centers for their results in a round."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.evaluations.models.assessments import Assessment
from qcc.evaluations.models.rounds import Round
from qcc.infra.db import Key, Model


class Commendation(Model):
    """The commission's decision to commend centers of a round."""

    __tablename__ = "commendations"
    __table_args__ = (sa.Index("ix_commendations_round_id", "round_id", "id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    decided_at: Mapped[datetime]
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    round: Mapped[Round] = relationship()
    entries: Mapped[list["CommendedCenter"]] = relationship(order_by="CommendedCenter.id")


class CommendedCenter(Model):
    """A result that is commended, and for what; each once."""

    __tablename__ = "commended_centers"
    __table_args__ = (sa.Index("ix_commended_centers_commendation_id", "commendation_id"),)

    id: Mapped[Key]
    commendation_id: Mapped[int] = mapped_column(sa.ForeignKey("commendations.id"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.Text)

    assessment: Mapped[Assessment] = relationship()
