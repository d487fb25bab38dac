"""Who is told what of meetings, months and tasks on which day: exact boundaries."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from qcc.infra.outbox import MANDATORY, TEXTS
from qcc.infra.workdays import is_working
from qcc.kernel.dates import legal_date
from qcc.meetings.rules.reminders import (
    Notice,
    Rung,
    is_day_of_proposal,
    is_short,
    month_missed,
    month_running_out,
    told_of_action,
    told_of_meeting,
    told_of_minutes,
    told_of_unrecorded,
    told_to_answer,
)
from qcc.meetings.services import reminding as _words  # noqa: F401  (they are registered)
from tests.zones import ZONES, machine_in

DAY = timedelta(days=1)


@pytest.fixture(params=ZONES)
def _zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine is set to another zone."""
    with machine_in(request.param):
        yield


def around(day: date, before: int = 20, after: int = 30) -> list[date]:
    return [day + n * DAY for n in range(-before, after)]


def test_a_task_is_told_before_it_is_due_and_up_the_ladder_after() -> None:
    due = date(2026, 3, 12)  # a Thursday
    told = {day: told_of_action(due, day, 3, is_working) for day in around(due)}
    assert {day: notice for day, notice in told.items() if notice} == {
        date(2026, 3, 9): Notice("action.due", (Rung.OWNER,)),
        due: Notice("action.due", (Rung.OWNER,)),
        date(2026, 3, 13): Notice("action.overdue", (Rung.OWNER,)),
        date(2026, 3, 16): Notice("action.overdue", (Rung.SECRETARY,)),  # a Sunday moves
        date(2026, 3, 18): Notice("action.overdue", (Rung.DIRECTOR,)),
        date(2026, 3, 23): Notice("action.overdue", (Rung.COMMISSION,)),
    }


def test_without_a_rulebook_nobody_above_the_owner_is_told() -> None:
    due = date(2026, 3, 12)
    told = [told_of_action(due, day, None, is_working) for day in around(due)]
    assert {rung for notice in told if notice for rung in notice.rungs} == {Rung.OWNER}


def test_a_task_due_within_spring_festival_is_told_before_it() -> None:
    due = date(2026, 2, 20)
    told = {day: told_of_action(due, day, 3, is_working) for day in around(due, 20, 10)}
    assert {day: notice.kind for day, notice in told.items() if notice} == {
        date(2026, 2, 14): "action.due",
        date(2026, 2, 24): "action.overdue",
        date(2026, 2, 26): "action.overdue",
    }
    after = told[date(2026, 2, 24)]
    assert after
    assert after.rungs == (Rung.OWNER, Rung.SECRETARY)


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize(
    ("starts_at", "soon", "unanswered"),
    [
        # 23:59:59 and 0:00 of the same night in Shanghai, in UTC
        (datetime(2026, 3, 11, 15, 59, 59, tzinfo=UTC), date(2026, 3, 10), date(2026, 3, 9)),
        (datetime(2026, 3, 11, 16, 0, tzinfo=UTC), date(2026, 3, 11), date(2026, 3, 9)),
        # on a Monday: told on the Friday before it
        (datetime(2026, 3, 16, 6, 30, tzinfo=UTC), date(2026, 3, 13), date(2026, 3, 13)),
        # the day before is leap day
        (datetime(2024, 3, 1, 6, 30, tzinfo=UTC), date(2024, 2, 29), date(2024, 2, 27)),
        # after New Year: 31 December is worked
        (datetime(2026, 1, 4, 6, 30, tzinfo=UTC), date(2025, 12, 31), date(2026, 1, 4)),
    ],
)
def test_meetings_are_told_on_the_last_working_day_before(
    starts_at: datetime, soon: date, unanswered: date
) -> None:
    on = legal_date(starts_at)
    assert [day for day in around(on) if told_of_meeting(on, day, is_working)] == [soon]
    assert [day for day in around(on) if told_to_answer(on, day, is_working)] == [unanswered]


def test_proposals_and_missed_months_come_on_the_first_working_day() -> None:
    days = around(date(2026, 1, 1), 0, 365)
    proposed = [day for day in days if is_day_of_proposal(day, is_working)]
    assert [(day.month, day.day) for day in proposed] == [
        (1, 4), (2, 2), (3, 2), (4, 1), (5, 6), (6, 1), (7, 1), (8, 3), (9, 1), (10, 8), (11, 2),
        (12, 1),
    ]  # fmt: skip
    missed = {day: month_missed(day, is_working) for day in days}
    assert [day for day, found in missed.items() if found] == proposed
    assert missed[date(2026, 1, 4)] == (2025, 12)
    assert missed[date(2026, 3, 2)] == (2026, 2)


def test_a_month_that_runs_out() -> None:
    days = around(date(2026, 1, 1), 0, 365)
    told = [day for day in days if month_running_out(day, is_working)]
    assert [(day.month, day.day) for day in told] == [
        (1, 21), (2, 24), (3, 23), (4, 20), (5, 21), (6, 22), (7, 21), (8, 21), (9, 20), (10, 21),
        (11, 20), (12, 21),
    ]  # fmt: skip


def test_as_many_meetings_as_are_asked_for() -> None:
    held = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31)]
    assert not is_short(held, 2026, 3, 2)
    assert is_short(held, 2026, 3, 3)
    assert is_short(held, 2026, 4, 1)


def test_minutes_are_told_before_they_are_late_and_up_the_ladder_after() -> None:
    due = date(2026, 3, 12)  # a Thursday
    told = {day: told_of_minutes(due, day, 3, is_working) for day in around(due)}
    both = (Rung.SECRETARY, Rung.DIRECTOR)
    assert {day: notice for day, notice in told.items() if notice} == {
        date(2026, 3, 10): Notice("minutes.due", both),
        due: Notice("minutes.due", both),
        date(2026, 3, 13): Notice("minutes.late", (Rung.SECRETARY,)),
        date(2026, 3, 16): Notice("minutes.late", (Rung.DIRECTOR,)),  # a Sunday moves
        date(2026, 3, 18): Notice("minutes.late", (Rung.COMMISSION,)),
    }
    alone = [told_of_minutes(due, day, None, is_working) for day in around(due)]
    assert {n.rungs for n in alone if n and n.kind == "minutes.late"} == {(Rung.SECRETARY,)}


def test_what_became_of_a_meeting_is_asked_on_the_next_working_day() -> None:
    for met, asked in (
        (date(2026, 3, 9), date(2026, 3, 10)),
        (date(2026, 2, 14), date(2026, 2, 24)),  # before Spring Festival
        (date(2028, 2, 28), date(2028, 2, 29)),
    ):
        told = [day for day in around(met) if told_of_unrecorded(met, day, is_working)]
        assert told == [asked]


def test_what_nobody_may_turn_off() -> None:
    """To come to a meeting, to do a task, and what is reported above."""
    ours = {
        kind for kind in TEXTS if kind.split(".")[0] in {"meeting", "minutes", "month", "action"}
    }
    assert ours & MANDATORY == {
        "meeting.announce", "meeting.changed", "meeting.cancel", "minutes.late", "month.missed",
        "action.given", "action.overdue",
    }  # fmt: skip
