"""What the next meeting takes over, and what is put otherwise before it is final."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.experts.models import Expert
from qcc.experts.services.people import register_expert
from qcc.infra import clock as product_clock
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import list_papers_of
from qcc.meetings.jobs import minutes
from qcc.meetings.models import Capacity
from qcc.meetings.services import following, holding, inviting, preparing, proposing
from qcc.meetings.workflow import MeetingState
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.experts.scenes import particulars
from tests.integration.meetings.conftest import Begin
from tests.integration.meetings.test_pages import send
from tests.nightly import tonight


def test_a_topic_is_put_otherwise(begin: Begin, client: FlaskClient) -> None:
    here = begin("proposed")
    page, entry = f"/meetings/{here.meeting_id}", here.meeting.agenda[1].id
    sit_down(client, here.secretary)
    words = {"title": "改进目标", "presenter": "李某", "minutes": "25"}
    assert send(client, f"{page}/topics/{entry}", page, **words)[0] == 200
    changed = here.meeting.agenda[1]
    assert (changed.title, changed.presenter, changed.minutes) == ("改进目标", "李某", 25)
    status, text = send(client, f"{page}/topics/{entry}", page, **{**words, "minutes": "0"})
    assert status == 422
    assert "李某" in text
    other = (here.other.secretary, here.meeting_id, entry, "题", "", 5)
    with pytest.raises(NotFound):
        here.act(preparing.change_topic, *other)


def test_a_task_is_put_otherwise_as_long_as_minutes_are_written(
    begin: Begin, client: FlaskClient
) -> None:
    here = begin("drafting")
    (item,) = here.meeting.sections[0].actions
    key, version, given = item.id, item.version, item.given_on
    page, own = f"/meetings/{here.meeting_id}", here.invitation(here.own.center.name).id
    sit_down(client, here.secretary)
    words = {"what": "报送数据", "owner": own, "due_on": "2026-03-31", "version": version}
    assert send(client, f"{page}/actions/{key}", page, **words)[0] == 200
    (item,) = here.meeting.sections[0].actions
    assert (item.what, item.due_on) == ("报送数据", date(2026, 3, 31))
    assert (item.owner_center_id, item.owner) == (here.own.center_id, here.own.center.name)
    change = (here.secretary, here.meeting_id, key)
    with pytest.raises(StaleEdit):
        here.act(following.change_action, *change, version, "别的", own, given)
    with pytest.raises(Refused):
        here.act(following.change_action, *change, version + 1, "别的", own, given - timedelta(1))
    here.step(holding.circulate)
    with pytest.raises(Refused):
        here.act(following.change_action, *change, version + 1, "别的", own, given)


def test_a_task_dropped_from_a_draft_is_heard_of_nowhere(begin: Begin) -> None:
    here = begin("drafting")
    (item,) = here.meeting.sections[0].actions
    drop = (here.director, item.id, item.version, "drop", "会上未议定")
    here.act(following.decide_action, *drop)
    here.step(holding.circulate)
    here.step(holding.sign_minutes, here.director)
    told = sa.select(Message.kind).where(Message.kind.startswith("action."))
    assert db.session.scalars(told).all() == []
    (paper,) = list_papers_of("minutes", here.meeting_id)
    assert [section["actions"] for section in paper.content["sections"]] == [[], [], []]


def test_the_next_invites_those_who_are_still_there(begin: Begin, clock: Clock) -> None:
    """As they are called now; not the center that was closed, nor the expert who left."""
    here = begin("proposed")
    employer = here.own.employer("h1")
    people = (particulars(employer), particulars(employer))
    codes = [here.act(register_expert, here.secretary, each).code for each in people]
    for code in codes:
        here.act(inviting.invite_expert, here.secretary, here.meeting_id, code)
    guest = ("赵某", "国家中心", Capacity.OBSERVING, "guest@example.org")
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    with transaction() as session:
        session.get_one(Center, here.lower.center_id).state = CenterState.CLOSED
        stays, leaves = (
            session.scalars(sa.select(Expert).filter_by(code=code)).one() for code in codes
        )
        stays.person.name, leaves.specialty = "改名", "护理"
    clock.forward(timedelta(days=30))
    here.meeting_id = here.act(proposing.propose_meeting, here.secretary).id
    again = here.meeting.invitations
    assert [each.name for each in again] == [here.own.center.name, "王某", "改名", "赵某"]
    assert again[-1].email == "guest@example.org"


def test_the_next_invites_the_center_established_since(begin: Begin, clock: Clock) -> None:
    here = begin("proposed")
    lower = here.invitation(here.lower.center.name).id
    here.act(inviting.take_back_invitation, here.secretary, here.meeting_id, lower)
    here.step(preparing.cancel, None, "本月另行安排")
    for begins in (0, 2):
        clock.forward(timedelta(days=30))
        with transaction() as session:
            for hosting in session.scalars(sa.select(Hosting)):
                hosting.started_on += timedelta(days=begins)
        last = here.meeting
        with transaction() as session:
            center = session.get_one(Center, here.own.center_id)
            again = proposing.make_proposal(center, session.merge(last), product_clock.today())
            names = [each.name for each in again.invitations]
            session.rollback()
        assert (here.lower.center.name in names) is bool(begins)


def test_a_meeting_that_nobody_held_keeps_no_other_back(begin: Begin, clock: Clock) -> None:
    here = begin("announced")
    center = here.own.center_id
    clock.forward(timedelta(days=8))
    asked = sa.select(sa.func.count(Message.id)).filter_by(kind="meeting.unrecorded")
    tonight(minutes)
    tonight(minutes)
    assert db.session.scalar(asked) == 2, "the director and the secretary, once"
    with pytest.raises(Refused):
        here.act(proposing.propose_meeting, here.secretary)
    clock.set(clock().replace(month=4, day=1))
    assert here.act(proposing.propose_by_clock, center, date(2026, 4, 1))
    assert not here.act(proposing.propose_by_clock, center, date(2026, 4, 1))
    assert here.meeting.state is MeetingState.ANNOUNCED
