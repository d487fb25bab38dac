"""What the clock looks through each morning: tasks, meetings and months, of all centers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.infra.db import db, read
from qcc.kernel.dates import end_of_day, legal_date, start_of_day
from qcc.kernel.reminders import DAY, LONGEST_BREAK
from qcc.meetings.models import ActionItem, Meeting, MinutesSection
from qcc.meetings.queries.compliance import demand_of
from qcc.meetings.rules.compliance import Term, first_day, last_day, minutes_due_on, owes
from qcc.meetings.rules.reminders import ACTION_DAYS, ANSWER_DAYS, LADDER, MINUTES_LADDER, Rung
from qcc.meetings.workflow import WAS_HELD, ActionState, MeetingState
from qcc.regulations.rulebooks import NoRulebookInForce, load_rulebooks, rulebook_for


def escalation_step(place: str, on: date) -> int | None:
    """After how many days of delay the next rung is told, as the rulebook of the place says."""
    try:
        book = rulebook_for(place, on)
    except NoRulebookInForce:
        return None
    known = "meetings.escalation_days" in book
    return book["meetings.escalation_days"].number if known else None


def _most(name: str) -> timedelta:
    """The most days that any rulebook sets for it."""
    books = (book for book in load_rulebooks().books if name in book)
    return max((book[name].number for book in books), default=0) * DAY


def _longest(ladder: Sequence[Rung]) -> timedelta:
    """How long after its due day the last rung may be told."""
    return LONGEST_BREAK + _most("meetings.escalation_days") * len(ladder)


def list_actions_around(today: date) -> Sequence[ActionItem]:
    """Tasks not reported done that are due soon, or have been due for as long as the ladder is."""
    longest = _longest(LADDER)
    return db.session.scalars(
        sa.select(ActionItem)
        .join(ActionItem.section)
        .join(MinutesSection.meeting)
        .where(
            ActionItem.state == ActionState.OPEN,
            Meeting.state == MeetingState.FINAL,
            ActionItem.due_on > today - longest,
            ActionItem.due_on <= today + LONGEST_BREAK + ACTION_DAYS[0] * DAY,
        )
        .options(joinedload(ActionItem.center))
        .order_by(ActionItem.id)
    ).all()


def list_meetings_ahead(today: date) -> Sequence[tuple[int, date]]:
    """Announced meetings of the next days, and the day of each."""
    until = end_of_day(today + LONGEST_BREAK + ANSWER_DAYS * DAY)
    found = read(
        sa.select(Meeting.id, Meeting.starts_at)
        .where(
            Meeting.state == MeetingState.ANNOUNCED,
            Meeting.starts_at >= start_of_day(today),
            Meeting.starts_at < until,
        )
        .order_by(Meeting.id)
    )
    return [(key, legal_date(starts_at)) for key, starts_at in found]


def list_unrecorded(today: date) -> Sequence[Meeting]:
    """Announced meetings whose day was over lately."""
    return db.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.state == MeetingState.ANNOUNCED,
            Meeting.starts_at >= start_of_day(today - LONGEST_BREAK - DAY),
            Meeting.starts_at < start_of_day(today),
        )
        .order_by(Meeting.id)
    ).all()


def list_minutes_around(today: date) -> Iterator[tuple[Meeting, date]]:
    """Meetings whose minutes are not final and due soon, or have been due for as long as the ladder
    is; and the last day for each."""
    since = start_of_day(today - _longest(MINUTES_LADDER) - _most("meetings.minutes_days"))
    found = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.state.in_(sorted(WAS_HELD - {MeetingState.FINAL})), Meeting.held_at >= since)
        .options(joinedload(Meeting.center))
        .order_by(Meeting.id)
    )
    for meeting in found:
        try:
            demand = demand_of(meeting.center.place, today)
        except (NoRulebookInForce, KeyError):  # no rulebook asks for minutes there
            continue
        yield meeting, minutes_due_on(meeting.held_on or today, demand)


def get_with_invited(meeting_id: int) -> Meeting:
    """A meeting with those invited, for the clock."""
    invited = [selectinload(Meeting.invitations)]
    return db.session.get_one(Meeting, meeting_id, options=invited)


@dataclass(frozen=True, slots=True)
class CenterMonth:
    """A center that owes a meeting for a month: how many are asked for, on which days they were
    held, and whether one is announced for the month."""

    center_id: int
    name: str
    place: str
    per_month: int
    held_on: tuple[date, ...]
    is_announced: bool


def list_owed_months(year: int, month: int) -> Iterator[CenterMonth]:
    """Every center at work that owes the month."""
    centers = db.session.execute(
        sa.select(Center.id, Center.name, Center.place)
        .where(Center.state.in_((CenterState.ESTABLISHED, CenterState.RECTIFYING)))
        .order_by(Center.id)
    ).all()
    terms: dict[int, list[Term]] = defaultdict(list)
    for center_id, started, ended in db.session.execute(
        sa.select(Hosting.center_id, Hosting.started_on, Hosting.ended_on)
    ):
        terms[center_id].append(Term(started, ended))
    held, announced = _meetings_of(year, month)
    end = last_day(year, month)
    for center_id, name, place in centers:
        if not owes(year, month, terms[center_id]):
            continue
        try:
            demand = demand_of(place, end)
        except (NoRulebookInForce, KeyError):  # no rulebook asks for meetings there
            continue
        days = tuple(held[center_id])
        yield CenterMonth(center_id, name, place, demand.per_month, days, center_id in announced)


def _meetings_of(year: int, month: int) -> tuple[dict[int, list[date]], set[int]]:
    """By center the days on which it met; and those that announced a meeting for the month."""
    begins, ends = first_day(year, month), last_day(year, month)
    held: dict[int, list[date]] = defaultdict(list)
    within = (start_of_day(begins), end_of_day(ends))
    for center_id, held_at in db.session.execute(
        sa.select(Meeting.center_id, Meeting.held_at).where(
            Meeting.held_at >= within[0], Meeting.held_at < within[1]
        )
    ):
        if held_at is not None:
            held[center_id].append(legal_date(held_at))
    announced = db.session.scalars(
        sa.select(Meeting.center_id).where(
            Meeting.state == MeetingState.ANNOUNCED,
            Meeting.starts_at >= within[0],
            Meeting.starts_at < within[1],
        )
    )
    return held, set(announced)
