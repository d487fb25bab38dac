"""When the code in the room is good, to the second."""

from datetime import datetime, timedelta

import pytest

from qcc.kernel.dates import SHANGHAI
from qcc.meetings.rules.attendance import is_signing_time

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 9, 14, 30, tzinfo=SHANGHAI),
        datetime(2028, 2, 29, 9, 0, tzinfo=SHANGHAI),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2027, 1, 1, 0, 30, tzinfo=SHANGHAI),
    ],
    ids=["a day", "leap day", "the year's last second", "just after New Year"],
)
def test_the_code_is_good_from_an_hour_before_to_the_end_of_the_day(starts_at: datetime) -> None:
    opens = starts_at - timedelta(hours=1)
    midnight = datetime.combine(starts_at.date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert not is_signing_time(starts_at, opens - SECOND)
    assert is_signing_time(starts_at, opens)
    assert is_signing_time(starts_at, starts_at)
    assert is_signing_time(starts_at, midnight - SECOND)
    assert not is_signing_time(starts_at, midnight)
