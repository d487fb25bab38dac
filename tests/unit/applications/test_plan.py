"""A plan of a competition: what it may be, at the bounds."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qcc.applications.rules.plan import Fault, Plan, PlannedCriterion, Seats, faults_of

HALF = PlannedCriterion("学科实力", 50, 100)
PLAN = Plan((HALF, replace(HALF, title="质控能力")), (Seats("重症医学", 3), Seats("", 2)))
F = Fault


def test_a_plan_that_can_be_used() -> None:
    assert faults_of(PLAN) == ()
    assert PLAN.reviewers == 5
    assert faults_of(replace(PLAN, minimum=Decimal(0), bound=Decimal("0.1"))) == ()
    assert faults_of(replace(PLAN, minimum=Decimal(100), bound=Decimal(100))) == ()


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"criteria": ()}, {F.NO_CRITERIA}),
        ({"criteria": (HALF,)}, {F.WEIGHTS}),
        ({"criteria": (HALF, HALF)}, {F.SAME_TITLE}),
        ({"criteria": (HALF, replace(HALF, title=" "))}, {F.NO_TITLE}),
        (
            {"criteria": (replace(HALF, weight=100), replace(HALF, title="乙", weight=0))},
            {F.WEIGHT},
        ),
        ({"criteria": (replace(HALF, weight=100, most=0),)}, {F.MOST}),
        ({"criteria": (replace(HALF, weight=100, most=101),)}, {F.MOST}),
        (
            {"criteria": tuple(replace(HALF, title=str(n), weight=n % 4 + 1) for n in range(31))},
            {F.TOO_MANY_CRITERIA, F.WEIGHTS},
        ),
        ({"seats": ()}, {F.NO_REVIEWERS}),
        ({"seats": (Seats("", 0), Seats("麻醉", 3))}, {F.NO_REVIEWERS}),
        ({"seats": (Seats("", 51),)}, {F.TOO_MANY_REVIEWERS}),
        ({"seats": (Seats("", 2),), "drops_extremes": True}, {F.TOO_FEW_TO_DROP}),
        ({"seats": (Seats("", 3),), "drops_extremes": True}, set()),
        ({"minimum": Decimal("100.1")}, {F.MINIMUM}),
        ({"minimum": Decimal("-0.1")}, {F.MINIMUM}),
        ({"bound": Decimal(0)}, {F.BOUND}),
        ({"slot_minutes": 481}, {F.SLOT}),
        ({"slot_minutes": -1}, {F.SLOT}),
        ({"review_days": 0}, {F.DAYS}),
        ({"review_days": 1}, set()),
        ({"review_days": 180}, set()),
        ({"review_days": 181}, {F.DAYS}),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, object], faults: set[Fault]) -> None:
    assert set(faults_of(replace(PLAN, **changed))) == faults  # type: ignore[arg-type]
