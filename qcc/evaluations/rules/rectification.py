"""Who is told on which day of a rectification that is due or overdue.

The Measures are silent about reminders: days before the deadline are this product's reading, the
days of the ladder stand in the rulebook.
"""

from datetime import date
from enum import StrEnum

from qcc.kernel.reminders import IsWorking, days_before, rungs

RECTIFICATION_DAYS = (7, 3, 0)
"""Days before an order is due: a week to gather the evidence, time for a small thing, the day."""


class Rung(StrEnum):
    """The ladder of an overdue order: the center's desks, then the commission above it."""

    SECRETARY = "secretary"
    DIRECTOR = "director"
    COMMISSION = "commission"


LADDER = tuple(Rung)


def is_due(due_on: date, today: date, is_working: IsWorking) -> bool:
    """Whether the center is told today that the day comes near."""
    return days_before(due_on, today, RECTIFICATION_DAYS, is_working) is not None


def told_of_overdue(
    due_on: date, today: date, step: int | None, is_working: IsWorking
) -> tuple[Rung, ...]:
    """Who is told today that it is overdue: a rung more after each *step* days of delay. Without a
    step the center's secretary alone."""
    found = rungs(due_on, today, step or 1, len(LADDER) if step else 1, is_working)
    return tuple(LADDER[at] for at in found)
