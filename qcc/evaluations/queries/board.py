"""What the boards show: the centers of a year with their results, and how far the rounds are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Assessment, ItemScore, Round, RoundAssessor
from qcc.evaluations.permissions import round_is_visible_to
from qcc.evaluations.queries.assessments import WITH_RESULT, list_verdicts
from qcc.evaluations.queries.rounds import AT_WORK
from qcc.evaluations.rules.board import Judged, is_one_strike_away
from qcc.evaluations.rules.strikes import Verdict
from qcc.evaluations.workflow import AssessmentState, RoundState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.kernel.rubrics import AssessmentKind
from qcc.regulations.rubrics import get_rubric
from qcc.regulations.rulebooks import rulebook_for


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A center at work, and what its year came to; *code* and *total* of the published result."""

    id: int
    name: str
    judged: Judged
    code: str = ""
    total: Decimal | None = None

    @property
    def needs_attention(self) -> bool:
        """Whether it failed, rectifies or is one strike from the end of its hosting."""
        judged = self.judged
        return judged.has_passed is False or judged.is_rectifying or judged.is_at_risk


def list_board(actor: Actor, year: int) -> list[BoardRow]:
    """Every center at work in the actor's place and below it, by place and name, with the yearly
    assessment that stands. Four queries, however many centers."""
    in_scope = begins(Center.place, subtree_prefix(actor.place))
    centers = db.session.execute(
        sa.select(
            Center.id,
            Center.name,
            Center.place,
            Center.kind,
            Center.state,
            Hosting.id.label("hosting"),
        )
        .join(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
        .where(Center.state.in_(AT_WORK), in_scope)
        .order_by(Center.place, Center.name)
    ).all()
    results = {
        row.center_id: row
        for row in db.session.execute(
            sa.select(
                Assessment.center_id,
                Assessment.code,
                Assessment.total,
                Assessment.grade,
                Assessment.has_passed,
            )
            .join(Assessment.round)
            .join(Assessment.center)
            .where(
                Round.kind == AssessmentKind.ANNUAL,
                Round.year == year,
                Assessment.state.in_(WITH_RESULT),
                in_scope,
            )
            .order_by(Round.id)
        )
    }
    failed = db.session.scalars(
        sa.select(Assessment.hosting_id)
        .join(Assessment.center)
        .where(Assessment.state == AssessmentState.FINAL, ~Assessment.has_passed, in_scope)
        .distinct()
    ).all()
    verdicts = list_verdicts(failed) if failed else {}
    return [
        _row(
            center, results.get(center.id), [v for v, _id in verdicts.get(center.hosting, ())], year
        )
        for center in centers
    ]


def _row(center: Any, result: Any, verdicts: Sequence[Verdict], year: int) -> BoardRow:
    at_risk = False
    if verdicts:
        book = rulebook_for(center.place, clock.today())
        limit = book["assessment.consecutive_failures"].number
        at_risk = is_one_strike_away(verdicts, center.hosting, year, limit)
    judged = Judged(
        center.place,
        center.kind,
        result and result.has_passed,
        result.grade if result else "",
        center.state is CenterState.RECTIFYING,
        at_risk,
    )
    code, total = (result.code, result.total) if result else ("", None)
    return BoardRow(center.id, center.name, judged, code, total)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: accounts submitted, assessors who lodged, cells of the sheets filled."""

    round: Round
    centers: int
    submitted: int
    seated: int
    lodged: int
    scored: int
    cells: int


def list_progress(actor: Actor, limit: int = 50) -> list[Progress]:
    """Of the rounds that are under way in the actor's scope, those that end first. How many points
    were given is said, never which."""
    rounds = db.session.scalars(
        sa.select(Round)
        .where(
            round_is_visible_to(actor),
            Round.state.in_((RoundState.PLANNED, RoundState.OPEN, RoundState.SCORING)),
        )
        .order_by(Round.score_until, Round.id)
        .limit(limit)
        .options(joinedload(Round.organizer))
    ).all()
    ids = [each.id for each in rounds]
    accounts = _counts(
        sa.select(
            Assessment.round_id,
            sa.func.count(),
            sa.func.count().filter(Assessment.state != AssessmentState.WRITING),
        )
        .where(Assessment.round_id.in_(ids), Assessment.state != AssessmentState.CANCELLED)
        .group_by(Assessment.round_id)
    )
    seats = _counts(
        sa.select(RoundAssessor.round_id, sa.func.count(), sa.func.count(RoundAssessor.lodged_at))
        .where(RoundAssessor.round_id.in_(ids))
        .group_by(RoundAssessor.round_id)
    )
    scores = _counts(
        sa.select(RoundAssessor.round_id, sa.func.count(ItemScore.id), sa.literal(0))
        .join(ItemScore, ItemScore.assessor_id == RoundAssessor.id)
        .where(RoundAssessor.round_id.in_(ids))
        .group_by(RoundAssessor.round_id)
    )
    found = []
    for each in rounds:
        centers, submitted = accounts.get(each.id, (0, 0))
        seated, lodged = seats.get(each.id, (0, 0))
        items = len(list(get_rubric(each.rubric_id).items))
        scored, cells = scores.get(each.id, (0, 0))[0], centers * seated * items
        found.append(Progress(each, centers, submitted, seated, lodged, scored, cells))
    return found


def _counts(query: sa.Executable) -> dict[int, tuple[int, int]]:
    return {key: (all_, some) for key, all_, some in db.session.execute(query)}
