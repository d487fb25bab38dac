"""What boards count, and items beside last year's."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qcc.evaluations.rules.board import Judged, compare, is_one_strike_away, tallies, tally
from qcc.evaluations.rules.strikes import Verdict
from qcc.regulations.rubrics import get_rubric

PASSED = Judged("330000", "quality_control", True, "优秀")


def test_every_center_is_counted_once_among_results() -> None:
    rows = [
        PASSED,
        replace(PASSED, grade=""),
        replace(PASSED, has_passed=False, grade="", is_rectifying=True, is_at_risk=True),
        replace(PASSED, has_passed=None, grade="", is_at_risk=True),
    ]
    found = tally(rows)
    assert (found.centers, found.grades, found.failed, found.open) == (4, {"优秀": 1, "": 1}, 1, 1)
    assert sum(found.grades.values()) + found.failed + found.open == found.centers
    assert (found.rectifying, found.at_risk) == (1, 2)


def test_counts_by_place_add_up() -> None:
    rows = [PASSED, replace(PASSED, place="330100"), replace(PASSED, place="330100")]
    found = tallies(rows, lambda each: each.place)
    assert {place: each.centers for place, each in found.items()} == {"330000": 1, "330100": 2}


def failed(year: int, **more: bool) -> Verdict:
    return Verdict(1, year, has_passed=False, **more)


PASSED_2026 = Verdict(1, 2026, has_passed=True)


@pytest.mark.parametrize(
    ("verdicts", "limit", "expected"),
    [
        ([failed(2025)], 2, True),
        ([failed(2026)], 2, True),
        ([failed(2025), PASSED_2026], 2, False),
        ([failed(2025), replace(PASSED_2026, is_final=False)], 2, False),
        ([failed(2024)], 2, False),
        ([failed(2025, is_final=False)], 2, False),
        ([failed(2025), failed(2026, is_final=False)], 2, True),
        ([failed(2025), failed(2026)], 2, True),
        ([failed(2025, is_cancelled=True)], 2, False),
        ([failed(2025)], 3, False),
        ([failed(2024), failed(2025)], 3, True),
        ([failed(2025), failed(2026)], 3, True),
        ([], 2, False),
    ],
)
def test_one_more_failure_would_end_the_hosting(
    verdicts: list[Verdict], limit: int, expected: bool
) -> None:
    assert is_one_strike_away(verdicts, 1, 2026, limit) is expected


def test_items_are_compared_where_they_are_the_same() -> None:
    rubric = get_rubric("zhejiang-annual")
    first, second = [item.code for item in rubric.items][:2]
    now = {first: Decimal("4.50"), second: Decimal(3)}
    found = compare(rubric, now, rubric, {first: Decimal(5)})
    assert (found[first].last, found[first].change) == (Decimal(5), Decimal("-0.50"))
    assert found[second].change is None
    assert compare(rubric, now, None, {})[first].last is None
    other = compare(rubric, now, get_rubric("city-debrief"), {first: Decimal(5)})
    assert other[first].change is None
