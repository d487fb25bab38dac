"""Moments at the boundaries of days, months and years, kept in both databases and asked for again,
on machines of three zones: only the day in Shanghai counts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from qcc.applications.models import Call
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.infra.outbox import Message
from qcc.infra.scheduler import Job, run_due
from qcc.infra.templating import as_day, as_moment
from qcc.kernel.dates import SHANGHAI, end_of_day, legal_date
from qcc.kernel.permissions import Actor
from qcc.meetings.jobs import meetings
from qcc.meetings.models import Invitation, Meeting
from qcc.meetings.queries import get_compliance, list_meetings_between
from qcc.meetings.queries.reminders import list_meetings_ahead
from qcc.meetings.rules.agenda import days_late
from qcc.meetings.rules.compliance import MonthState
from qcc.meetings.workflow import MeetingState
from tests.conftest import Clock
from tests.integration.meetings.conftest import Begin
from tests.nightly import tonight
from tests.zones import ZONES, machine_in

SECOND = timedelta(seconds=1)
DAYS = (
    date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 23),
    date(2026, 2, 28), date(2026, 4, 30), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 28),
    date(2028, 2, 29), date(2028, 12, 31),
)  # fmt: skip
"""Last days of months and years, leap day, the eve of Spring Festival, the days around it."""


def edges(day: date) -> Iterator[tuple[datetime, date]]:
    """The last second of the day and the first of the next, each with its day."""
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=SHANGHAI)
    yield last, day
    yield last + SECOND, day + timedelta(days=1)


OPENS = datetime(2025, 1, 1, tzinfo=SHANGHAI)
EDGES = [edge for day in DAYS for edge in edges(day)]


@pytest.fixture(params=ZONES)
def _zone(request: pytest.FixtureRequest) -> Iterator[None]:
    with machine_in(request.param):
        yield


@pytest.fixture
def here(begin: Begin) -> tuple[Actor, int]:
    """A center that met in March 2026, and who acts for it."""
    scene = begin("final")
    return scene.secretary, scene.own.center_id


def meeting_at(center_id: int, state: MeetingState, moment: datetime) -> int:
    """Another meeting of the center, to which it is invited itself."""
    with transaction() as session:
        meeting = Meeting(
            center_id=center_id, year=2025, number=99, title="会", state=state, mode="online",
            starts_at=moment, held_at=moment, created_at=moment,
        )  # fmt: skip
        meeting.invitations.append(Invitation(capacity="attending", name="某", center_id=center_id))
        session.add(meeting)
        session.flush()
        return meeting.id


@pytest.mark.usefixtures("_zone")
def test_a_meeting_counts_for_the_month_of_its_day(here: tuple[Actor, int], clock: Clock) -> None:
    actor, center_id = here
    key = meeting_at(center_id, MeetingState.DRAFTING, clock())
    for moment, day in EDGES:
        with transaction() as session:
            meeting = session.get_one(Meeting, key)
            meeting.held_at = meeting.starts_at = moment
        db.session.remove()
        meeting = db.session.get_one(Meeting, key)
        assert meeting.held_at == moment
        assert meeting.held_on == day
        assert as_day(meeting.held_at) == day.isoformat()
        assert as_moment(meeting.held_at).startswith(day.isoformat())
        assert key in [row.id for row in list_meetings_between(actor, day, day)]
        for other in (day - timedelta(days=1), day + timedelta(days=1)):
            assert key not in [row.id for row in list_meetings_between(actor, other, other)]
        (row, *_lower) = get_compliance(actor, day.year, day)
        is_of_scene = (day.year, day.month) == (2026, 3)
        for month, state in enumerate(row.months, start=1):
            if month == day.month and not is_of_scene:
                assert state is MonthState.HELD, day
            elif (day.year, month) != (2026, 3):
                assert state in (MonthState.NOT_DUE, MonthState.MISSED), (day, month)


@pytest.mark.usefixtures("_zone")
def test_reminders_and_jobs_know_the_day(here: tuple[Actor, int], clock: Clock) -> None:
    _actor, center_id = here
    key = meeting_at(center_id, MeetingState.ANNOUNCED, clock())
    done: list[date] = []
    for number, (moment, day) in enumerate(EDGES):
        clock.set(moment)
        assert product_clock.today() == day
        job = Job(f"test.zones_{number}", lambda period: done.append(period.day))
        assert run_due(job) == [day.isoformat()]
        assert done[-1] == day
        with transaction() as session:
            session.get_one(Meeting, key).starts_at = moment
        assert (key, day) in list_meetings_ahead(day)
        assert (key, day) not in list_meetings_ahead(day + timedelta(days=1))


@pytest.mark.usefixtures("_zone")
def test_who_is_invited_is_told_on_the_last_working_day(
    here: tuple[Actor, int], clock: Clock
) -> None:
    """Of a meeting in the last second of a Saturday: on Friday, from its first second on."""
    saturday = next(edges(date(2026, 1, 31)))[0]
    meeting_at(here[1], MeetingState.ANNOUNCED, saturday)
    told = sa.select(sa.func.count(Message.id)).filter_by(kind="meeting.soon")
    for (moment, _day), count in zip(edges(date(2026, 1, 29)), (0, 2), strict=True):
        clock.set(moment)
        tonight(meetings)
        assert db.session.scalar(told) == count


@pytest.mark.usefixtures("_zone")
def test_a_deadline_is_kept_to_the_last_second_of_its_day(here: object, clock: Clock) -> None:
    with transaction() as session:
        issuer = session.scalars(sa.text("SELECT min(id) FROM organizations")).one()
        call = Call(
            title="申报", place="330000", issuer_id=issuer, reception_id=issuer, opens_at=OPENS,
            closes_at=clock() + SECOND, audience="jurisdiction", published_at=clock(),
        )  # fmt: skip
        session.add(call)
        session.flush()
        key = call.id
    for day in DAYS:
        with transaction() as session:
            session.get_one(Call, key).closes_at = end_of_day(day)
        db.session.remove()
        closes_at = db.session.get_one(Call, key).closes_at
        (last, _same), (first, following) = edges(day)
        assert last < closes_at == first
        assert legal_date(closes_at - SECOND) == day
        open_at_last = sa.select(Call.id).where(Call.closes_at > last)
        open_at_first = sa.select(Call.id).where(Call.closes_at > first)
        assert key in db.session.scalars(open_at_last).all()
        assert key not in db.session.scalars(open_at_first).all()
        clock.set(last)
        assert days_late(day, product_clock.today()) == 0
        clock.set(first)
        assert days_late(day, product_clock.today()) == 1
        assert product_clock.today() == following
