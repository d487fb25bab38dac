"""The agenda: what comes back, in which order, and moving entries about."""

from datetime import date

import pytest

from qcc.meetings.rules.agenda import (
    OpenItem,
    Topic,
    carried_over,
    days_late,
    moved,
    next_agenda,
    total_minutes,
)

TODAY = date(2026, 3, 2)


def item(key: int, due: date, given: date = date(2026, 2, 2)) -> OpenItem:
    return OpenItem(key, f"任务{key}", "某市中心", given, due)


@pytest.mark.parametrize(
    ("due", "late"),
    [
        (date(2026, 3, 3), 0),
        (date(2026, 3, 2), 0),
        (date(2026, 3, 1), 1),
        (date(2026, 2, 28), 2),
        (date(2025, 12, 31), 61),
    ],
)
def test_an_item_is_late_from_the_day_after_it_was_due(due: date, late: int) -> None:
    assert days_late(due, TODAY) == late
    (carried,) = carried_over([item(1, due)], TODAY)
    assert (carried.days_late, carried.is_overdue) == (late, late > 0)


def test_age_is_counted_over_a_leap_day() -> None:
    given = date(2028, 2, 28)
    (carried,) = carried_over([item(1, date(2028, 3, 9), given)], date(2028, 3, 1))
    assert carried.age == 2


def test_the_most_overdue_comes_first_then_the_older() -> None:
    same = date(2026, 3, 9)
    items = [
        item(1, same),
        item(2, date(2026, 2, 1)),
        item(3, date(2026, 2, 20)),
        item(4, same, date(2026, 1, 5)),
    ]
    assert [c.item.id for c in carried_over(items, TODAY)] == [2, 3, 4, 1]


def test_the_next_agenda_has_open_items_and_standing_topics_but_no_item_twice() -> None:
    last = [Topic("旧任务", action_id=7), Topic("改进目标进展", "主任", 20)]
    agenda = next_agenda(last, carried_over([item(7, TODAY)], TODAY))
    assert [(t.title, t.action_id) for t in agenda] == [("任务7", 7), ("改进目标进展", None)]
    assert total_minutes(t.minutes for t in agenda) == 25


@pytest.mark.parametrize(
    ("key", "to", "order"),
    [
        (1, 0, [1, 2, 3]),
        (1, 1, [2, 1, 3]),
        (1, 2, [2, 3, 1]),
        (3, 0, [3, 1, 2]),
        (2, 99, [1, 3, 2]),
        (2, -1, [2, 1, 3]),
    ],
)
def test_moving_keeps_the_others_in_order(key: int, to: int, order: list[int]) -> None:
    assert moved([1, 2, 3], key, to) == order


def test_what_is_not_there_cannot_be_moved() -> None:
    with pytest.raises(ValueError, match="4"):
        moved([1, 2, 3], 4, 0)
