"""Competitions for a center: the plan, the reviewers, what they score, what came of it (M.11).

Competitions and reviewers are named by random codes in addresses.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.applications.models.applications import Application
from qcc.applications.models.calls import Call
from qcc.applications.workflow import CompetitionState, ReviewerState
from qcc.centers.models import Center
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.kernel.dates import legal_date
from qcc.organizations.models import Person


class Tenths(sa.types.TypeDecorator[Decimal]):
    """Points with one decimal, kept as whole tenths: exact on every database."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value * 10)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10


class Competition(Editable, Model):
    """The competition for one center of a call, judged by a plan that was made before the call
    opened.

    *seats*: specialty and number of reviewers; *minimum* and *bound*: points of a total of 100;
    *slot_minutes*: of each presentation, 0 for none; *review_days*: within which reviewers lodge,
    and *score_by*: the first moment after them, known when the review begins; *result*: as stored
    when the review closed.
    """

    __tablename__ = "competitions"
    __table_args__ = (
        sa.UniqueConstraint("call_id", "center_id"),
        sa.CheckConstraint(
            "state IN ('planned', 'half_opened') OR opened_at IS NOT NULL", name="opened"
        ),
        sa.CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed"),
        sa.CheckConstraint("second_by IS NULL OR second_by <> first_by", name="two_persons"),
        sa.Index("ix_competitions_center_id", "center_id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"))
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    state: Mapped[CompetitionState] = mapped_column(one_of(CompetitionState, "state"))
    seats: Mapped[list[Any]]
    drops_extremes: Mapped[bool] = mapped_column(default=False)
    minimum: Mapped[Decimal | None] = mapped_column(Tenths)
    bound: Mapped[Decimal | None] = mapped_column(Tenths)
    slot_minutes: Mapped[int] = mapped_column(default=0)
    review_days: Mapped[int | None]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime]
    first_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    opened_at: Mapped[datetime | None]
    score_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[list[Any]]
    chosen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("applications.id"))
    choice_reason: Mapped[str] = mapped_column(sa.Text, default="")

    call: Mapped[Call] = relationship()
    center: Mapped[Center] = relationship()
    criteria: Mapped[list["CompetitionCriterion"]] = relationship(
        order_by="CompetitionCriterion.position", cascade="all, delete-orphan"
    )
    reviewers: Mapped[list["Reviewer"]] = relationship(order_by="Reviewer.id")
    chosen: Mapped[Application | None] = relationship(foreign_keys=[chosen_id])

    @property
    def last_day_to_score(self) -> date | None:
        """The last day on which scores are lodged in time, if there is one."""
        return self.score_by and legal_date(self.score_by - timedelta(seconds=1))


class CompetitionCriterion(Model):
    """What is judged: weight in hundredths of the total, most points, what the levels mean."""

    __tablename__ = "competition_criteria"
    __table_args__ = (sa.UniqueConstraint("competition_id", "position"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competitions.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(60))
    weight: Mapped[int]
    most: Mapped[int]
    levels: Mapped[str] = mapped_column(sa.Text, default="")


class Draw(Model):
    """A draw of reviewers by chance: the seed and the candidates it was made among, so that
    anybody can repeat it."""

    __tablename__ = "draws"
    __table_args__ = (sa.Index("ix_draws_competition_id", "competition_id"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competitions.id"))
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    specialty: Mapped[str] = mapped_column(sa.String(60))
    seed: Mapped[str] = mapped_column(sa.String(64))
    candidates: Mapped[list[Any]]
    drawn: Mapped[list[Any]]


class Reviewer(Editable, Model):
    """A person who reviews a competition: drawn, or chosen with a reason."""

    __tablename__ = "reviewers"
    __table_args__ = (
        sa.UniqueConstraint("competition_id", "person_id"),
        sa.CheckConstraint("state <> 'lodged' OR lodged_at IS NOT NULL", name="lodged"),
        sa.Index("ix_reviewers_person_id", "person_id", "state"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competitions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    specialty: Mapped[str] = mapped_column(sa.String(60), default="")
    state: Mapped[ReviewerState] = mapped_column(one_of(ReviewerState, "state"))
    draw_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    lodged_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")

    competition: Mapped[Competition] = relationship(back_populates="reviewers")
    person: Mapped[Person] = relationship()


class DraftScore(Editable, Model):
    """A score as it is being thought over; nobody but the reviewer sees it."""

    __tablename__ = "draft_scores"
    __table_args__ = (sa.UniqueConstraint("reviewer_id", "application_id", "criterion_id"),)

    id: Mapped[Key]
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("reviewers.id"))
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_criteria.id"))
    points: Mapped[Decimal | None] = mapped_column(Tenths)
    remark: Mapped[str] = mapped_column(sa.Text, default="")


class LodgedScore(Model):
    """A score as it was lodged. The database refuses to change or delete it."""

    __tablename__ = "lodged_scores"
    __table_args__ = (sa.UniqueConstraint("reviewer_id", "application_id", "criterion_id"),)

    id: Mapped[Key]
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("reviewers.id"))
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_criteria.id"))
    points: Mapped[Decimal | None] = mapped_column(Tenths)
    remark: Mapped[str] = mapped_column(sa.Text, default="")


class Slot(Model):
    """When an applicant presents (答辩), in an order that was drawn."""

    __tablename__ = "presentation_slots"
    __table_args__ = (sa.UniqueConstraint("competition_id", "application_id"),)

    id: Mapped[Key]
    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competitions.id"))
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(120), default="")

    application: Mapped[Application] = relationship()
