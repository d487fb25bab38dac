"""What a board counts of the centers of a year: grades, failed, rectifying, one strike from the
end of the hosting (M.20); and how an item compares with last year."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from qcc.evaluations.rules.strikes import Verdict, is_at_risk, standing
from qcc.kernel.rubrics import Rubric

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Judged:
    """A center at work and its published result of a year; *has_passed* is None while there is
    none."""

    place: str
    kind: str
    has_passed: bool | None = None
    grade: str = ""
    is_rectifying: bool = False
    is_at_risk: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some centers: by grade those that passed ("" below all bands), those that
    failed, those without a result; and of all of them who rectifies and who is at risk."""

    centers: int
    grades: Mapping[str, int]
    failed: int
    open: int
    rectifying: int
    at_risk: int


def tally(centers: Collection[Judged]) -> Tally:
    """Count them."""
    grades: dict[str, int] = {}
    for each in centers:
        if each.has_passed:
            grades[each.grade] = grades.get(each.grade, 0) + 1
    return Tally(
        len(centers),
        grades,
        sum(each.has_passed is False for each in centers),
        sum(each.has_passed is None for each in centers),
        sum(each.is_rectifying for each in centers),
        sum(each.is_at_risk for each in centers),
    )


def tallies(centers: Iterable[Judged], key: Callable[[Judged], Key]) -> dict[Key, Tally]:
    """Count them by what *key* says of each, in the order in which they come."""
    groups: dict[Key, list[Judged]] = {}
    for each in centers:
        groups.setdefault(key(each), []).append(each)
    return {name: tally(group) for name, group in groups.items()}


def is_one_strike_away(verdicts: Collection[Verdict], hosting: int, year: int, limit: int) -> bool:
    """Whether one more failure would ask for the revocation: in *year* itself, as long as it has
    neither a result that passed nor a final one, or in the year after."""
    judged = standing(verdicts).get((hosting, year))
    is_settled = judged is not None and (judged.has_passed or judged.is_final)
    if not is_settled and is_at_risk(verdicts, hosting, year, limit):
        return True
    return is_at_risk(verdicts, hosting, year + 1, limit)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item of a published result: its points, and last year's where it was the same item."""

    points: Decimal
    last: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """More (or, below zero, fewer) points than last year."""
        return None if self.last is None else self.points - self.last


def compare(
    rubric: Rubric,
    now: Mapping[str, Decimal],
    last_rubric: Rubric | None,
    last: Mapping[str, Decimal],
) -> dict[str, ItemChange]:
    """By item, this year's points beside last year's. Items are the same if code, name and most
    points are: else there is nothing to compare."""
    before = {item.code: item for item in last_rubric.items} if last_rubric else {}
    found = {}
    for item in rubric.items:
        if item.code not in now:
            continue
        old = before.get(item.code)
        same = old is not None and (old.name, old.points) == (item.name, item.points)
        found[item.code] = ItemChange(now[item.code], last.get(item.code) if same else None)
    return found
