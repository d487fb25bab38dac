"""Scores, held against a calculation made another way: sorted lists and whole numbers."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcc.applications.rules.scoring import Criterion, Scheme, evaluate
from qcc.kernel.scores import rounded

TEN = Decimal("0.1")


def score(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def sheets(**by_reviewer: dict[str, list[str | None]]) -> Any:
    """Reviewer → application → the scores of criteria a, b, c… in their order."""
    return {
        reviewer: {
            application: {key: score(text) for key, text in zip("abcdefgh", scores, strict=False)}
            for application, scores in of.items()
        }
        for reviewer, of in by_reviewer.items()
    }


ONE = Scheme((Criterion("a", 100, 100),))


def test_a_total_is_the_weighted_mean_of_each_criterion() -> None:
    scheme = Scheme((Criterion("a", 60, 10), Criterion("b", 40, 100)))
    (result,) = evaluate(
        scheme, ["x", "y"], ["A"], sheets(x={"A": ["8", "90"]}, y={"A": ["9", "80"]})
    )
    assert result.total == Decimal("85.00")  # 60 × 8.5/10 + 40 × 85/100
    assert result.totals == {"x": Decimal("84.00"), "y": Decimal("86.00")}
    assert [row.spread for row in result.rows] == [Decimal(1), Decimal(10)]


@pytest.mark.parametrize(
    ("given_", "dropped", "total"),
    [
        (["70", "80", "90"], {"x0", "x2"}, "80.00"),
        (["70", "90"], set(), "80.00"),  # too few: something has to be left
        (["80", "80", "80"], {"x0", "x1"}, "80.00"),
        (["60", "90", "90", "90"], {"x0", "x1"}, "90.00"),
        (["60", None, "80", "91"], {"x0", "x3"}, "80.00"),
        (["60", None, "80"], set(), "70.00"),
    ],
)
def test_one_highest_and_one_lowest_are_dropped(
    given_: list[str | None], dropped: set[str], total: str
) -> None:
    names = [f"x{n}" for n in range(len(given_))]
    scheme = Scheme(ONE.criteria, drops_extremes=True)
    marks = {name: {"A": [text]} for name, text in zip(names, given_, strict=True)}
    (result,) = evaluate(scheme, names, ["A"], sheets(**marks))
    assert result.rows[0].dropped == dropped
    assert result.total == Decimal(total)


def test_equal_totals_share_a_rank_and_the_next_is_left_out() -> None:
    found = evaluate(
        ONE,
        ["x"],
        ["A", "B", "C", "D"],
        sheets(x={"A": ["70"], "B": ["90"], "C": ["90"], "D": ["60"]}),
    )
    assert [(r.application, r.rank, r.tied) for r in found] == [
        ("B", 1, ("C",)),
        ("C", 1, ("B",)),
        ("A", 3, ()),
        ("D", 4, ()),
    ]


def test_totals_that_read_the_same_are_tied() -> None:
    marks = {f"x{n}": {"A": ["90"], "B": ["90"]} for n in range(999)}
    marks["last"] = {"A": ["90"], "B": ["94.9"]}  # 0.0049 more on the mean
    found = evaluate(ONE, list(marks), ["A", "B"], sheets(**marks))
    assert [r.total for r in found] == [Decimal("90.00")] * 2
    assert [r.rank for r in found] == [1, 1]
    marks["last"]["B"] = ["95"]  # 0.005: half up
    best = evaluate(ONE, list(marks), ["A", "B"], sheets(**marks))[0]
    assert (best.application, best.total, best.tied) == ("B", Decimal("90.01"), ())


def test_the_minimum_itself_is_enough() -> None:
    scheme = Scheme(ONE.criteria, minimum=Decimal(60))
    marks = sheets(x={"A": ["60"], "B": ["59.9"]})
    assert [r.is_below_minimum for r in evaluate(scheme, ["x"], ["A", "B"], marks)] == [False, True]


def test_who_is_far_from_the_others_is_named() -> None:
    scheme = Scheme(ONE.criteria, bound=Decimal(15))
    at_bound = sheets(x={"A": ["95"]}, y={"A": ["80"]}, z={"A": ["80"]})
    assert evaluate(scheme, ["x", "y", "z"], ["A"], at_bound)[0].far == set()
    beyond = sheets(x={"A": ["95.1"]}, y={"A": ["80"]}, z={"A": ["80"]})
    assert evaluate(scheme, ["x", "y", "z"], ["A"], beyond)[0].far == {"x"}
    two = sheets(x={"A": ["100"]}, y={"A": ["10"]})
    assert evaluate(scheme, ["x", "y"], ["A"], two)[0].far == set()  # nobody could say who


def test_a_criterion_that_nobody_scored_adds_nothing() -> None:
    scheme = Scheme((Criterion("a", 50, 10), Criterion("b", 50, 10)))
    (result,) = evaluate(scheme, ["x"], ["A"], sheets(x={"A": ["10", None]}))
    assert result.total == Decimal("50.00")
    assert result.rows[1].mean is None
    assert result.totals == {"x": Decimal("100.00")}  # of what was scored


# --- the independent calculation ---


@st.composite
def contests(draw: Any) -> tuple[Scheme, list[str], list[str], Any]:
    count = draw(st.integers(1, 5))
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=count - 1, max_size=count - 1)))
    weights = [b - a for a, b in pairwise([0, *cuts, 100])]
    criteria = tuple(
        Criterion(f"c{n}", weight, draw(st.sampled_from([5, 10, 30, 100])))
        for n, weight in enumerate(weights)
    )
    reviewers = [f"r{n}" for n in range(draw(st.integers(1, 7)))]
    applications = [f"a{n}" for n in range(draw(st.integers(1, 5)))]
    coarse = draw(st.booleans())  # with few values, ties are frequent

    def mark(most: int) -> Decimal | None:
        if draw(st.integers(0, 9)) == 0:
            return None
        tenths = draw(st.integers(0, most * 10))
        return Decimal(tenths // (most * 5) * most * 5 if coarse else tenths) * TEN

    marks = {
        r: {a: {c.key: mark(c.most) for c in criteria} for a in applications} for r in reviewers
    }
    scheme = Scheme(
        criteria,
        draw(st.booleans()),
        draw(st.one_of(st.none(), st.integers(0, 100).map(Decimal))),
        draw(st.one_of(st.none(), st.integers(1, 40).map(Decimal))),
    )
    return scheme, reviewers, applications, marks


def hundredths(scheme: Scheme, reviewers: list[str], application: str, marks: Any) -> int:
    """The total in hundredths of a point: whole numbers over one common denominator."""
    numerator, denominator = 0, 1
    for criterion in scheme.criteria:
        tenths = sorted(
            int(marks[r][application][criterion.key] * 10)
            for r in reviewers
            if marks[r][application][criterion.key] is not None
        )
        if scheme.drops_extremes and len(tenths) >= 3:
            tenths = tenths[1:-1]
        if tenths:
            below = criterion.most * len(tenths) * 10
            numerator = numerator * below + criterion.weight * sum(tenths) * denominator
            denominator *= below
    return (numerator * 200 + denominator) // (2 * denominator)


@settings(max_examples=600, deadline=None)
@given(contests())
def test_every_total_and_rank_is_as_calculated_otherwise(
    contest: tuple[Scheme, list[str], list[str], Any],
) -> None:
    scheme, reviewers, applications, marks = contest
    found = {r.application: r for r in evaluate(scheme, reviewers, applications, marks)}
    totals = {a: hundredths(scheme, reviewers, a, marks) for a in applications}
    assert {a: int(found[a].total * 100) for a in applications} == totals
    ordered = sorted(totals.values(), reverse=True)
    for application in applications:
        result, total = found[application], totals[application]
        assert result.rank == ordered.index(total) + 1
        assert set(result.tied) == {a for a in totals if totals[a] == total and a != application}
        below = scheme.minimum is not None and total < scheme.minimum * 100
        assert result.is_below_minimum == below
        for row in result.rows:
            kept = sorted(
                s for r, s in row.scores.items() if s is not None and r not in row.dropped
            )
            everything = sorted(s for s in row.scores.values() if s is not None)
            drops = scheme.drops_extremes and len(everything) >= 3
            assert kept == (everything[1:-1] if drops else everything)


@given(st.fractions(min_value=0, max_value=100))
def test_rounding_is_to_the_nearest_and_half_up(value: Any) -> None:
    assert -1 < (rounded(value) - Decimal(value.numerator) / value.denominator) * 200 <= 1
