"""Appeals against published results."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.evaluations.models.assessments import Assessment
from qcc.evaluations.workflow import AppealState
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.organizations.models import Person


class Appeal(Editable, Model):
    """What a center has against its result, and what was decided; one for each result.
    *corrected*: by item the points that stand from then on."""

    __tablename__ = "appeals"
    __table_args__ = (
        sa.CheckConstraint("state = 'pending' OR decided_at IS NOT NULL", name="decided"),
    )

    id: Mapped[Key]
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"), unique=True)
    state: Mapped[AppealState] = mapped_column(one_of(AppealState, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    raised_at: Mapped[datetime]
    raised_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    corrected: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    assessment: Mapped[Assessment] = relationship()
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])
