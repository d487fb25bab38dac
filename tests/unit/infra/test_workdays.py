"""Working days of the mainland as the State Council published them, and years it has not yet."""

from datetime import date, timedelta

import pytest

from qcc.infra.workdays import is_published, is_working


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),  # New Year, a Thursday
        (date(2026, 1, 4), True),  # a Sunday that makes up for the Friday after New Year
        (date(2026, 2, 14), True),  # a Saturday that makes up for Spring Festival
        (date(2026, 2, 15), False),  # the first day of Spring Festival
        (date(2026, 2, 23), False),  # the last
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # another Saturday that makes up
        (date(2026, 3, 1), False),
        (date(2024, 2, 29), True),  # leap day, a Thursday
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
    ],
)
def test_published_years(day: date, works: bool) -> None:
    assert is_working(day) is works


def test_spring_festival_is_one_run_of_free_days() -> None:
    run = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
    assert not any(map(is_working, run))


@pytest.mark.parametrize("year", [1999, 2100])
def test_years_that_nobody_published(year: int) -> None:
    """Monday to Friday, but for the holidays of the solar calendar; nothing is raised."""
    assert not is_published(year)
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(365)]
    free = [day for day in days if not is_working(day)]
    assert all(day.weekday() > 4 or (day.month, day.day) in
               {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)} for day in free)  # fmt: skip
    assert {day.weekday() for day in days if is_working(day)} == {0, 1, 2, 3, 4}


def test_leap_day_of_a_year_not_published() -> None:
    assert is_working(date(2104, 2, 29))  # a Friday
    assert is_published(2026)
