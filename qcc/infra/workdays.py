"""Working days of the mainland, with the free days and made-up Saturdays that the State Council
publishes each year. The only place that knows the library of the calendar.

A year that is not published yet (usually until November of the one before) is taken to be like any:
Monday to Friday are worked, but for the holidays whose date never moves. What falls wrongly then is
a reminder by some days; no deadline hangs on it.
"""

from datetime import date
from functools import cache

import chinese_calendar

FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the statutory holidays of the solar calendar (全国年节及纪念日放假办法)."""


@cache
def is_working(day: date) -> bool:
    """Whether offices on the mainland are open on that day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the library's word for a year it does not know
        return day.weekday() < 5 and (day.month, day.day) not in FIXED


def is_published(year: int) -> bool:
    """Whether the free days of the year are known, and not assumed."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
