"""What a plan of a competition must be, before anything is judged by it (M.11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qcc.kernel.scores import LEAST_FOR_DROPPING

WHOLE = 100
MOST_CRITERIA = 30
MOST_REVIEWERS = 50
LONGEST_REVIEW = 180
"""Days."""


class Fault(StrEnum):
    """What is wrong with a plan."""

    NO_CRITERIA = "no_criteria"
    TOO_MANY_CRITERIA = "too_many_criteria"
    NO_TITLE = "no_title"
    SAME_TITLE = "same_title"
    WEIGHT = "weight"
    WEIGHTS = "weights"
    MOST = "most"
    NO_REVIEWERS = "no_reviewers"
    TOO_MANY_REVIEWERS = "too_many_reviewers"
    TOO_FEW_TO_DROP = "too_few_to_drop"
    MINIMUM = "minimum"
    BOUND = "bound"
    SLOT = "slot"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class PlannedCriterion:
    """A criterion as it is planned: weight in hundredths, most points, what its levels mean."""

    title: str
    weight: int
    most: int
    levels: str = ""


@dataclass(frozen=True, slots=True)
class Seats:
    """So many reviewers of a specialty; "" is any."""

    specialty: str
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How a competition is to be judged. *slot_minutes*: of each presentation, 0 for none;
    *review_days*: within which reviewers lodge their scores, None for no end."""

    criteria: tuple[PlannedCriterion, ...]
    seats: tuple[Seats, ...]
    drops_extremes: bool = False
    minimum: Decimal | None = None
    bound: Decimal | None = None
    slot_minutes: int = 0
    review_days: int | None = None

    @property
    def reviewers(self) -> int:
        """How many reviewers there are to be."""
        return sum(seat.count for seat in self.seats)


def faults_of(plan: Plan) -> tuple[Fault, ...]:
    """Everything that is wrong, each named once; empty for a plan that can be used."""
    return tuple(dict.fromkeys((*_faults_of_criteria(plan.criteria), *_faults_of_rest(plan))))


def _faults_of_criteria(criteria: Sequence[PlannedCriterion]) -> Iterator[Fault]:
    if not criteria:
        yield Fault.NO_CRITERIA
        return
    if len(criteria) > MOST_CRITERIA:
        yield Fault.TOO_MANY_CRITERIA
    titles = [criterion.title.strip() for criterion in criteria]
    if not all(titles):
        yield Fault.NO_TITLE
    if len(set(titles)) < len(titles):
        yield Fault.SAME_TITLE
    if any(not 1 <= criterion.weight <= WHOLE for criterion in criteria):
        yield Fault.WEIGHT
    if sum(criterion.weight for criterion in criteria) != WHOLE:
        yield Fault.WEIGHTS
    if any(not 1 <= criterion.most <= WHOLE for criterion in criteria):
        yield Fault.MOST


def _faults_of_rest(plan: Plan) -> Iterator[Fault]:
    if plan.reviewers < 1 or any(seat.count < 1 for seat in plan.seats):
        yield Fault.NO_REVIEWERS
    if plan.reviewers > MOST_REVIEWERS:
        yield Fault.TOO_MANY_REVIEWERS
    if plan.drops_extremes and plan.reviewers < LEAST_FOR_DROPPING:
        yield Fault.TOO_FEW_TO_DROP
    if plan.minimum is not None and not 0 <= plan.minimum <= WHOLE:
        yield Fault.MINIMUM
    if plan.bound is not None and not 0 < plan.bound <= WHOLE:
        yield Fault.BOUND
    if not 0 <= plan.slot_minutes <= 8 * 60:
        yield Fault.SLOT
    if plan.review_days is not None and not 1 <= plan.review_days <= LONGEST_REVIEW:
        yield Fault.DAYS
