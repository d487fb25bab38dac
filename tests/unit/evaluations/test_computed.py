"""What the product knows of an item, at the bounds of each."""

from decimal import Decimal

import pytest

from qcc.evaluations.rules.computed import YearFacts, compute
from qcc.regulations.rubrics import get_rubric

RUBRIC = get_rubric("zhejiang-annual")


@pytest.mark.parametrize(
    ("code", "facts", "points"),
    [
        ("A1", YearFacts(), "10.00"),
        ("A1", YearFacts(late=1), "8.00"),
        ("A1", YearFacts(late=2), "6.00"),
        ("A1", YearFacts(missing=1), "5.00"),
        ("A1", YearFacts(missing=1, late=1), "3.00"),
        ("A1", YearFacts(missing=2), "0.00"),
        ("A2", YearFacts(tasks=3, done=3), "10.00"),
        ("A2", YearFacts(tasks=3, done=2), "6.67"),
        ("A2", YearFacts(tasks=3, done=0), "0.00"),
        ("A2", YearFacts(), "10.00"),
        ("B1", YearFacts(places=11, covered=11, deeper=True), "4.00"),
        ("B1", YearFacts(places=11, covered=11), "2.00"),
        ("B1", YearFacts(places=11, covered=10, deeper=True), "1.00"),
        ("B1", YearFacts(places=11, covered=0), "0.00"),
        ("B2", YearFacts(months=12, held=12), "6.00"),
        ("B2", YearFacts(months=12, held=11), "5.50"),
        ("B2", YearFacts(months=12, held=0), "0.00"),
        ("B2", YearFacts(months=5, held=4), "5.50"),  # established in the middle of the year
        ("B2", YearFacts(months=5, held=6), "6.00"),
    ],
)
def test_points(code: str, facts: YearFacts, points: str) -> None:
    found = compute(RUBRIC[code], facts)
    assert found is not None
    assert str(found.points) == points


def test_of_other_items_nothing_is_known() -> None:
    known = [item.code for item in RUBRIC.items if compute(item, YearFacts())]
    assert known == ["A1", "A2", "B1", "B2"]
    with pytest.raises(KeyError):
        RUBRIC["Z9"]


def test_where_it_comes_from_is_said() -> None:
    found = compute(RUBRIC["B2"], YearFacts(months=12, held=9))
    assert found is not None
    assert found.facts == {"months": 12, "held": 9}
    assert found.points == Decimal("4.50")
