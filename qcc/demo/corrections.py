"""What follows in the demo from the last assessment: one center is under rectification."""

from datetime import date, timedelta

import sqlalchemy as sa

from qcc.demo.acts import at, do
from qcc.evaluations.models import Assessment
from qcc.evaluations.services import ordering
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.workflow import AssessmentState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor

SERIOUS = 3
"""So many items, those where most points were lost, are to be put right."""


def load_rectification(evaluation: Actor, center_id: int) -> None:
    """The order after the failed result of a center; its plan is awaited."""
    today = clock.today()
    code, final_on = do(lambda: _failed(center_id))
    with at(max(final_on, today - timedelta(days=40))):
        terms = OrderTerms(
            "年度考核不达标，责令限期整改（演示）。", today + timedelta(days=50), _wants(code)
        )
        do(ordering.order_after, evaluation, code, terms)


def _failed(center_id: int) -> tuple[str, date]:
    found = sa.select(Assessment.code, Assessment.final_on).filter_by(
        center_id=center_id, state=AssessmentState.FINAL
    )
    code, final_on = db.session.execute(found).one()
    return code, final_on or clock.today()


def _wants(code: str) -> list[Want]:
    """The items where most was lost, and what is wanted there."""
    assessment = db.session.scalars(sa.select(Assessment).filter_by(code=code)).one()
    worst = sorted(ordering.lost_items(assessment), key=lambda want: -float(want.lost))[:SERIOUS]
    words = "对照评分标准补齐缺项，健全台账，落实到人（演示）。"
    return [Want(words, want.item, want.title, want.lost) for want in worst]
