"""The logical periods of work by the clock: days and shorter spans in Asia/Shanghai.

A day is a legal day whatever zone the machine is set to; a shorter span is counted from 1970 on, so
that an hour begins at a full hour. Names of periods sort as the periods follow each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qcc.kernel.dates import SHANGHAI, legal_date, start_of_day

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of time by its name; *begins* is its first moment."""

    name: str
    begins: datetime

    @property
    def day(self) -> date:
        """The legal date on which it begins."""
        return legal_date(self.begins)


def period_at(moment: datetime, every: timedelta) -> Period:
    """The period of that length at which *moment* (aware) falls; a day at the longest."""
    if every == DAY:
        return _period_on(legal_date(moment))
    seconds = int(every.total_seconds())
    begins = datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, SHANGHAI)
    return Period(begins.isoformat(), begins)


def period_named(name: str, every: timedelta) -> Period:
    """The period that *name* was made for; raises ValueError for what is no name of a period."""
    if every == DAY:
        return _period_on(date.fromisoformat(name))
    return Period(name, datetime.fromisoformat(name))


def periods_due(last: str | None, moment: datetime, every: timedelta) -> Iterator[Period]:
    """The periods after the one named *last* up to the one at *moment*, in order; that one alone
    where there was none before."""
    present = period_at(moment, every)
    following = present if last is None else _next(period_named(last, every), every)
    while following <= present:
        yield following
        following = _next(following, every)


def _period_on(day: date) -> Period:
    return Period(day.isoformat(), start_of_day(day))


def _next(period: Period, every: timedelta) -> Period:
    if every == DAY:
        return _period_on(period.day + DAY)
    return period_at(period.begins + every, every)
