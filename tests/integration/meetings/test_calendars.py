"""Invitations, feeds and the calendar pages; what goes to calendars is read back by a parser that
has nothing to do with the one that wrote it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import vobject
from flask import Flask
from flask.testing import FlaskClient

from qcc.accounts.jobs import deliver
from qcc.accounts.models import RoleAssignment
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.meetings.jobs import meetings
from qcc.meetings.models import CalendarFeed, Capacity, Meeting, Reply
from qcc.meetings.services import inviting, preparing
from qcc.organizations.models import Person
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.accounts.test_mail import MailServer, serving
from tests.integration.experts.test_pages import token_of
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin
from tests.nightly import tonight

LOWER = "lower@example.org"


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the product sends to."""
    with serving() as running:
        monkeypatch.setitem(app.config, "MAIL_URL", running.url)
        monkeypatch.setitem(app.config, "MAIL_FROM", "qcc@example.org")
        yield running


def reachable(actor: Actor) -> None:
    """From now on mail reaches them."""
    with transaction() as session:
        session.get_one(Person, actor.person_id).email = LOWER


def received(server: MailServer) -> list[vobject.base.Component]:
    """The calendars in the mail since the last look, as an independent parser reads them."""
    deliver()
    mails = [mail for _to, mail in server.taken]
    server.taken.clear()
    found = []
    for mail in mails:
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert len(parts) in (0, 2), "another form of the text, and a file"
        for part in parts[:1]:
            text = part.get_content()
            assert part.get_param("method") == vobject.readOne(text).method.value
            assert parts[1].get_content() == text
            assert parts[1].get_filename() == "meeting.ics"
            found.append(vobject.readOne(text))
    return found


def test_an_invitation_is_updated_and_cancelled(begin: Begin, server: MailServer) -> None:
    here = begin("proposed")
    reachable(here.lower.secretary)
    here.step(preparing.announce)
    (invited,) = received(server)
    starts_at = product_clock.now() + timedelta(days=9)
    here.step(preparing.plan_meeting, None, scenes.plan(starts_at))
    (changed,) = received(server)
    here.step(preparing.cancel, None, "另行安排")
    (called_off,) = received(server)

    assert [each.method.value for each in (invited, changed, called_off)] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    events = [each.vevent for each in (invited, changed, called_off)]
    assert len({event.uid.value for event in events}) == 1
    numbers = [int(event.sequence.value) for event in events]
    assert numbers == sorted(set(numbers)), "each is newer than the one before"
    assert [event.status.value for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1].dtstart.value == starts_at.replace(microsecond=0)
    assert events[1].dtend.value - events[1].dtstart.value == timedelta(minutes=60)
    assert events[0].summary.value == "省麻醉质控中心调度会"
    assert events[0].location.value == "行政楼三楼会议室 https://a.example"
    assert f"/meetings/{here.meeting_id}" in events[0].description.value
    assert events[0].organizer.value == "mailto:qcc@example.org"
    assert events[0].attendee.value == f"mailto:{LOWER}"


def test_who_is_invited_late_is_told_and_who_is_uninvited_too(
    begin: Begin, server: MailServer
) -> None:
    here = begin("announced")
    reachable(here.lower.secretary)
    received(server)
    key = here.invitation(here.lower.center.name).id
    here.act(inviting.take_back_invitation, here.secretary, here.meeting_id, key)
    (gone,) = received(server)
    assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")
    lower = here.lower.center_id
    here.act(inviting.invite_center, here.secretary, here.meeting_id, lower)
    (again,) = received(server)
    assert (again.method.value, again.vevent.status.value) == ("REQUEST", "CONFIRMED")


GUEST = "guest@example.org"


def test_a_guest_is_told_by_mail_alone(begin: Begin, server: MailServer) -> None:
    """Invited, told of a change, uninvited, invited again, called off: one event, ever newer."""
    here = begin("announced")
    received(server)
    guest = ("李某", "国家中心", Capacity.OBSERVING, GUEST)
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    got = received(server)
    starts_at = product_clock.now() + timedelta(days=9)
    here.step(preparing.plan_meeting, None, scenes.plan(starts_at))
    got += received(server)
    key = here.invitation("李某").id
    here.act(inviting.take_back_invitation, here.secretary, here.meeting_id, key)
    got += received(server)
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    got += received(server)
    here.step(preparing.cancel, None, "另行安排")
    got += received(server)

    methods = ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"]
    assert [each.method.value for each in got] == methods
    events = [each.vevent for each in got]
    assert len({event.uid.value for event in events}) == 1
    numbers = [int(event.sequence.value) for event in events]
    assert numbers == sorted(set(numbers)), "each is newer than the one before"
    assert {event.attendee.value for event in events} == {f"mailto:{GUEST}"}
    assert events[1].dtstart.value == starts_at.replace(microsecond=0)
    assert not any(hasattr(event, "url") for event in events), "there is no page for guests"


def test_a_mail_to_a_guest_says_it_all(clock: Clock, begin: Begin, server: MailServer) -> None:
    here = begin("proposed")
    guest = ("李某", "国家中心", Capacity.OBSERVING, GUEST)
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    deliver()
    assert server.taken == [], "the notice is not sent yet"
    here.step(preparing.announce)
    deliver()
    (sent,) = server.taken
    assert sent[0] == [GUEST]
    for kind in ("plain", "html"):
        text = sent[1].get_body((kind,)).get_content()
        assert f"{here.own.center.name}邀请您参加" in text
        assert "2026-03-09 09:00" in text
        assert "行政楼三楼会议室" in text
        assert "127.0.0.1" not in text
    server.taken.clear()
    for day, mails in ((5, 0), (6, 1)):  # Saturday and Sunday are free, so on Friday
        clock.set(here.meeting.starts_at - timedelta(days=9 - day, hours=1))
        tonight(meetings)
        deliver()
        assert len(server.taken) == mails
    (answered,) = [here.invitation("李某")]
    answer = (here.meeting_id, answered.id, Reply.NO, "", "出差")
    with pytest.raises(NotFound):
        here.act(inviting.answer, here.lower.secretary, *answer)
    here.act(inviting.answer, here.secretary, *answer)
    assert here.invitation("李某").reply is Reply.NO


def opened(client: FlaskClient, actor: Actor) -> str:
    """The address of a new feed, as the page shows it once."""
    sit_down(client, actor)
    data = {"csrf_token": token_of(client.get("/meetings/calendar").text)}
    page = client.post("/meetings/feed", data=data).text
    address = page.partition("http://127.0.0.1:8000")[2].partition("<")[0]
    assert address.startswith("/calendars/")
    assert address not in client.get("/meetings/calendar").text
    return address


def events_at(app: Flask, address: str) -> dict[str, vobject.base.Component]:
    """Title → event, read without any session."""
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = vobject.readOne(answer.text)
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


def test_a_feed_follows_every_change(app: Flask, client: FlaskClient, begin: Begin) -> None:
    here = begin("proposed")
    address = opened(client, here.lower.director)
    assert events_at(app, address) == {}, "nobody below was told yet"
    here.step(preparing.announce)
    first = events_at(app, address)["省麻醉质控中心调度会"]
    starts_at = product_clock.now() + timedelta(days=9)
    here.step(preparing.plan_meeting, None, scenes.plan(starts_at))
    moved = events_at(app, address)["省麻醉质控中心调度会"]
    here.step(preparing.cancel, None, "另行安排")
    off = events_at(app, address)["省麻醉质控中心调度会"]
    assert moved.dtstart.value == starts_at.replace(microsecond=0)
    assert {each.uid.value for each in (first, moved, off)} == {first.uid.value}
    numbers = [int(each.sequence.value) for each in (first, moved, off)]
    assert numbers == sorted(set(numbers))
    assert off.status.value == "CANCELLED"
    stored = db.session.scalars(sa.select(CalendarFeed.token_hash)).all()
    assert all(each not in address for each in stored), "only a hash is kept"


def test_a_feed_is_revoked(app: Flask, client: FlaskClient, begin: Begin) -> None:
    """By another one, by hand, or with the role; then it is as if it had never been."""
    here = begin("announced")
    stranger = app.test_client()
    nothing = stranger.get("/calendars/never-was.ics")
    first = opened(client, here.lower.director)
    second = opened(client, here.lower.director)
    own = opened(client, here.director)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    sit_down(client, here.lower.director)
    data = {"csrf_token": token_of(client.get("/meetings/calendar").text)}
    client.post("/meetings/feed/close", data=data)
    with transaction() as session:
        desk = session.get_one(RoleAssignment, here.director.assignment_id)
        desk.ended_on = product_clock.today()
    for address in (first, second, own):
        gone = stranger.get(address)
        assert gone.status_code == nothing.status_code == 404
        assert gone.text.partition("<main")[2] == nothing.text.partition("<main")[2]


def test_a_meeting_is_downloaded(client: FlaskClient, begin: Begin) -> None:
    here = begin("announced")
    sit_down(client, here.lower.secretary)
    answer = client.get(f"/meetings/{here.meeting_id}/meeting.ics")
    event = vobject.readOne(answer.text).vevent
    assert event.dtstart.value == here.meeting.starts_at.replace(microsecond=0)
    sit_down(client, here.other.secretary)
    assert client.get(f"/meetings/{here.meeting_id}/meeting.ics").status_code == 404


def move_to(here: scenes.Scene, starts_at: datetime) -> None:
    """The meeting as if it began then."""
    with transaction() as session:
        session.get_one(Meeting, here.meeting_id).starts_at = starts_at


BOUNDARIES = (
    (datetime(2027, 12, 31, 15, 59, 59, tzinfo=UTC), "year=2027&month=12", "2027-12-31"),
    (datetime(2027, 12, 31, 16, 0, tzinfo=UTC), "year=2028&month=1", "2028-01-01"),
    (datetime(2028, 2, 29, 1, 0, tzinfo=UTC), "year=2028&month=2", "2028-02-29"),
    (datetime(2026, 2, 16, 16, 30, tzinfo=UTC), "year=2026&month=2", "2026-02-17"),
)
"""The last second of a year, the first of the next, a leap day, Spring Festival."""


def test_a_meeting_stands_on_its_day_in_shanghai(client: FlaskClient, begin: Begin) -> None:
    here = begin("announced")
    at = f"/meetings/{here.meeting_id}"
    sit_down(client, here.secretary)
    for starts_at, address, day in BOUNDARIES:
        move_to(here, starts_at)
        page = client.get(f"/meetings/calendar?{address}").text
        cell = page.partition(f'<time datetime="{day}">')[2].partition("</td>")[0]
        assert at in cell, day
        year = date.fromisoformat(day).year
        assert at in client.get(f"/meetings/calendar?year={year}").text
        assert at not in client.get(f"/meetings/calendar?year={year + 1}").text


def test_a_calendar_shows_what_its_reader_sees(client: FlaskClient, begin: Begin) -> None:
    here = begin("proposed")
    guest = ("李某", "国家中心", Capacity.OBSERVING)
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    at = f"/meetings/{here.meeting_id}"
    for actor, seen in (
        (here.secretary, True),
        (here.commission, True),
        (here.lower.secretary, False),
        (here.other_city, False),
    ):
        sit_down(client, actor)
        day = here.meeting.starts_at
        page = client.get(f"/meetings/calendar?year={day.year}&month={day.month}").text
        assert (at in page) is seen, actor.role
