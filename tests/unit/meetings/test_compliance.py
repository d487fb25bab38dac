"""Centers × months: exact boundaries of months, days for minutes, beginnings and ends."""

from datetime import UTC, date, datetime

import pytest

from qcc.kernel.dates import SHANGHAI, legal_date
from qcc.meetings.rules.compliance import (
    Demand,
    HeldMeeting,
    MonthState,
    Term,
    last_day,
    month_state,
    owes,
    year_states,
)

D = Demand(per_month=1, minutes_days=7)
LONG = [Term(date(2020, 5, 6))]
S = MonthState
LATER = date(2027, 6, 1)


def state(
    *meetings: HeldMeeting,
    month: int = 3,
    today: date = LATER,
    year: int = 2026,
    demand: Demand = D,
) -> MonthState:
    return month_state(year, month, LONG, meetings, demand, today)


def met(held: date, final: date | None = None) -> HeldMeeting:
    return HeldMeeting(held, final)


@pytest.mark.parametrize(
    ("final", "today", "found"),
    [
        (date(2026, 3, 17), LATER, S.HELD),
        (date(2026, 3, 18), LATER, S.LATE),
        (None, date(2026, 3, 17), S.HELD),
        (None, date(2026, 3, 18), S.MINUTES_MISSING),
    ],
)
def test_minutes_have_seven_days_after_the_day_of_the_meeting(
    final: date | None, today: date, found: S
) -> None:
    assert state(met(date(2026, 3, 10), final), today=today) is found


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (datetime(2026, 3, 17, 23, 59, 59, tzinfo=SHANGHAI), S.HELD),
        (datetime(2026, 3, 18, 0, 0, 0, tzinfo=SHANGHAI), S.LATE),
        (datetime(2026, 3, 17, 15, 59, 59, tzinfo=UTC), S.HELD),
        (datetime(2026, 3, 17, 16, 0, 0, tzinfo=UTC), S.LATE),
    ],
)
def test_the_last_second_in_shanghai_is_in_time(moment: datetime, found: S) -> None:
    assert state(met(date(2026, 3, 10), legal_date(moment))) is found


@pytest.mark.parametrize(
    ("moment", "march", "april"),
    [
        (datetime(2026, 3, 31, 23, 59, 59, tzinfo=SHANGHAI), S.HELD, S.MISSED),
        (datetime(2026, 4, 1, 0, 0, 0, tzinfo=SHANGHAI), S.MISSED, S.HELD),
        (datetime(2026, 3, 31, 16, 0, 0, tzinfo=UTC), S.MISSED, S.HELD),
    ],
)
def test_a_meeting_counts_for_the_month_in_which_it_was_held(
    moment: datetime, march: S, april: S
) -> None:
    day = legal_date(moment)
    assert state(met(day, day), month=3) is march
    assert state(met(day, day), month=4) is april


def test_the_year_ends_at_midnight_in_shanghai() -> None:
    day = legal_date(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert state(met(day, day), month=12) is S.MISSED
    assert state(met(day, day), month=1, year=2027) is S.HELD


@pytest.mark.parametrize(
    ("year", "today", "found"),
    [
        (2028, date(2028, 2, 29), S.NOT_DUE),
        (2028, date(2028, 3, 1), S.MISSED),
        (2026, date(2026, 2, 28), S.NOT_DUE),
        (2026, date(2026, 3, 1), S.MISSED),
    ],
)
def test_a_month_is_missed_when_it_is_over(year: int, today: date, found: S) -> None:
    assert state(month=2, year=year, today=today) is found


def test_minutes_of_a_meeting_before_the_leap_day() -> None:
    assert state(met(date(2028, 2, 22), date(2028, 2, 29)), month=2, year=2028) is S.HELD
    assert state(met(date(2028, 2, 22), date(2028, 3, 1)), month=2, year=2028) is S.LATE
    assert last_day(2028, 2) == date(2028, 2, 29)
    assert last_day(2100, 2) == date(2100, 2, 28)


@pytest.mark.parametrize(
    ("started", "first_owed"),
    [
        (date(2025, 12, 31), 1),
        (date(2026, 1, 1), 2),
        (date(2026, 5, 1), 6),
        (date(2026, 5, 31), 6),
        (date(2026, 12, 1), None),
    ],
)
def test_a_new_center_owes_only_the_months_after(started: date, first_owed: int | None) -> None:
    states = year_states(2026, [Term(started)], [], D, LATER)
    owed = [month for month, found in enumerate(states, 1) if found is S.MISSED]
    assert owed == (list(range(first_owed, 13)) if first_owed else [])


def test_a_center_without_host_owes_nothing_and_a_new_host_begins_anew() -> None:
    terms = [Term(date(2020, 1, 1), date(2026, 4, 30)), Term(date(2026, 6, 15))]
    owed = [month for month in range(1, 13) if owes(2026, month, terms)]
    assert owed == [1, 2, 3, 4, 7, 8, 9, 10, 11, 12]
    assert not owes(2026, 4, [Term(date(2020, 1, 1), date(2026, 4, 29))])


def test_a_meeting_before_it_was_owed_counts() -> None:
    terms = [Term(date(2026, 3, 5))]
    held = [met(date(2026, 3, 20), date(2026, 3, 21))]
    assert month_state(2026, 3, terms, held, D, LATER) is S.HELD


def test_the_best_meeting_counts_and_as_many_as_are_demanded() -> None:
    good = met(date(2026, 3, 3), date(2026, 3, 4))
    late = met(date(2026, 3, 9), date(2026, 4, 9))
    bare = met(date(2026, 3, 20))
    assert state(bare, late, good) is S.HELD
    assert state(bare, late) is S.LATE
    assert state(bare, late, good, demand=Demand(2, 7)) is S.LATE
    assert state(bare, late, good, demand=Demand(3, 7)) is S.MINUTES_MISSING
    assert state(bare, late, good, demand=Demand(4, 7)) is S.MISSED


def test_a_whole_year() -> None:
    today = date(2026, 5, 10)
    meetings = [
        met(date(2026, 1, 31), date(2026, 2, 7)),
        met(date(2026, 3, 2), date(2026, 4, 1)),
        met(date(2026, 4, 30)),
    ]
    assert year_states(2026, LONG, meetings, D, today) == (
        S.HELD, S.MISSED, S.LATE, S.MINUTES_MISSING, *[S.NOT_DUE] * 8,
    )  # fmt: skip
