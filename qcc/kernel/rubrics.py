"""Rubrics: by what a center's year is judged, item by item (M.20, S.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AssessmentKind(StrEnum):
    """The yearly assessment of a level's centers (考核, M.20), or the debrief of the centers below
    by the center above (述职评价, S.7)."""

    ANNUAL = "annual"
    DEBRIEF = "debrief"


class Source(StrEnum):
    """What the product itself can say about an item."""

    DOCUMENTS = "documents"
    """Summary and plan in time (M.23)."""
    MEETINGS = "meetings"
    """Months of the year with a dispatch meeting (S.4)."""
    NETWORK = "network"
    """Lower-level places with a center of the specialty."""
    TASKS = "tasks"
    """Assigned tasks that were done (M.14)."""


@dataclass(frozen=True, slots=True)
class ScoringLevel:
    """A step of an item's scale: in what case, how many points."""

    words: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is judged: the most points, how they are given, what proves it.

    *evidence*: the slots in which the center lays its proofs; all are asked for. *levels*: the
    steps of the scale, if the points go in steps; else any number of points up to the most.
    """

    code: str
    name: str
    points: Decimal
    scoring: str
    evidence: tuple[str, ...]
    levels: tuple[ScoringLevel, ...] = ()
    source: Source | None = None

    def allows(self, score: Decimal) -> bool:
        """Whether an assessor may give so much: 0 up to the most, in hundredths at the finest."""
        exponent = score.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -2 and Decimal(0) <= score <= self.points


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together. What a bonus group gives counts up to *points*, beyond the
    hundred."""

    name: str
    points: Decimal
    items: tuple[Item, ...]
    is_bonus: bool = False


@dataclass(frozen=True)
class Rubric:
    """One edition of a rubric, for the years that it covers."""

    id: str
    title: str
    kind: AssessmentKind
    jurisdiction: str
    first_year: int
    last_year: int | None
    origin: str
    version: str
    groups: tuple[Group, ...]

    @property
    def items(self) -> Iterator[Item]:
        return (item for group in self.groups for item in group.items)

    def __getitem__(self, code: str) -> Item:
        """The item of that code; raises KeyError."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

    @property
    def points(self) -> Decimal:
        """The most that can be reached without a bonus."""
        return sum((group.points for group in self.groups if not group.is_bonus), Decimal())

    @property
    def most(self) -> Decimal:
        """The most that can be reached, with every bonus."""
        return sum((group.points for group in self.groups), Decimal())

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)
