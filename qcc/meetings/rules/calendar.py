"""The sheet of a month, and the months around it."""

from calendar import Calendar
from datetime import date, timedelta

from qcc.meetings.rules.compliance import first_day, last_day


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The weeks of a month from Monday to Sunday, with days of its neighbours at both ends."""
    return Calendar().monthdatescalendar(year, month)


def months_around(year: int, month: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Year and month of the month before and of the one after."""
    before = first_day(year, month) - timedelta(days=1)
    after = last_day(year, month) + timedelta(days=1)
    return (before.year, before.month), (after.year, after.month)
