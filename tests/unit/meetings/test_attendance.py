"""When the code in the room is good, to the second; whether enough are there."""

from datetime import datetime, timedelta

import pytest

from qcc.kernel.dates import SHANGHAI
from qcc.meetings.rules.attendance import Quorum, is_signing_time
from qcc.regulations.rulebooks import get_rulebook

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


@pytest.mark.parametrize(
    ("present", "invited", "share", "needed", "enough"),
    [(2, 4, 50, 2, True), (1, 4, 50, 2, False), (3, 5, 60, 3, True), (2, 5, 50, 3, False)],
)
def test_a_quorum_is_a_share_of_those_invited(
    present: int, invited: int, share: int, needed: int, enough: bool
) -> None:
    quorum = Quorum(present, invited, share)
    assert (quorum.needed, quorum.is_reached) == (needed, enough)


def test_only_a_rulebook_that_says_so_asks_for_one() -> None:
    assert "meetings.quorum" not in get_rulebook("zhejiang-2021")
    assert get_rulebook("demo-2010")["meetings.quorum"].number == 50
