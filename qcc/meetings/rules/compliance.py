"""Whether a center met in each month (Seven, item 4), judged on a given day.

A meeting counts for the month in which it was held; its minutes are in time up to the end of the
last permitted day in Asia/Shanghai. A center owes a month if it was established before that month
began and its hosting lasted to that month's end.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class MonthState(StrEnum):
    """What a month of a center looks like."""

    HELD = "held"
    LATE = "late"
    MINUTES_MISSING = "minutes_missing"
    MISSED = "missed"
    NOT_DUE = "not_due"


BEST_FIRST = (MonthState.HELD, MonthState.LATE, MonthState.MINUTES_MISSING)


@dataclass(frozen=True, slots=True)
class Term:
    """A span in which an institution hosted the center; the present one has no end."""

    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """On which day a meeting was held, and on which its minutes were final, if they are."""

    held_on: date
    final_on: date | None


@dataclass(frozen=True, slots=True)
class Demand:
    """What the rulebook asks: meetings in a month, days for their minutes."""

    per_month: int
    minutes_days: int


def first_day(year: int, month: int) -> date:
    """The first day of a month."""
    return date(year, month, 1)


def last_day(year: int, month: int) -> date:
    """The last day of a month: the 29th in February of a leap year."""
    return date(year, month, monthrange(year, month)[1])


def minutes_due_on(held_on: date, demand: Demand) -> date:
    """The last day on which minutes are in time; the day of the meeting is not counted."""
    return held_on + timedelta(days=demand.minutes_days)


def owes(year: int, month: int, terms: Iterable[Term]) -> bool:
    """Whether the center owes a meeting for the month."""
    begins, ends = first_day(year, month), last_day(year, month)
    return any(
        (term.started_on.year, term.started_on.month) < (begins.year, begins.month)
        and (term.ended_on is None or term.ended_on >= ends)
        for term in terms
    )


def minutes_state(meeting: HeldMeeting, demand: Demand, today: date) -> MonthState:
    """How it stands with one meeting: nothing is wrong while its minutes are not yet due."""
    due = minutes_due_on(meeting.held_on, demand)
    if meeting.final_on is not None:
        return MonthState.HELD if meeting.final_on <= due else MonthState.LATE
    return MonthState.HELD if today <= due else MonthState.MINUTES_MISSING


def month_state(
    year: int,
    month: int,
    terms: Iterable[Term],
    meetings: Iterable[HeldMeeting],
    demand: Demand,
    today: date,
) -> MonthState:
    """The state of one month as on *today*; a meeting that was held counts, owed or not.

    Of several meetings the best are counted, as many as are demanded.
    """
    held = [m for m in meetings if (m.held_on.year, m.held_on.month) == (year, month)]
    states = sorted(
        (minutes_state(meeting, demand, today) for meeting in held), key=BEST_FIRST.index
    )
    if len(states) >= demand.per_month:
        return states[demand.per_month - 1]
    if today <= last_day(year, month) or not owes(year, month, terms):
        return MonthState.NOT_DUE
    return MonthState.MISSED


def year_states(
    year: int, terms: Sequence[Term], meetings: Sequence[HeldMeeting], demand: Demand, today: date
) -> tuple[MonthState, ...]:
    """The twelve months of a center."""
    return tuple(month_state(year, month, terms, meetings, demand, today) for month in range(1, 13))
