"""What the assessors' scores of a center come to: means, a total, a grade (M.20, S.7).

An item's score is the mean of the assessors; with more than two, one highest and one lowest are
dropped. Where judges and audience score apart, that is done within each side, and the sides are
weighed. The bonus counts up to its cap. Exact fractions throughout: only the total, and an item's
score as it is shown, have two decimals, rounded half up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from qcc.kernel.rubrics import Group, Rubric
from qcc.kernel.scores import extremes, mean, rounded

JUDGES, AUDIENCE = "judges", "audience"

Marks = Mapping[str, Mapping[str, Decimal]]
"""Assessor → item → score; what is not scored yet is not there."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A band of the total: its name, and from which total on it is given."""

    name: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """What the commission set for a round: from which total on a center has passed, and the bands,
    the highest first. The regulation gives no numbers."""

    pass_mark: Decimal
    grades: tuple[Grade, ...] = ()

    def fault(self, most: Decimal) -> str:
        """Why the scale cannot be used; empty if it can: 'pass_mark', 'order' or 'range'."""
        bounds = [grade.least for grade in self.grades]
        if not Decimal(0) < self.pass_mark <= most:
            return "pass_mark"
        if any(not Decimal(0) <= bound <= most for bound in bounds):
            return "range"
        if any(low >= high for high, low in pairwise(bounds)):
            return "order"
        return ""

    def grade_of(self, total: Decimal) -> str:
        """The band of a total; empty below all of them."""
        return next((grade.name for grade in self.grades if total >= grade.least), "")

    def has_passed(self, total: Decimal) -> bool:
        """Who reaches the pass mark has passed."""
        return total >= self.pass_mark


@dataclass(frozen=True, slots=True)
class Sides:
    """Who scores on which side, and how much each side weighs, in hundredths (together 100)."""

    side_of: Mapping[str, str]
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of one center: what was given, what was dropped, and what it comes to; None while
    nobody (or nobody of a side that weighs) has scored it."""

    code: str
    given: Mapping[str, Decimal]
    dropped: frozenset[str]
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Result:
    """All items of one center. *missing*: the codes of items without a score, for which there is
    no total yet."""

    items: tuple[ItemResult, ...]
    groups: Mapping[str, Decimal]
    total: Decimal | None
    missing: tuple[str, ...]


def evaluate(
    rubric: Rubric,
    assessors: Sequence[str],
    marks: Marks,
    sides: Sides | None = None,
    corrected: Mapping[str, Decimal] | None = None,
) -> Result:
    """The result of one center. *corrected* are scores that stand in place of the assessors', by a
    decision on an appeal."""
    found = {
        item.code: _item(item.code, assessors, marks, sides, corrected or {})
        for item in rubric.items
    }
    missing = tuple(code for code, result in found.items() if result.score is None)
    groups = {group.name: _of_group(group, found) for group in rubric.groups}
    total = None if missing else rounded(sum(groups.values(), Fraction()))
    shown = {name: rounded(points) for name, points in groups.items()}
    return Result(tuple(found.values()), shown, total, missing)


def _item(
    code: str,
    assessors: Sequence[str],
    marks: Marks,
    sides: Sides | None,
    corrected: Mapping[str, Decimal],
) -> ItemResult:
    given = {who: marks[who][code] for who in assessors if code in marks.get(who, {})}
    if code in corrected:
        return ItemResult(code, given, frozenset(given), Fraction(corrected[code]))
    if sides is None:
        dropped = extremes(given)
        return ItemResult(code, given, dropped, mean(given, dropped))
    return _weighed(code, given, sides)


def _weighed(code: str, given: Mapping[str, Decimal], sides: Sides) -> ItemResult:
    dropped: frozenset[str] = frozenset()
    score: Fraction | None = Fraction()
    for side, weight in sides.weights.items():
        of_side = {who: points for who, points in given.items() if sides.side_of[who] == side}
        left_out = extremes(of_side)
        part = mean(of_side, left_out)
        dropped |= left_out
        if not weight:
            continue
        score = None if part is None or score is None else score + weight * part / 100
    return ItemResult(code, given, dropped, score)


def _of_group(group: Group, found: Mapping[str, ItemResult]) -> Fraction:
    points = sum((found[item.code].score or Fraction() for item in group.items), Fraction())
    return min(points, Fraction(group.points)) if group.is_bonus else points
