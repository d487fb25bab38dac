"""Published results of a center."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.rules import annual_report as facts
from qcc.evaluations.workflow import SHOWN
from qcc.infra.db import db
from qcc.kernel.rubrics import Rubric
from qcc.regulations.rubrics import get_rubric

RESULT_YEARS = 5
"""Of so many years the results stand beside each other."""


def results_of(center_id: int, year: int) -> tuple[facts.Result, ...]:
    """Published results of the last years, the oldest first; items only of the year itself."""
    found = db.session.scalars(
        sa.select(Assessment)
        .join(Assessment.round)
        .where(
            Assessment.center_id == center_id,
            Assessment.state.in_(SHOWN),
            Round.year.between(year - RESULT_YEARS + 1, year),
        )
        .options(contains_eager(Assessment.round))
        .order_by(Round.year, Round.id)
    )
    return tuple(_result(each, with_items=each.round.year == year) for each in found)


def _result(assessment: Assessment, *, with_items: bool) -> facts.Result:
    round_, rubric = assessment.round, get_rubric(assessment.round.rubric_id)
    groups = assessment.result.get("groups", {})
    return facts.Result(
        year=round_.year,
        title=round_.title,
        kind=round_.kind.value,
        total=assessment.total or Decimal(0),
        most=rubric.points,
        pass_mark=round_.pass_mark,
        grade=assessment.grade,
        has_passed=bool(assessment.has_passed),
        is_final=assessment.final_on is not None,
        groups=tuple(
            (group.name, Decimal(groups.get(group.name, "0")), group.points)
            for group in rubric.groups
        ),
        items=_items(rubric, assessment.result.get("items", {})) if with_items else (),
    )


def _items(rubric: Rubric, given: dict[str, Any]) -> tuple[facts.ItemResult, ...]:
    return tuple(
        facts.ItemResult(
            group=group.name,
            name=item.name,
            most=item.points,
            points=None if (score := given.get(item.code, {}).get("score")) is None
            else Decimal(score),
            remarks=tuple(given.get(item.code, {}).get("remarks", ())),
        )
        for group in rubric.groups
        for item in group.items
    )  # fmt: skip
