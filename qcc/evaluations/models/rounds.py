"""Rounds of assessment and who assesses in them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.evaluations.rules.scoring import Grade, Scale
from qcc.evaluations.workflow import RoundState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Hundredths, Key, Model, one_of
from qcc.kernel.rubrics import AssessmentKind
from qcc.organizations.models import Organization, Person
from qcc.regulations.catalogs import CenterKind


class Round(Editable, Model):
    """The assessment of the centers of a place for a calendar year (M.20), or the debrief of those
    of a specialty below it (S.7), by a rubric and a calendar.

    *organizer_id* runs it; of a debrief it is the host of *center_id*, the center that assesses.
    *repeats_id*: the round in whose place this one stands. Pass mark and grades are the
    commission's: points of the rubric, the highest band first.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'cancelled') OR pass_mark IS NOT NULL", name="scale"
        ),
        sa.CheckConstraint(
            "self_from <= self_until AND self_until <= score_until", name="calendar"
        ),
        sa.CheckConstraint("judges_weight BETWEEN 0 AND 100", name="weights"),
        sa.CheckConstraint("(kind = 'debrief') = (center_id IS NOT NULL)", name="debrief"),
        sa.Index("ix_rounds_place", "place", "year", "id"),
        sa.Index("ix_rounds_center_id", "center_id", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[AssessmentKind] = mapped_column(one_of(AssessmentKind, "kind"))
    year: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    place: Mapped[str] = mapped_column(sa.ForeignKey("jurisdictions.code"))
    organizer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"))
    center_kind: Mapped[CenterKind | None] = mapped_column(one_of(CenterKind, "center_kind"))
    rubric_id: Mapped[str] = mapped_column(sa.String(60))
    rubric_version: Mapped[str] = mapped_column(sa.String(80))
    self_from: Mapped[date]
    self_until: Mapped[date]
    score_until: Mapped[date]
    judges_weight: Mapped[int] = mapped_column(default=100)
    pass_mark: Mapped[Decimal | None] = mapped_column(Hundredths)
    grades: Mapped[list[Any]]
    state: Mapped[RoundState] = mapped_column(one_of(RoundState, "state"))
    repeats_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]

    organizer: Mapped[Organization] = relationship()
    center: Mapped[Center | None] = relationship()
    assessors: Mapped[list["RoundAssessor"]] = relationship(
        order_by="RoundAssessor.id", cascade="all, delete-orphan", back_populates="round"
    )

    @property
    def scale(self) -> Scale | None:
        """From which total on a center has passed, and the bands; None until it is set."""
        if self.pass_mark is None:
            return None
        bands = (Grade(str(name), Decimal(str(least))) for name, least in self.grades)
        return Scale(self.pass_mark, tuple(bands))


class RoundAssessor(Model):
    """A person who scores in a round, on a side (judges, or the audience of a debrief). Once
    *lodged_at*, the scores are fixed."""

    __tablename__ = "round_assessors"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint("side IN ('judges', 'audience')", name="side"),
        sa.Index("ix_round_assessors_person_id", "person_id", "round_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    side: Mapped[str] = mapped_column(sa.String(16), default="judges")
    lodged_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(back_populates="assessors")
    person: Mapped[Person] = relationship()
