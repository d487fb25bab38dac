"""Terms by the clock, moves of experts, personnel changes of members, the nightly check."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.jobs import age, find, follow, keep
from qcc.experts.models import Expert, MemberChange
from qcc.experts.queries import list_filings, list_public_members
from qcc.experts.services import changes, consents, filing, nomination, people, review, rosters
from qcc.experts.services.consents import Answer
from qcc.experts.services.loading import start_reelection
from qcc.experts.services.terms import all_panel_facts
from qcc.experts.workflow import MemberChangeState
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import GuardFailed
from qcc.workbench.queries import list_to_do
from tests.conftest import Clock
from tests.counting import statements
from tests.factories.centers import PDF, sit_down
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage
from tests.integration.experts.scenes import S, Scene
from tests.nightly import tonight


def at(clock: Clock, day: date) -> None:
    clock.set(datetime.combine(day, time(9), SHANGHAI))


def told(here: Scene, kind: str) -> int:
    """How many messages of the kind were written to one desk of the center."""
    db.session.rollback()
    found = sa.select(sa.func.count(Message.id)).where(
        Message.kind == kind,
        Message.role == "center_secretary",
        Message.center_id == here.center_id,
    )
    return db.session.scalar(found) or 0


def move(here: Scene, member: int, employer: str) -> None:
    """The employer changes on the pages of people, behind the panels' back."""
    with transaction():
        person = here.panel.present_members[member].expert.person
        person.employer_id = here.organization_ids[employer]


def test_the_end_is_told_three_times_and_then_the_panel_expires(
    stage: Stage, clock: Clock, client: FlaskClient
) -> None:
    """On working days: 180 days before is National Day, 85 days before a Saturday."""
    here = stage("filed")
    end = here.panel.term_end
    for days, times, state in (
        (181, 0, S.FILED), (179, 0, S.EXPIRING), (174, 1, S.EXPIRING), (91, 1, S.EXPIRING),
        (85, 1, S.EXPIRING), (83, 2, S.EXPIRING),
        (30, 3, S.EXPIRING), (1, 3, S.EXPIRING), (0, 3, S.EXPIRING), (-1, 3, S.EXPIRED),
    ):  # fmt: skip
        at(clock, end - timedelta(days=days))
        tonight(age)
        tonight(age)
        assert told(here, "panel.near_end") == times, days
        assert here.panel.state is state, days
    assert told(here, "panel.expire") == 1
    member = here.panel.present_members[0]
    with pytest.raises(Refused):
        here.act(
            rosters.note_service, here.secretary, here.panel_id, member.id, member.version, 1, 1, 0
        )
    with pytest.raises(Refused):
        here.act(changes.report_member_change, here.secretary, here.panel_id, member.id, "退休",
                 product_clock.today())  # fmt: skip
    assert not list_public_members(here.center_id)


def test_skipped_days_lead_to_one_message(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    at(clock, here.panel.term_end - timedelta(days=20))
    tonight(age)
    assert told(here, "panel.near_end") == 1
    assert here.panel.warned_days == 30


def test_who_serves_is_public_only_within_the_term(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    assert not list_public_members(here.center_id)
    at(clock, here.panel.term_start)
    assert len(list_public_members(here.center_id)) == 8
    at(clock, here.panel.term_end + timedelta(days=1))
    assert not list_public_members(here.center_id)


def test_nobody_is_approved_on_consents_of_an_earlier_employer(stage: Stage) -> None:
    here = stage("under_review")
    move(here, 2, "h1")
    with pytest.raises(GuardFailed):
        here.act(review.approve_panel, here.commission, here.panel_id, here.version)
    here.act(review.return_panel, here.commission, here.panel_id, here.version, "单位变动")
    here.act(nomination.nominate, here.director, here.panel_id, here.version)
    assert len(scenes.awaited(here)) == 1
    scenes.consent_all(here)
    here.act(review.present, here.secretary, here.panel_id, here.version)
    here.act(review.approve_panel, here.commission, here.panel_id, here.version)
    assert here.panel.state is S.APPROVED


def test_a_move_while_consents_are_collected_asks_the_new_employer(stage: Stage) -> None:
    here = stage("collecting")
    scenes.consent_all(here)
    move(here, 2, "h1")
    tonight(follow)
    assert len(scenes.awaited(here)) == 1
    tonight(follow)
    assert len(scenes.awaited(here)) == 1


def open_change(here: Scene) -> MemberChange:
    db.session.rollback()
    return db.session.scalars(sa.select(MemberChange)).one()


def replaced(here: Scene, clock: Clock) -> int:
    """A member has moved, a successor was proposed and approved; returns who follows."""
    at(clock, date(2026, 6, 1))
    move(here, 3, "h1")
    tonight(follow)
    tonight(follow)
    change = open_change(here)
    assert told(here, "member.moved") == 1
    said = scenes.particulars(here.employer("h2"))
    expert_id = here.act(people.register_expert, here.secretary, said).id
    here.act(
        lambda: changes.name_successor(
            here.director, change.id, open_change(here).version,
            db.session.get_one(Expert, expert_id), date(2026, 6, 15),
        )
    )  # fmt: skip
    assert len(here.panel.present_members) == 8
    with pytest.raises(GuardFailed):
        here.act(changes.present_change, here.director, change.id, open_change(here).version)
    scenes.consent_all(here)
    here.act(changes.present_change, here.director, change.id, open_change(here).version)
    here.act(changes.replace_member, here.commission, change.id, open_change(here).version)
    return expert_id


def test_a_member_who_moved_is_replaced(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    expert_id = replaced(here, clock)
    panel = here.panel
    assert len(panel.present_members) == 8
    new = next(m for m in panel.present_members if m.expert_id == expert_id)
    assert new.joins == date(2026, 6, 15)
    assert open_change(here).state is MemberChangeState.REPLACED
    rosters_ = db.session.scalars(sa.select(Paper).filter_by(kind="panel_roster")).all()
    assert [paper.round for paper in rosters_] == [1, 2]
    tonight(follow)
    assert db.session.scalar(sa.select(sa.func.count(MemberChange.id))) == 1


def test_a_replacement_is_filed_with_the_same_bodies(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    expert_id = replaced(here, clock)
    follows = db.session.get_one(Expert, expert_id).person.name
    desk = here.province.actor("evaluation", Role.EVALUATION_OFFICER)
    (at_desk,) = list_filings(desk, only_open=True, limit=9)
    assert at_desk.leaves != at_desk.follows == follows
    national, evaluation = here.panel.filings[2:]
    assert [f.receiver for f in (national, evaluation)] == [
        f.receiver for f in here.panel.filings[:2]
    ]
    scan = Answer(given=True, number="国2", data=PDF, filename="回执.pdf")
    here.act(filing.record_filing, here.secretary, here.panel_id, national.id, 1, scan)
    assert told(here, "member.filed") == 0
    here.act(filing.receive_filing, desk, evaluation.id, 1, "省2")
    assert told(here, "member.filed") == 1
    assert here.panel.state is S.FILED
    assert not list_filings(desk, only_open=True, limit=9)
    letter = db.session.scalars(sa.select(Paper).filter_by(kind="change_letter")).one()
    assert letter.content["receivers"] == ["national_center", "evaluation_center"]


def test_a_replacement_does_not_stand_for_the_filing_of_the_panel(
    stage: Stage, clock: Clock
) -> None:
    here = stage("approved")
    replaced(here, clock)
    desk = here.province.actor("evaluation", Role.EVALUATION_OFFICER)
    scan = Answer(given=True, number="国", data=PDF, filename="回执.pdf")
    national, evaluation, *of_change = here.panel.filings
    here.act(filing.record_filing, here.secretary, here.panel_id, of_change[0].id, 1, scan)
    here.act(filing.receive_filing, desk, of_change[1].id, 1, "省2")
    assert here.panel.state is S.APPROVED
    here.act(filing.record_filing, here.secretary, here.panel_id, national.id, 1, scan)
    here.act(filing.receive_filing, desk, evaluation.id, 1, "省1")
    assert here.panel.state is S.FILED


def test_a_member_stays_by_exception(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    at(clock, date(2026, 6, 1))
    move(here, 3, "h1")
    tonight(follow)
    change = open_change(here)
    proof = Answer(given=True, data=PDF, filename="同意.pdf")
    for bad in (
        (change.version, "", True, proof),
        (change.version, "贡献突出", False, proof),
        (change.version, "贡献突出", True, Answer(given=True)),
    ):
        with pytest.raises(Refused):
            here.act(changes.propose_stay, here.secretary, change.id, *bad)
    good = open_change(here).version, "贡献突出", True, proof
    here.act(changes.propose_stay, here.secretary, change.id, *good)
    here.act(changes.present_change, here.director, change.id, open_change(here).version)
    here.act(changes.except_member, here.commission, change.id, open_change(here).version)
    assert open_change(here).state is MemberChangeState.EXCEPTED
    tonight(follow)
    assert db.session.scalar(sa.select(sa.func.count(MemberChange.id))) == 1


def propose_successor(here: Scene, joins: date) -> None:
    """A member retires; the director names who is to follow."""
    member = here.panel.present_members[4]
    here.act(changes.report_member_change, here.secretary, here.panel_id, member.id, "退休",
             product_clock.today())  # fmt: skip
    change = open_change(here)
    said = scenes.particulars(here.employer("h2"))
    expert_id = here.act(people.register_expert, here.secretary, said).id
    here.act(
        lambda: changes.name_successor(
            here.director, change.id, open_change(here).version,
            db.session.get_one(Expert, expert_id), joins,
        )
    )  # fmt: skip


def test_a_refused_successor_leaves_the_panel_as_it_was(stage: Stage, clock: Clock) -> None:
    here = stage("filed")
    at(clock, date(2026, 6, 1))
    propose_successor(here, date(2026, 6, 15))
    change = open_change(here)
    key, version, actor = scenes.awaited(here)[0]
    here.act(consents.answer_consent, actor, key, version, Answer(given=False, reason="不同意"))
    assert len(here.panel.present_members) == 8
    with pytest.raises(GuardFailed):
        here.act(changes.present_change, here.director, change.id, open_change(here).version)


def test_the_nightly_check_finds_what_changed_and_tells_it_once(stage: Stage) -> None:
    here = stage("filed")
    tonight(lambda period: keep(period, find(period)))
    assert told(here, "panel.broken") == 0
    with transaction():
        here.panel.present_members[3].expert.person.title = "主治医师"
    tonight(lambda period: keep(period, find(period)))
    tonight(lambda period: keep(period, find(period)))
    assert told(here, "panel.broken") == 1
    assert any(f["rule"] == "expert.title" for f in here.panel.findings)


def test_the_nightly_facts_are_those_of_the_pages(stage: Stage) -> None:
    here = stage("draft")
    from_pages = here.panel.findings
    tonight(lambda period: keep(period, find(period)))
    assert here.panel.findings == from_pages
    with statements() as sent:
        list(all_panel_facts(product_clock.today()))
    assert len(sent) <= 6


def test_reelection_marks_who_cannot_go_on(stage: Stage, clock: Clock, client: FlaskClient) -> None:
    here = stage("filed")
    with transaction():
        person = here.panel.present_members[3].expert.person
        person.birth_date = date(1970, 5, 1)
    at(clock, date(2030, 3, 1))
    sit_down(client, here.secretary)
    text = client.get("/panels/reelection?term_start=2030-04-01").get_data(as_text=True)
    assert "不能再次入选：" not in text
    text = client.get("/panels/reelection?term_start=2031-05-01").get_data(as_text=True)
    assert "不能再次入选：" in text
    chosen = [m.id for m in here.panel.present_members if m.id % 2]
    panel_id = here.act(start_reelection, here.secretary, date(2030, 4, 1), chosen).id
    here.panel_id = panel_id
    assert len(here.panel.present_members) == len(chosen)
    assert here.panel.term_number == 2


def test_a_successor_may_be_consented_to_before_the_term_begins(stage: Stage) -> None:
    here = stage("approved")
    assert product_clock.today() < scenes.START
    propose_successor(here, date(2026, 4, 2))
    scenes.consent_all(here)
    assert not scenes.awaited(here)


def waits(actor: Actor) -> list[str]:
    """The addresses of what waits for a desk."""
    db.session.rollback()
    return [item.url for item in list_to_do(actor)]


def test_a_change_of_a_member_waits_at_the_desk_whose_turn_it_is(
    stage: Stage, clock: Clock
) -> None:
    here = stage("filed")
    at(clock, date(2026, 6, 1))
    propose_successor(here, date(2026, 6, 2))
    change = open_change(here)
    url = f"/member-changes/{change.id}"
    assert url in waits(here.secretary)
    assert url in waits(here.director)
    assert url not in waits(here.commission)
    scenes.consent_all(here)
    here.act(changes.present_change, here.director, change.id, open_change(here).version)
    assert url not in waits(here.director)
    assert url in waits(here.commission)


def test_a_receipt_that_comes_on_paper_waits_at_the_desk_of_the_center(stage: Stage) -> None:
    here = stage("approved")
    panel = f"/panels/{here.panel_id}"
    assert waits(here.secretary) == [panel]
    national = here.panel.filings[0]
    scan = Answer(given=True, number="国1", data=PDF, filename="回执.pdf")
    here.act(filing.record_filing, here.secretary, here.panel_id, national.id, 1, scan)
    assert waits(here.secretary) == []
