"""What the reviewers' scores come to: means, dropped extremes, totals, ranks, ties.

Exact fractions throughout. A total has two decimals, rounded half up, and ranks are made of what
stands on paper: whose totals read the same are tied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qcc.kernel.scores import LEAST_FOR_DROPPING, extremes, mean, rounded

Sheets = Mapping[str, Mapping[str, Mapping[str, Decimal | None]]]
"""Reviewer → application → criterion → score; None where the criterion was left with a remark."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged: its weight in hundredths of the total, and the most points it can get."""

    key: str
    weight: int
    most: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a competition is scored. *minimum* and *bound* are points of a total of 100."""

    criteria: tuple[Criterion, ...]
    drops_extremes: bool = False
    minimum: Decimal | None = None
    bound: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion of one application: the scores of the reviewers, and which were dropped.

    *spread* is the distance of the highest from the lowest of all that were given.
    """

    criterion: str
    scores: Mapping[str, Decimal | None]
    dropped: frozenset[str]
    mean: Fraction | None
    spread: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """One application: rows, the weighted total (0 to 100), rank, and what is to be said of it.

    *tied* are the others of the same rank; *far* are the reviewers whose own total lies further
    from the mean of the others than the plan's bound.
    """

    application: str
    rows: tuple[Row, ...]
    total: Decimal
    rank: int
    tied: tuple[str, ...]
    is_below_minimum: bool
    totals: Mapping[str, Decimal]
    far: frozenset[str]


def evaluate(
    scheme: Scheme, reviewers: Sequence[str], applications: Sequence[str], sheets: Sheets
) -> tuple[Result, ...]:
    """The results, the best first; among equals in the order of *applications*."""
    rows = {a: _rows(scheme, reviewers, a, sheets) for a in applications}
    totals = {a: _total(scheme, rows[a]) for a in applications}
    ordered = sorted(applications, key=lambda a: -totals[a])
    return tuple(_result(scheme, a, rows[a], totals) for a in ordered)


def _rows(
    scheme: Scheme, reviewers: Sequence[str], application: str, sheets: Sheets
) -> tuple[Row, ...]:
    found = []
    for criterion in scheme.criteria:
        scores = {r: sheets[r][application].get(criterion.key) for r in reviewers}
        given = {r: score for r, score in scores.items() if score is not None}
        dropped = extremes(given) if scheme.drops_extremes else frozenset[str]()
        spread = max(given.values()) - min(given.values()) if given else None
        found.append(Row(criterion.key, scores, dropped, mean(given, dropped), spread))
    return tuple(found)


def _total(scheme: Scheme, rows: Sequence[Row]) -> Decimal:
    """The weighted total; a criterion that nobody scored adds nothing."""
    parts = (
        criterion.weight * row.mean / criterion.most
        for criterion, row in zip(scheme.criteria, rows, strict=True)
        if row.mean is not None
    )
    return rounded(sum(parts, Fraction()))


def _result(
    scheme: Scheme, application: str, rows: tuple[Row, ...], totals: Mapping[str, Decimal]
) -> Result:
    own = _own_totals(scheme, rows)
    total = totals[application]
    return Result(
        application,
        rows,
        total,
        rank=1 + sum(other > total for other in totals.values()),
        tied=tuple(a for a, other in totals.items() if other == total and a != application),
        is_below_minimum=scheme.minimum is not None and total < scheme.minimum,
        totals={r: rounded(value) for r, value in own.items()},
        far=_far(own, scheme.bound),
    )


def _own_totals(scheme: Scheme, rows: Sequence[Row]) -> dict[str, Fraction]:
    """What each reviewer alone would give, of the criteria that they scored."""
    found: dict[str, Fraction] = {}
    for reviewer in rows[0].scores if rows else ():
        parts, weights = Fraction(), 0
        for criterion, row in zip(scheme.criteria, rows, strict=True):
            score = row.scores[reviewer]
            if score is not None:
                parts += criterion.weight * Fraction(score) / criterion.most
                weights += criterion.weight
        if weights:
            found[reviewer] = parts * 100 / weights
    return found


def _far(own: Mapping[str, Fraction], bound: Decimal | None) -> frozenset[str]:
    if bound is None or len(own) < LEAST_FOR_DROPPING:
        return frozenset()
    everything = sum(own.values(), Fraction())
    others = len(own) - 1
    return frozenset(
        r for r, value in own.items() if abs(value - (everything - value) / others) > bound
    )
