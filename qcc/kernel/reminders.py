"""On which day people are told of something: reminders fall on working days, deadlines do not move.

A reminder whose day is free is told on the next working day; if the deadline would be over by then,
on the last working day before. What day is worked is the caller's to say.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

IsWorking = Callable[[date], bool]

DAY = timedelta(days=1)

LONGEST_BREAK = timedelta(days=15)
"""No run of free days is as long: so far at most a reminder is told from its day."""


def next_working_day(day: date, is_working: IsWorking) -> date:
    """That day, or the first working day after it."""
    while not is_working(day):
        day += DAY
    return day


def last_working_day(day: date, is_working: IsWorking) -> date:
    """That day, or the last working day before it."""
    while not is_working(day):
        day -= DAY
    return day


def day_of_telling(nominal: date, is_working: IsWorking, deadline: date | None = None) -> date:
    """When a reminder meant for the day *nominal* is told; by the end of the *deadline* if it has
    one, unless it is meant for later itself."""
    told = next_working_day(nominal, is_working)
    if deadline is not None and nominal <= deadline < told:
        return last_working_day(nominal, is_working)
    return told


def days_before(
    deadline: date, today: date, before: Iterable[int], is_working: IsWorking
) -> int | None:
    """Of how many days before the deadline it is told today; None if not today. The least, if two
    fall on one day."""
    told = (
        days
        for days in before
        if day_of_telling(deadline - days * DAY, is_working, deadline) == today
    )
    return min(told, default=None)


def days_after(since: date, today: date, after: Iterable[int], is_working: IsWorking) -> int | None:
    """Of how many days after the beginning it is told today; None if not today. The greatest, if
    two fall on one day."""
    told = (days for days in after if day_of_telling(since + days * DAY, is_working) == today)
    return max(told, default=None)


def rungs(
    due_on: date, today: date, step: int, count: int, is_working: IsWorking
) -> tuple[int, ...]:
    """Which rungs of a ladder of *count* are told today that something is overdue: the first on the
    day after it was due, each further one after *step* more full days of delay."""
    delays = (1, *(rung * step for rung in range(1, count)))
    return tuple(
        rung
        for rung, delay in enumerate(delays)
        if day_of_telling(due_on + delay * DAY, is_working) == today
    )
