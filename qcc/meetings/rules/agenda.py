"""The agenda of a meeting: what comes back from earlier ones, in which order, how long it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An action item that is not closed: who owes what, since which day, until which."""

    id: int
    what: str
    owner: str
    given_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Carried:
    """An open item as an agenda shows it: its age, and by how many days it is late."""

    item: OpenItem
    age: int
    days_late: int

    @property
    def is_overdue(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry of an agenda: what, who presents it, for how many minutes; for a carried item, its
    id."""

    title: str
    presenter: str = ""
    minutes: int = 10
    action_id: int | None = None


MINUTES_FOR_AN_ITEM = 5


def days_late(due_on: date, on: date) -> int:
    """By how many days an item is late; on its due day it is in time until midnight."""
    return max(0, (on - due_on).days)


def carried_over(items: Iterable[OpenItem], on: date) -> list[Carried]:
    """The open items as on that day: the most overdue first, then those due soonest, then the
    oldest."""
    carried = [Carried(i, (on - i.given_on).days, days_late(i.due_on, on)) for i in items]
    return sorted(carried, key=lambda c: (c.item.due_on, c.item.given_on, c.item.id))


def next_agenda(last: Sequence[Topic], carried: Iterable[Carried]) -> list[Topic]:
    """The agenda proposed for the next meeting: what is still open, then the standing topics of the
    last meeting."""
    back = [
        Topic(each.item.what, each.item.owner, MINUTES_FOR_AN_ITEM, each.item.id)
        for each in carried
    ]
    return [*back, *(topic for topic in last if topic.action_id is None)]


def total_minutes(minutes: Iterable[int]) -> int:
    """How long the meeting takes."""
    return sum(minutes)


def moved(order: Sequence[int], key: int, to: int) -> list[int]:
    """The order with *key* at place *to* (from 0); beyond an end it stands at that end."""
    rest = [each for each in order if each != key]
    if len(rest) == len(order):
        raise ValueError(f"{key} is not in the order")
    to = max(0, min(to, len(rest)))
    return [*rest[:to], key, *rest[to:]]
