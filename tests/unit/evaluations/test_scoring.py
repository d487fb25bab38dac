"""The total of a center, held against a calculation made another way: sorted lists and cents."""

from decimal import Decimal
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcc.evaluations.rules.scoring import (
    AUDIENCE,
    JUDGES,
    Grade,
    Marks,
    Result,
    Scale,
    Sides,
    evaluate,
)
from qcc.kernel.rubrics import Rubric
from qcc.regulations.rubrics import get_rubric

ANNUAL, DEBRIEF = get_rubric("zhejiang-annual"), get_rubric("city-debrief")


def everything(rubric: Rubric, share: str = "1") -> dict[str, Decimal]:
    return {item.code: item.points * Decimal(share) for item in rubric.items}


def total(marks: Marks, rubric: Rubric = ANNUAL, sides: Sides | None = None) -> Decimal | None:
    return evaluate(rubric, sorted(marks), marks, sides).total


def test_one_assessor_alone_counts() -> None:
    assert total({"x": everything(ANNUAL)}) == Decimal("110.00")
    assert total({"x": everything(ANNUAL, "0.5")}) == Decimal("55.00")


def test_two_are_averaged_and_of_three_the_extremes_are_dropped() -> None:
    low, mid, high = (everything(ANNUAL, share) for share in ("0", "0.7", "1"))
    assert total({"x": low, "y": high}) == Decimal("55.00")
    assert total({"x": low, "y": mid, "z": high}) == Decimal("77.00")


def test_what_is_not_scored_is_named_and_there_is_no_total() -> None:
    marks = everything(ANNUAL)
    del marks["A2"], marks["F3"]
    found = evaluate(ANNUAL, ["x"], {"x": marks})
    assert (found.total, found.missing) == (None, ("A2", "F3"))


def test_an_item_that_one_of_two_left_out_is_the_others() -> None:
    one = everything(ANNUAL)
    other = {code: points for code, points in one.items() if code != "A1"} | {"A2": Decimal(0)}
    assert total({"x": one, "y": other}) == Decimal("105.00")


def test_a_total_is_rounded_half_up_once() -> None:
    third = {"x": everything(ANNUAL), "y": everything(ANNUAL)}
    third["x"]["E2"], third["y"]["E2"] = Decimal("5.01"), Decimal("5.02")
    assert total(third) == Decimal("109.02")  # 109.015 goes up
    third["x"]["E1"], third["y"]["E1"] = Decimal("3.99"), Decimal("4")
    assert total(third) == Decimal("109.01")  # 109.010, not twice rounded to 109.02


def test_judges_and_audience_are_weighed() -> None:
    sides = Sides({"j": JUDGES, "a": AUDIENCE, "b": AUDIENCE}, {JUDGES: 70, AUDIENCE: 30})
    marks = {
        "j": everything(DEBRIEF),
        "a": everything(DEBRIEF, "0"),
        "b": everything(DEBRIEF, "0.5"),
    }
    assert total(marks, DEBRIEF, sides) == Decimal("77.50")  # 70 + 30 × 25 %
    only = {"j": everything(DEBRIEF)}
    assert total(only, DEBRIEF, sides) is None  # the audience weighs and has not scored
    silent = Sides({"j": JUDGES}, {JUDGES: 100, AUDIENCE: 0})
    assert total(only, DEBRIEF, silent) == Decimal("100.00")


def test_an_appeals_score_stands_in_place_of_the_assessors() -> None:
    marks = {"x": everything(ANNUAL), "y": everything(ANNUAL)}
    found = evaluate(ANNUAL, ["x", "y"], marks, corrected={"D1": Decimal("2.5")})
    assert found.total == Decimal("102.50")
    row = next(item for item in found.items if item.code == "D1")
    assert (row.dropped, row.score) == ({"x", "y"}, Decimal("2.5"))


@pytest.mark.parametrize(
    ("reached", "grade", "passed"),
    [
        ("90", "优秀", True),
        ("89.99", "良好", True),
        ("60", "合格", True),
        ("59.99", "", False),
    ],
)
def test_bands_begin_with_their_bound(reached: str, grade: str, passed: bool) -> None:
    bands = (("优秀", 90), ("良好", 75), ("合格", 60))
    scale = Scale(Decimal(60), tuple(Grade(name, Decimal(bound)) for name, bound in bands))
    assert scale.fault(Decimal(110)) == ""
    assert scale.grade_of(Decimal(reached)) == grade
    assert scale.has_passed(Decimal(reached)) is passed


@pytest.mark.parametrize(
    ("pass_mark", "bounds", "fault"),
    [
        ("0", (), "pass_mark"),
        ("110.01", (), "pass_mark"),
        ("110", (), ""),
        ("60", (90, 90), "order"),
        ("60", (75, 90), "order"),
        ("60", (111, 90), "range"),
        ("60", (90, -1), "range"),
    ],
)
def test_a_scale_that_cannot_be(pass_mark: str, bounds: tuple[int, ...], fault: str) -> None:
    grades = tuple(Grade(str(n), Decimal(bound)) for n, bound in enumerate(bounds))
    assert Scale(Decimal(pass_mark), grades).fault(Decimal(110)) == fault


# --- against an independent calculation ---


def by_hand(rubric: Rubric, marks: Marks) -> int | None:
    """The total in hundredths: whole numbers, over the common multiple 27720 of up to 12 scores."""
    common = 27720
    parts: list[int] = []
    for group in rubric.groups:
        points = 0
        for item in group.items:
            given_ = sorted(int(row[item.code] * 100) for row in marks.values() if item.code in row)
            if len(given_) > 2:
                given_ = given_[1:-1]
            if not given_:
                return None
            points += sum(given_) * common // len(given_)
        most = int(group.points) * 100 * common
        parts.append(most if group.is_bonus and points > most else points)
    whole, rest = divmod(sum(parts), common)
    return whole + (2 * rest >= common)


@st.composite
def sheets(draw: st.DrawFn) -> Marks:
    """Up to seven assessors, who leave out an item now and then; many give round numbers."""
    chance = draw(st.randoms(use_true_random=False))
    return {f"x{who}": _sheet(chance) for who in range(draw(st.integers(1, 7)))}


def _sheet(chance: Random) -> dict[str, Decimal]:
    row = {}
    for item in ANNUAL.items:
        most = int(item.points * 100)
        cents = chance.choice((chance.randint(0, most), 0, 100, 200))
        if chance.random() < 0.98:
            row[item.code] = Decimal(cents) / 100
    return row


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_scores_against_an_independent_calculation(marks: Marks) -> None:
    found: Result = evaluate(ANNUAL, list(marks), marks)
    expected = by_hand(ANNUAL, marks)
    assert (None if found.total is None else int(found.total * 100)) == expected
    codes = {item.code for item in ANNUAL.items}
    scored = set(chain.from_iterable(marks.values()))
    assert set(found.missing) == codes - scored
