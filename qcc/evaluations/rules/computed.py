"""What the product itself knows of an item: points out of facts, with where they come from.

The points follow the rubric's own words. Assessors see them beside the item and may differ with a
reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qcc.kernel.rubrics import Item, Source
from qcc.kernel.scores import rounded


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What is on record of a center's year.

    *due* and *late*: of the two yearly documents those missing and those handed in late.
    *months*: for how many months meetings were owed, *held*: in how many one was held. *places*:
    how many places of the level below there are, *covered*: how many have a center of the
    specialty, *deeper*: whether the level below those has some too. *tasks* and *done*: assigned,
    and done.
    """

    missing: int = 0
    late: int = 0
    months: int = 0
    held: int = 0
    places: int = 0
    covered: int = 0
    deeper: bool = False
    tasks: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """Points that follow from the facts, and the facts they follow from, as numbers to show."""

    points: Decimal
    source: Source
    facts: Mapping[str, int]


def _documents(item: Item, facts: YearFacts) -> Fraction:
    """All in time: everything. Each of the two that is missing costs half, each late one a fifth
    of the points."""
    most = Fraction(item.points)
    return most - facts.missing * most / 2 - facts.late * most / 5


def _meetings(item: Item, facts: YearFacts) -> Fraction:
    """Each month without a meeting costs a twelfth of the points."""
    return Fraction(item.points) * (12 - max(0, facts.months - facts.held)) / 12


def _network(item: Item, facts: YearFacts) -> Fraction:
    """Three levels: all; every place below: half; some: a quarter."""
    most = Fraction(item.points)
    if not facts.covered:
        return Fraction()
    if facts.covered < facts.places:
        return most / 4
    return most if facts.deeper else most / 2


def _tasks(item: Item, facts: YearFacts) -> Fraction:
    """The share of the assigned tasks that were done; without any, everything."""
    share = Fraction(facts.done, facts.tasks) if facts.tasks else Fraction(1)
    return Fraction(item.points) * share


_POINTS: Mapping[Source, Callable[[Item, YearFacts], Fraction]] = {
    Source.DOCUMENTS: _documents,
    Source.MEETINGS: _meetings,
    Source.NETWORK: _network,
    Source.TASKS: _tasks,
}

_SHOWN: Mapping[Source, tuple[str, ...]] = {
    Source.DOCUMENTS: ("missing", "late"),
    Source.MEETINGS: ("months", "held"),
    Source.NETWORK: ("places", "covered"),
    Source.TASKS: ("tasks", "done"),
}


def compute(item: Item, facts: YearFacts) -> Computed | None:
    """What the facts say of the item; None if the product knows nothing of it."""
    if item.source is None:
        return None
    points = max(Fraction(), min(Fraction(item.points), _POINTS[item.source](item, facts)))
    shown = {name: int(getattr(facts, name)) for name in _SHOWN[item.source]}
    return Computed(rounded(points), item.source, shown)
