"""Periods of the clock at their exact boundaries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from qcc.kernel.dates import SHANGHAI
from qcc.kernel.periods import DAY, period_at, period_named, periods_due
from tests.zones import ZONES, machine_in

HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=5)


@pytest.fixture(params=ZONES, autouse=True)
def _zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's own zone makes no difference."""
    with machine_in(request.param):
        yield


@pytest.mark.parametrize(
    ("every", "moment", "name"),
    [
        (DAY, datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), "2026-03-01"),
        (DAY, datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), "2026-03-02"),
        (DAY, datetime(2025, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), "2025-12-31"),
        (DAY, datetime(2026, 1, 1, 0, 0, 0, tzinfo=SHANGHAI), "2026-01-01"),
        (HOUR, datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), "2026-03-01T23:00:00+08:00"),
        (HOUR, datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), "2026-03-02T00:00:00+08:00"),
        (MINUTES, datetime(2026, 3, 2, 9, 7, tzinfo=SHANGHAI), "2026-03-02T09:05:00+08:00"),
    ],
)
def test_where_a_moment_falls(every: timedelta, moment: datetime, name: str) -> None:
    period = period_at(moment, every)
    assert period.name == name
    assert period.begins <= moment < period.begins + every
    assert period_named(name, every) == period


@pytest.mark.parametrize(
    ("last", "now", "names"),
    [
        (None, datetime(2026, 3, 2, tzinfo=SHANGHAI), ["2026-03-02"]),
        ("2026-03-02", datetime(2026, 3, 2, 23, 59, 59, tzinfo=SHANGHAI), []),
        ("2026-03-02", datetime(2026, 3, 3, tzinfo=SHANGHAI), ["2026-03-03"]),
        (
            "2028-02-27",
            datetime(2028, 3, 1, tzinfo=SHANGHAI),
            ["2028-02-28", "2028-02-29", "2028-03-01"],
        ),
        ("2026-12-30", datetime(2027, 1, 1, tzinfo=SHANGHAI), ["2026-12-31", "2027-01-01"]),
        ("2026-03-05", datetime(2026, 3, 2, tzinfo=SHANGHAI), []),
    ],
)
def test_missed_days_come_in_order(last: str | None, now: datetime, names: list[str]) -> None:
    assert [period.name for period in periods_due(last, now, DAY)] == names


def test_missed_hours_come_in_order() -> None:
    now = datetime(2026, 1, 1, 1, 30, tzinfo=SHANGHAI)
    found = [period.name[11:13] for period in periods_due("2025-12-31T22:00:00+08:00", now, HOUR)]
    assert found == ["23", "00", "01"]
