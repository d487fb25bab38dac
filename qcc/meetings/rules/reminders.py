"""Who is told what of meetings and tasks on which day.

The Measures are silent about reminders: days before a date are this product's reading, and stand
here with their reasons; the days of the ladder stand in the rulebook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qcc.kernel.reminders import DAY, IsWorking, day_of_telling, days_before, rungs
from qcc.meetings.rules.compliance import first_day, last_day

ACTION_DAYS = (3, 0)
"""Days before a task is due: time to do a small thing still, and the last day."""

ANSWER_DAYS = 3
"""Days before a meeting at which answers are asked for: a substitute can still be found."""

MONTH_DAYS = 10
"""Days before a month ends without a meeting: a notice of a week still fits in."""


class Rung(StrEnum):
    """The ladder of an overdue task: who owes it, then the center that gave it, then above."""

    OWNER = "owner"
    SECRETARY = "secretary"
    DIRECTOR = "director"
    COMMISSION = "commission"


LADDER = tuple(Rung)


MINUTES_DAYS = (2, 0)
"""Days before minutes are late: time for the director to read them, and the last day."""

MINUTES_LADDER = (Rung.SECRETARY, Rung.DIRECTOR, Rung.COMMISSION)
"""Minutes are owed by the center: whoever owes them is the first rung."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said today of a task, or of minutes, and to whom."""

    kind: str
    rungs: tuple[Rung, ...]


def told_of_action(
    due_on: date, today: date, step: int | None, is_working: IsWorking
) -> Notice | None:
    """Due soon or today: the owner; overdue: a rung more after each *step* days of delay. Without
    a step the owner alone is told."""
    if days_before(due_on, today, ACTION_DAYS, is_working) is not None:
        return Notice("action.due", (Rung.OWNER,))
    told = _told_late(LADDER, due_on, today, step, is_working)
    return Notice("action.overdue", told) if told else None


def told_of_minutes(
    due_on: date, today: date, step: int | None, is_working: IsWorking
) -> Notice | None:
    """Of minutes that are not final: before they are late the secretary and the director, then the
    ladder from the secretary on."""
    if days_before(due_on, today, MINUTES_DAYS, is_working) is not None:
        return Notice("minutes.due", (Rung.SECRETARY, Rung.DIRECTOR))
    told = _told_late(MINUTES_LADDER, due_on, today, step, is_working)
    return Notice("minutes.late", told) if told else None


def _told_late(
    ladder: Sequence[Rung], due_on: date, today: date, step: int | None, is_working: IsWorking
) -> tuple[Rung, ...]:
    found = rungs(due_on, today, step or 1, len(ladder) if step else 1, is_working)
    return tuple(ladder[at] for at in found)


def told_of_unrecorded(starts_on: date, today: date, is_working: IsWorking) -> bool:
    """Whether the center is asked today what became of a meeting that is neither noted as held nor
    called off: on the first working day after it."""
    return day_of_telling(starts_on + DAY, is_working) == today


def told_of_meeting(starts_on: date, today: date, is_working: IsWorking) -> bool:
    """Whether those invited are told of the meeting today: on the last working day before it."""
    return days_before(starts_on - DAY, today, (0,), is_working) is not None


def told_to_answer(starts_on: date, today: date, is_working: IsWorking) -> bool:
    """Whether those who did not answer are asked again today."""
    return days_before(starts_on, today, (ANSWER_DAYS,), is_working) is not None


def is_day_of_proposal(today: date, is_working: IsWorking) -> bool:
    """The first working day of a month: the meeting of the month is proposed."""
    return day_of_telling(today.replace(day=1), is_working) == today


def month_running_out(today: date, is_working: IsWorking) -> bool:
    """Whether centers are told today that the month is running out without a meeting."""
    end = last_day(today.year, today.month)
    return days_before(end, today, (MONTH_DAYS,), is_working) is not None


def month_missed(today: date, is_working: IsWorking) -> tuple[int, int] | None:
    """The month of which it is told today that it passed without a meeting: on the first working
    day of the next one."""
    first = first_day(today.year, today.month)
    if day_of_telling(first, is_working) != today:
        return None
    before = first - timedelta(days=1)
    return before.year, before.month


def is_short(held_on: Sequence[date], year: int, month: int, per_month: int) -> bool:
    """Whether fewer meetings were held in the month than are asked for."""
    return sum((day.year, day.month) == (year, month) for day in held_on) < per_month
