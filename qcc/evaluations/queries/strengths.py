"""Strengths that are shared, and last year's result beside this year's."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.evaluations.models import Assessment, Round, Strength
from qcc.evaluations.queries.assessments import WITH_RESULT
from qcc.evaluations.rules.board import ItemChange, compare
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.regulations.rubrics import get_rubric


def list_strengths(round_id: int) -> Sequence[Strength]:
    """Of a round, in the order in which they were noted. The caller may see the round, or a center
    that took part in it."""
    return db.session.scalars(
        sa.select(Strength)
        .filter_by(round_id=round_id)
        .order_by(Strength.id)
        .options(joinedload(Strength.assessment).joinedload(Assessment.center))
    ).all()


def get_strength(assessment_id: int, strength_id: int) -> Strength:
    """One of an assessment; raises NotFound."""
    found = db.session.scalars(
        sa.select(Strength).filter_by(id=strength_id, assessment_id=assessment_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def compared(assessment: Assessment) -> dict[str, ItemChange]:
    """By item, the points of a published result beside those of the year before; of several rounds
    of that year, those of the last."""
    round_ = assessment.round
    last = db.session.scalars(
        sa.select(Assessment)
        .join(Assessment.round)
        .where(
            Assessment.center_id == assessment.center_id,
            Assessment.state.in_(WITH_RESULT),
            Round.kind == round_.kind,
            Round.year == round_.year - 1,
        )
        .order_by(Round.id.desc())
        .limit(1)
        .options(contains_eager(Assessment.round))
    ).one_or_none()
    rubric = get_rubric(round_.rubric_id)
    before = get_rubric(last.round.rubric_id) if last else None
    return compare(rubric, _points(assessment), before, _points(last) if last else {})


def _points(assessment: Assessment) -> Mapping[str, Decimal]:
    items = assessment.result["items"]
    return {code: Decimal(item["score"]) for code, item in items.items() if item["score"]}
