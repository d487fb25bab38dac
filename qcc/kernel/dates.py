"""Legal dates: what a day, an age and a full year mean in Asia/Shanghai.

Nothing here knows what day it is; the moment or the date that is judged is always an argument.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
"""Yields the present moment as an aware datetime in UTC."""


YEARS = range(1900, 2200)
"""The years that anybody reckons with; the calendar of the machine itself ends with 9999."""


def legal_date(moment: datetime) -> date:
    """The calendar date in Asia/Shanghai at which *moment* (aware) falls."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The first moment of *day* in Asia/Shanghai, in UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first moment after *day*: a deadline on *day* is kept by all that comes before it."""
    return start_of_day(day + timedelta(days=1))


def add_years(day: date, years: int) -> date:
    """The anniversary of *day*; that of 29 February falls on 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def full_years(since: date, on: date) -> int:
    """Full years from *since* up to *on*: an age, or years of practice. Negative before *since*."""
    years = on.year - since.year
    return years if add_years(since, years) <= on else years - 1


def chinese_date(day: date) -> str:
    """The date as papers write it: 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
