"""On which day people are told: working days, and never after what they are told of."""

from datetime import date, timedelta

import pytest

from qcc.infra.workdays import is_working
from qcc.kernel.reminders import (
    LONGEST_BREAK,
    day_of_telling,
    days_after,
    days_before,
    next_working_day,
    rungs,
)


@pytest.mark.parametrize(
    ("nominal", "deadline", "told"),
    [
        (date(2026, 3, 2), None, date(2026, 3, 2)),  # a Monday
        (date(2026, 2, 14), None, date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 2, 15), None, date(2026, 2, 24)),  # Spring Festival
        (date(2026, 2, 16), date(2026, 2, 26), date(2026, 2, 24)),
        (date(2026, 2, 16), date(2026, 2, 24), date(2026, 2, 24)),  # on the very last day
        (date(2026, 2, 16), date(2026, 2, 23), date(2026, 2, 14)),  # over by then: before it
        (date(2026, 2, 20), date(2026, 2, 18), date(2026, 2, 24)),  # meant for afterwards
        (date(2026, 1, 1), None, date(2026, 1, 4)),  # the year's end
        (date(2024, 2, 29), None, date(2024, 2, 29)),  # leap day
    ],
)
def test_the_day_of_telling(nominal: date, deadline: date | None, told: date) -> None:
    assert day_of_telling(nominal, is_working, deadline) == told


def test_a_deadline_is_told_on_its_days_only() -> None:
    due = date(2026, 3, 12)  # a Thursday
    told = {
        day: days
        for day in (due + timedelta(days=n) for n in range(-20, 20))
        if (days := days_before(due, day, (3, 0), is_working)) is not None
    }
    assert told == {date(2026, 3, 9): 3, due: 0}


def test_two_reminders_on_one_day_are_one() -> None:
    due = date(2026, 2, 23)  # within Spring Festival: all fall on the Saturday before it
    assert days_before(due, date(2026, 2, 14), (7, 1, 0), is_working) == 0
    assert days_after(date(2026, 2, 8), date(2026, 2, 24), (7, 14), is_working) == 14


def test_the_ladder() -> None:
    due = date(2026, 3, 6)  # a Friday
    told = {
        day: found
        for day in (due + timedelta(days=n) for n in range(-5, 30))
        if (found := rungs(due, day, 3, 4, is_working))
    }
    assert told == {
        date(2026, 3, 9): (0, 1),  # Saturday and Monday
        date(2026, 3, 12): (2,),
        date(2026, 3, 16): (3,),  # Sunday moves on
    }


def test_no_break_is_as_long_as_what_is_searched() -> None:
    days = (date(2004, 1, 1) + timedelta(days=n) for n in range(365 * 26))
    assert max(next_working_day(day, is_working) - day for day in days) < LONGEST_BREAK
