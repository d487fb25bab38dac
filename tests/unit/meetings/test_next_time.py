"""When the next meeting is proposed for, whatever zone the machine is set to."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from qcc.infra.workdays import is_working
from qcc.kernel.dates import SHANGHAI
from qcc.meetings.rules.calendar import months_around, weeks_of
from qcc.meetings.services.proposing import next_time
from tests.zones import ZONES, machine_in


@pytest.fixture(params=ZONES)
def _machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's own zone."""
    with machine_in(request.param):
        yield


def at(year: int, month: int, day: int, hour: int = 14, minute: int = 30) -> datetime:
    """A moment in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.usefixtures("_machine")
@pytest.mark.parametrize(
    ("last", "today", "found"),
    [
        (at(2026, 3, 9), date(2026, 3, 20), at(2026, 4, 9)),
        (at(2026, 1, 31), date(2026, 2, 1), at(2026, 2, 28)),
        (at(2026, 1, 16), date(2026, 2, 1), at(2026, 2, 24)),
        (at(2026, 4, 30), date(2026, 5, 1), at(2026, 5, 29)),
        (at(2026, 8, 25), date(2026, 9, 21), at(2026, 9, 28)),
        (at(2026, 9, 30), date(2026, 10, 24), at(2026, 11, 2)),
        (at(2028, 1, 31), date(2028, 2, 1), at(2028, 2, 29)),
        (at(2028, 2, 29), date(2028, 3, 1), at(2028, 3, 29)),
        (at(2026, 12, 31), date(2027, 1, 4), at(2027, 1, 29)),
        (at(2026, 12, 1, 0, 5), date(2026, 12, 2), at(2027, 1, 4, 0, 5)),
        (at(2026, 2, 17), date(2026, 3, 16), at(2026, 3, 23)),
        (at(2026, 3, 9, 23, 59), date(2026, 4, 2), at(2026, 4, 9, 23, 59)),
        (None, date(2026, 12, 28), at(2027, 1, 4)),
    ],
    ids=[
        "a month later",
        "31 January, and a Saturday that is worked",
        "Spring Festival is over",
        "the last worked day of a month",
        "the notice ends in a holiday",
        "no worked day is left in the month",
        "31 January of a leap year",
        "leap day",
        "year end",
        "just after midnight",
        "notice takes a week",
        "exactly a week ahead, a minute before midnight",
        "the first ever",
    ],
)
def test_a_month_after_the_last(last: datetime | None, today: date, found: datetime) -> None:
    assert next_time(last, today, is_working) == found


@pytest.mark.parametrize(
    ("month", "before", "after", "first", "last"),
    [
        ((2028, 2), (2028, 1), (2028, 3), date(2028, 1, 31), date(2028, 3, 5)),
        ((2026, 12), (2026, 11), (2027, 1), date(2026, 11, 30), date(2027, 1, 3)),
        ((2027, 1), (2026, 12), (2027, 2), date(2026, 12, 28), date(2027, 1, 31)),
    ],
)
def test_the_sheet_of_a_month(
    month: tuple[int, int],
    before: tuple[int, int],
    after: tuple[int, int],
    first: date,
    last: date,
) -> None:
    assert months_around(*month) == (before, after)
    weeks = weeks_of(*month)
    assert (weeks[0][0], weeks[-1][-1]) == (first, last)
    assert all(len(week) == 7 for week in weeks)
