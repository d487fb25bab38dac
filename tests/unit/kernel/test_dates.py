"""Legal dates: days of Asia/Shanghai, full years, anniversaries of 29 February."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcc.kernel.dates import (
    add_years,
    chinese_date,
    end_of_day,
    full_years,
    legal_date,
    start_of_day,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 16, 0, 0, tzinfo=UTC), date(2026, 3, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_shanghai(moment: datetime, day: date) -> None:
    assert legal_date(moment) == day


def test_a_deadline_day_lasts_to_its_last_second() -> None:
    last_second = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)
    assert last_second < end_of_day(date(2026, 3, 31)) == last_second + timedelta(seconds=1)


@given(DAYS)
def test_a_day_begins_and_ends_as_legal_date_says(day: date) -> None:
    assert legal_date(start_of_day(day)) == day
    assert legal_date(end_of_day(day) - timedelta(microseconds=1)) == day
    assert legal_date(end_of_day(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(1966, 3, 2), date(2026, 3, 1), 59),
        (date(1966, 3, 1), date(2026, 3, 1), 60),
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
        (date(2016, 2, 29), date(2024, 2, 28), 7),
        (date(2016, 2, 29), date(2024, 2, 29), 8),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
        (date(2026, 3, 2), date(2026, 3, 1), -1),
    ],
)
def test_years_are_full_on_the_anniversary(since: date, on: date, years: int) -> None:
    assert full_years(since, on) == years


@given(DAYS, st.integers(0, 80))
def test_full_years_and_anniversaries_agree(since: date, years: int) -> None:
    filled = add_years(since, years)
    assert full_years(since, filled) == years
    assert full_years(since, filled - timedelta(days=1)) == years - 1


def test_a_date_in_prose_has_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 3, 1)) == "2026年3月1日"
