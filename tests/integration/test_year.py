"""A year of 60 centers by the clock: exactly the reminders that were worked out beforehand.

What is expected is computed here in the plainest way, day by day from the plan of the year and from
the free days as the State Council printed them; nothing of the product helps.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from qcc.applications import jobs as applications
from qcc.applications.models import Application, Call
from qcc.centers.models import Center
from qcc.experts import jobs as experts
from qcc.experts.models import Expert, MemberConsent, Panel, PanelMember
from qcc.infra.db import db, transaction
from qcc.infra.outbox import Message
from qcc.infra.scheduler import Job, run_due
from qcc.kernel.dates import SHANGHAI, add_years
from qcc.kernel.periods import DAY as EVERY_DAY
from qcc.kernel.periods import Period, period_at
from qcc.meetings import jobs as meetings
from qcc.meetings.models import ActionItem, Invitation, Meeting, MinutesSection
from qcc.organizations.models import Organization, Person
from tests.conftest import Clock
from tests.factories.centers import VERSION, many_centers, province
from tests.nightly import tonight
from tests.zones import machine_in

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
YEAR = [FIRST + n * DAY for n in range(365)]
CENTERS = 60

# 国务院办公厅关于2026年部分节假日安排的通知
FREE = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
    (date(2027, 1, 1), date(2027, 1, 1)),  # not published; the Friday of New Year is free each year
]
MADE_UP = {
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
    date(2026, 10, 10),
}  # fmt: skip


def works(day: date) -> bool:
    free = any(first <= day <= last for first, last in FREE)
    return day in MADE_UP or (day.weekday() < 5 and not free)


def after(day: date) -> date:
    while not works(day):
        day += DAY
    return day


def before(day: date) -> date:
    while not works(day):
        day -= DAY
    return day


def on(nominal: date, deadline: date) -> date:
    """When a reminder before a deadline is told."""
    return after(nominal) if after(nominal) <= deadline else before(nominal)


# --- the plan of the year: what happens, by the number of the center ---------------------------


def meets_on(number: int, month: int) -> date | None:
    """When a center meets in a month; each sixth month it does not."""
    if (number + month) % 6 == 0:
        return None
    return date(2026, month, 5 + (number * 7 + month * 3) % 20)


def done_on(number: int, month: int, due: date) -> date:
    """When the task of a meeting is reported done: before it is due, or 2, 5 or 14 days after."""
    return due + (-5, 2, 5, 14)[(number + month) % 4] * DAY


def signed_on(number: int, month: int, met: date) -> date:
    """When minutes are final: at once, or 6, 9 or 20 days after the meeting."""
    return met + (0, 0, 0, 6, 9, 20)[(number + 2 * month) % 6] * DAY


def term_end(number: int) -> date:
    return date(2026, 1, 15) + number * 9 * DAY


def has_next(number: int) -> bool:
    return number % 4 == 0


def asked_on(number: int) -> date:
    """When the consent to the next panel's member was asked for."""
    return date(2026, 1, 5) + number * 4 * DAY


def birthday(number: int) -> date:
    return date(2026, 2, 1) + number * 7 * DAY


CLOSES, CORRECT_BY = date(2026, 2, 20), date(2026, 5, 6)


# --- the same in the tables ---------------------------------------------------------------------


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


class Year:
    """The province of 60 centers, and the year as it passes."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        clock.set(at(FIRST - DAY))
        made = province()
        host = made.organizations["host"].id
        many_centers(CENTERS, host)
        found = sa.select(Center.id, Center.place).order_by(Center.id)
        rows = db.session.execute(found).all()
        self.centers, self.places = [r.id for r in rows], [r.place for r in rows]
        kinds = sa.select(Organization.place).filter_by(kind="commission")
        self.commissions = set(db.session.scalars(kinds))
        self.host = host
        self.expert = sa.select(Person.id).filter_by(employer_id=host).order_by(Person.id).limit(1)
        with transaction():
            self.guest = db.session.scalars(self.expert).one()
            self._calls()
            self.panels = [self._panel(number) for number in range(CENTERS)]
            db.session.flush()
            self.panel_ids = [panel.id for panel in self.panels]
        self.meetings: dict[tuple[int, int], int] = {}
        self.actions: dict[tuple[int, int], int] = {}

    def _calls(self) -> None:
        common: dict[str, Any] = {"center_id": self.centers[0], "institution_id": self.host}
        now = at(FIRST - DAY)
        call = Call(
            title="申报", place="330000", issuer_id=1, reception_id=1, opens_at=now,
            closes_at=at(CLOSES + DAY, 0), audience="jurisdiction", published_at=now,
        )  # fmt: skip
        db.session.add(call)
        db.session.flush()
        common |= {"call_id": call.id, "created_at": now, "saved_at": now}
        db.session.add(Application(**common, state="draft"))
        common["center_id"] = self.centers[1]
        returned = {"state": "returned", "number": "1", "submitted_at": now}
        end = at(CORRECT_BY + DAY, 0)
        db.session.add(Application(**common, **returned, correct_by=end))

    def _panel(self, number: int) -> Panel:
        end = term_end(number)
        panel = self._roster(number, "filed", add_years(end + DAY, -4), end, 1)
        if has_next(number):
            start = end + DAY
            following = self._roster(number, "collecting", start, add_years(start, 4) - DAY, 2)
            asked = MemberConsent(
                kind="employer", organization_id=self.host, employer_id=self.host,
                state="missing", asked_at=at(asked_on(number), 23, 59),
            )  # fmt: skip
            following.members[0].consents.append(asked)
        return panel

    def _roster(self, number: int, state: str, start: date, end: date, term: int) -> Panel:
        now = at(FIRST - DAY)
        born = add_years(birthday(number), -60) if term == 1 else date(1980, 1, 1)
        person = Person(name=f"专家{number}-{term}", employer_id=self.host, birth_date=born)
        db.session.add(person)
        db.session.flush()
        expert = Expert(person_id=person.id, specialty="麻醉", standing=[], tags=[])
        panel = Panel(
            center_id=self.centers[number], term_number=term, state=state, term_start=start,
            term_end=end, rulebook_version=VERSION, approved_at=now, findings=[], created_at=now,
        )  # fmt: skip
        panel.members.append(PanelMember(expert=expert, role="member"))
        db.session.add(panel)
        return panel

    def begin(self, month: int) -> None:
        """The notices of the month are sent, before anybody comes to work."""
        for number, center in enumerate(self.centers):
            day = meets_on(number, month)
            if day is None:
                continue
            meeting = Meeting(
                center_id=center, year=2026, number=100 + month, title=f"{number}-{month}",
                state="announced", mode="online", starts_at=at(day, 14, 30), created_at=at(FIRST),
            )  # fmt: skip
            for who in ({"center_id": center}, {"person_id": self.guest}):
                meeting.invitations.append(Invitation(capacity="attending", name="某", **who))
            meeting.sections.append(MinutesSection(position=0, topic="议题", saved_at=at(FIRST)))
            db.session.add(meeting)
            db.session.flush()
            self.meetings[number, month] = meeting.id

    def end(self, day: date) -> None:
        """In the evening: who met has signed the minutes, what is done is reported."""
        for (number, month), key in list(self.meetings.items()):
            met = meets_on(number, month)
            if met == day:
                self._hold(number, month, key, day)
            if met and signed_on(number, month, met) == day:
                meeting = db.session.get_one(Meeting, key)
                meeting.state, meeting.final_at = "final", at(day, 20)  # type: ignore[assignment]
        done = [
            key
            for (number, month), key in self.actions.items()
            if done_on(number, month, self.due(number, month)) == day
        ]
        if done:
            db.session.execute(
                sa.update(ActionItem)
                .where(ActionItem.id.in_(done))
                .values(state="done", done_at=at(day, 20))
            )

    @staticmethod
    def due(number: int, month: int) -> date:
        met = meets_on(number, month)
        assert met
        return met + 10 * DAY

    def _hold(self, number: int, month: int, key: int, day: date) -> None:
        meeting = db.session.get_one(Meeting, key)
        if number % 3 == 0:
            item = ActionItem(
                center_id=meeting.center_id, section_id=meeting.sections[0].id, state="open",
                what="任务", owner="本中心", owner_center_id=meeting.center_id, given_on=day,
                due_on=self.due(number, month),
            )  # fmt: skip
            db.session.add(item)
            db.session.flush()
            self.actions[number, month] = item.id
        meeting.state, meeting.held_at = "drafting", at(day, 14, 30)  # type: ignore[assignment]

    # --- what is expected ---

    def desks(self, number: int) -> set[str]:
        return {
            f"{self.centers[number]}/center_director",
            f"{self.centers[number]}/center_secretary",
        }

    def commission(self, number: int) -> set[str]:
        place = self.places[number]
        return {f"{place}/commission_officer"} if place in self.commissions else set()

    def expected(self) -> Iterator[tuple[date, str, object, set[str]]]:
        """Day, kind, about what, to which desks."""
        for number in range(CENTERS):
            for month in range(1, 13):
                yield from self._of_month(number, month)
            yield from self._of_panel(number)
        for days in (7, 1):
            yield on(CLOSES - days * DAY, CLOSES), "call.closing", 0, {"host"}
        for days in (3, 1):
            yield on(CORRECT_BY - days * DAY, CORRECT_BY), "application.correct_by", 0, {"host"}

    def _of_month(self, number: int, month: int) -> Iterator[tuple[date, str, object, set[str]]]:
        desks, about = self.desks(number), (number, month)
        met = meets_on(number, month)
        first = date(2026, month, 1)
        end = (first + 31 * DAY).replace(day=1) - DAY
        if met is None:
            yield on(end - 10 * DAY, end), "month.open", about, desks
            yield after(end + DAY), "month.missed", about, desks | self.commission(number)
            yield after(first), "meeting.proposed", about, desks
            return
        soon, ask = before(met - DAY), on(met - 3 * DAY, met)
        if soon >= first:  # the notice goes out with the month
            yield soon, "meeting.soon", about, desks | {"guest"}
        if first <= ask != soon:
            yield ask, "meeting.unanswered", about, {"guest"}
        signed, secretary, director = signed_on(number, month, met), *sorted(desks, reverse=True)
        late = met + 7 * DAY
        for days in (2, 0):
            told = on(late - days * DAY, late)
            if met < told <= signed:
                yield told, "minutes.due", about, desks
        for delay, whom in ((1, {secretary}), (3, {director}), (6, self.commission(number))):
            if after(late + delay * DAY) <= signed:
                yield after(late + delay * DAY), "minutes.late", about, whom
        if number % 3:
            return
        due = met + 10 * DAY
        done = done_on(number, month, due)
        for days in (3, 0):
            told = on(due - days * DAY, due)
            if signed < told <= done:
                yield told, "action.due", about, desks
        for delay, whom in (
            (1, desks), (3, {secretary}), (6, {director}), (9, self.commission(number)),
        ):  # fmt: skip
            if signed < after(due + delay * DAY) <= done:
                yield after(due + delay * DAY), "action.overdue", about, whom

    def _of_panel(self, number: int) -> Iterator[tuple[date, str, object, set[str]]]:
        desks, end = self.desks(number), term_end(number)
        warned = 999
        for day in YEAR:
            left = (end - day).days
            due = min((days for days in (180, 90, 30) if 0 <= left <= days), default=999)
            if due < warned and works(day):
                warned = due
                yield day, "panel.near_end", number, desks
        yield end + DAY, "panel.expire", number, desks | self.commission(number)
        for days in (90, 0):
            told = on(birthday(number) - days * DAY, birthday(number))
            if told <= end:
                yield told, "member.age", number, desks
        if has_next(number):
            for days in (7, 14, 21, 28):
                told = after(asked_on(number) + days * DAY)
                yield told, "consent.waiting", 0, {"host"}
                if days >= 14:
                    yield told, "consent.slow", number, desks
            return
        yield on(end - 120 * DAY, end), "panel.reelection", number, desks
        told = on(end - 60 * DAY, end)
        yield told, "panel.reelection", number, desks | self.commission(number)


JOBS = [
    work
    for work in (*experts.JOBS, *meetings.JOBS, *applications.JOBS)
    if isinstance(work, Job) and (work.at or work.name == "experts.age_panels")
]


@pytest.fixture
def _elsewhere() -> Iterator[None]:
    """The machine is set to a zone on the other side of the world."""
    with machine_in("America/New_York"):
        yield


def told() -> Counter[tuple[str, str]]:
    """How many reminders of each kind were written on each day."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, moment in db.session.execute(sa.select(Message.kind, Message.created_at)):
        found[kind, moment.astimezone(SHANGHAI).date().isoformat()] += 1
    return found


def pass_day(year: Year, day: date) -> None:
    """The morning's work by the clock, and the evening of who works by hand."""

    def work(period: Period) -> None:
        if day.day == 1:
            year.begin(day.month)
        for job in JOBS:
            job.run(period)
        year.end(day)

    year.clock.set(at(day))
    tonight(work)
    db.session.remove()


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.usefixtures("app", "_elsewhere")
def test_a_year_of_reminders(clock: Clock) -> None:
    year = Year(clock)
    for day in YEAR:
        pass_day(year, day)
    wanted: dict[tuple[date, str, object], set[str]] = {}
    for day, kind, about, desks in year.expected():
        if FIRST <= day <= LAST:
            wanted.setdefault((day, kind, about), set()).update(desks)
    expected: Counter[tuple[str, str]] = Counter()
    for (day, kind, _about), desks in wanted.items():
        expected[kind, day.isoformat()] += len(desks)
    found = told()
    wrong = {
        key: (expected[key], found[key])
        for key in sorted(expected.keys() | found.keys())
        if expected[key] != found[key]
    }
    assert wrong == {}
    assert len({kind for kind, _day in found}) == 17
    assert found.total() > 4900
    assert all(works(date.fromisoformat(day)) for kind, day in found if kind != "panel.expire")


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.usefixtures("app")
def test_after_an_outage_nobody_is_told_twice_on_one_day(clock: Clock) -> None:
    """From before Spring Festival to after it the machine is off: what is still true is told on
    the day it is back, each thing once to each desk."""
    year = Year(clock)
    for day in (date(2026, 2, 1), date(2026, 2, 2)):
        pass_day(year, day)
    for job in JOBS:
        run_due(job)
    before_it = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
    clock.set(at(date(2026, 3, 3)))
    for job in JOBS:
        assert len(run_due(job)) == 29
        assert run_due(job) == []
    late = db.session.execute(
        sa.select(
            Message.kind, Message.link, Message.organization_id, Message.person_id, Message.role,
            Message.center_id,
        ).where(Message.id > before_it)
    ).all()  # fmt: skip
    assert len(late) == len(set(late))
    assert {"member.age", "panel.near_end", "month.missed"} <= {row.kind for row in late}
    assert period_at(clock(), EVERY_DAY).day == date(2026, 3, 3)
