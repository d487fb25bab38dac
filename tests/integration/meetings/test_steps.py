"""The life of a meeting through the services, and what the database refuses afterwards."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qcc.infra import audit
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.kernel.permissions import NotPermitted
from qcc.kernel.workflow import GuardFailed
from qcc.meetings.models import ActionItem, MeetingFileKind, MinutesRevision, Reply
from qcc.meetings.queries import get_compliance, get_meeting, list_actions
from qcc.meetings.rules.compliance import MonthState
from qcc.meetings.services import following, holding, inviting, materials, preparing, proposing
from qcc.meetings.workflow import ActionState, AmendmentState, MeetingState
from tests.conftest import Clock
from tests.factories.centers import PDF
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin
from tests.integration.meetings.scenes import Scene

S = MeetingState


def kinds(here: Scene, center_id: int) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(Message.kind).filter_by(center_id=center_id)))


def test_the_whole_way_from_proposal_to_final_minutes(begin: Begin) -> None:
    here = begin("final")
    meeting = here.meeting
    assert meeting.state is S.FINAL
    assert (meeting.year, meeting.number, meeting.held_on) == (2026, 1, date(2026, 3, 9))
    assert meeting.signed_by == here.director.person_id
    assert {"meeting.announce", "meeting.circulate", "meeting.sign", "action.given"} <= kinds(
        here, here.lower.center_id
    )
    ours = Paper.subject_type.in_(("meeting", "minutes"))
    papers = sorted(db.session.scalars(sa.select(Paper.kind).where(ours)))
    assert papers == ["attendance_sheet", "meeting_minutes", "meeting_notice"]
    assert list(audit.verify(db.session)) == []


def test_the_first_proposal_invites_the_centers_of_the_specialty(begin: Begin) -> None:
    here = begin("proposed")
    names = [each.name for each in here.meeting.invitations]
    assert names == [here.own.center.name, here.lower.center.name, "王某"]
    with pytest.raises(Refused):
        here.act(proposing.propose_meeting, here.secretary)


def test_what_is_open_comes_back_until_it_is_closed(begin: Begin) -> None:
    here = begin("final")
    (item,) = list_actions(here.secretary)
    here.meeting_id = here.act(proposing.propose_meeting, here.secretary).id
    meeting = here.meeting
    assert [entry.action_id for entry in meeting.agenda] == [item.id, None, None, None]
    assert meeting.number == 2
    assert meeting.venue == "行政楼三楼会议室"
    assert len(meeting.invitations) == 3
    here.step(preparing.cancel, None, "另行安排")
    owner = here.lower.secretary
    here.act(following.report_done, owner, item.id, item.version, "已报送")
    here.act(following.decide_action, here.secretary, item.id, 2, "return", "缺一个科室")
    here.act(following.report_done, owner, item.id, 3, "已补齐")
    here.act(following.decide_action, here.secretary, item.id, 4, "accept")
    assert db.session.get_one(ActionItem, item.id).state is ActionState.ACCEPTED
    here.meeting_id = here.act(proposing.propose_meeting, here.secretary).id
    assert not any(entry.action_id for entry in here.meeting.agenda)


def test_answers_and_attendance(clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    key = here.invitation(here.lower.center.name).id
    with pytest.raises(Refused):
        here.act(inviting.answer, here.lower.secretary, here.meeting_id, key, Reply.SUBSTITUTE)
    here.act(inviting.answer, here.lower.secretary, here.meeting_id, key, Reply.SUBSTITUTE, "李某")
    with pytest.raises(NotFound):
        here.act(inviting.answer, here.other.secretary, here.meeting_id, key, Reply.YES)
    assert here.invitation(here.lower.center.name).substitute == "李某"
    with pytest.raises(GuardFailed) as early:
        here.step(holding.hold)
    assert early.value.guard == "meeting_has_begun"
    clock.forward(timedelta(days=7))
    with pytest.raises(GuardFailed) as empty:
        here.step(holding.hold)
    assert empty.value.guard == "somebody_is_present"


def test_a_change_and_a_cancellation_are_told(clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    here.step(preparing.plan_meeting, None, scenes.plan(clock() + timedelta(days=9)))
    here.step(preparing.cancel, None, "台风")
    assert {"meeting.changed", "meeting.cancel"} <= kinds(here, here.lower.center_id)


def test_the_agenda_is_reordered(begin: Begin) -> None:
    here = begin("proposed")
    first, second, third = (entry.id for entry in here.meeting.agenda)
    here.act(preparing.move_topic, here.secretary, here.meeting_id, third, 0)
    assert [entry.id for entry in here.meeting.agenda] == [third, first, second]
    assert [entry.position for entry in here.meeting.agenda] == [0, 1, 2]
    with pytest.raises(NotFound):
        here.act(preparing.move_topic, here.secretary, here.meeting_id, 999, 0)


def test_of_two_writers_the_second_is_told_and_nothing_is_lost(begin: Begin) -> None:
    here = begin("drafting")
    section = here.meeting.sections[0]
    key, version, topic = section.id, section.version, section.topic
    mine = {"topic": topic, "discussion": "甲写的", "decision": ""}
    save = holding.save_section
    here.act(save, here.secretary, here.meeting_id, key, version, mine)
    yours = {**mine, "discussion": "乙写的"}
    with pytest.raises(StaleEdit):
        here.act(save, here.director, here.meeting_id, key, version, yours)
    here.act(save, here.director, here.meeting_id, key, version + 1, yours)
    found = sa.select(MinutesRevision).filter_by(section_id=key).order_by(MinutesRevision.id)
    said = [(r.person_name, r.content["discussion"]) for r in db.session.scalars(found)]
    assert [words for _name, words in said] == ["讨论", "甲写的", "乙写的"]


def test_only_the_director_returns_and_signs(begin: Begin) -> None:
    here = begin("correcting")
    with pytest.raises(NotPermitted):
        here.step(holding.sign_minutes)
    with pytest.raises(Refused):
        here.step(holding.return_minutes, here.director, " ")
    here.step(holding.return_minutes, here.director, "请补充数据")
    assert here.meeting.state is S.DRAFTING


FROZEN = [
    "UPDATE meetings SET title = 'x'",
    "UPDATE meetings SET state = 'drafting'",
    "DELETE FROM meetings",
    "UPDATE minutes_sections SET decision = 'x'",
    "DELETE FROM minutes_sections",
    "INSERT INTO minutes_sections (meeting_id, position, topic, discussion, decision, saved_at,"
    " version) SELECT meeting_id, 9, 'x', '', '', saved_at, 1 FROM minutes_sections",
    "UPDATE minutes_revisions SET person_name = 'x'",
    "DELETE FROM minutes_revisions",
    "UPDATE invitations SET signed_in_at = NULL",
    "DELETE FROM invitations",
    "UPDATE agenda_entries SET title = 'x'",
    "UPDATE action_items SET what = 'x'",
    "UPDATE action_items SET due_on = '2030-01-01'",
    "DELETE FROM action_items",
    "UPDATE meeting_files SET kind = 'other'",
    "DELETE FROM meeting_files",
    "INSERT INTO meeting_files (code, meeting_id, file_id, kind)"
    " SELECT 'X', meeting_id, file_id, kind FROM meeting_files",
]


def test_final_minutes_are_locked_in_the_database(begin: Begin) -> None:
    here = begin("drafting")
    slides = (here.meeting_id, MeetingFileKind.SLIDES, PDF, "汇报.pdf")
    here.act(materials.add_file, here.secretary, *slides)
    here.step(holding.circulate)
    here.step(holding.sign_minutes, here.director)
    for statement in FROZEN:
        with pytest.raises(DBAPIError, match="final minutes are never changed"), transaction() as s:
            s.execute(sa.text(statement))


def amend(here: Scene, proposer: Any) -> Any:
    given = (proposer, here.meeting_id, "更正第一项表述", "记录有误")
    return here.act(following.propose_amendment, *given)


def test_an_amendment_takes_a_second_person_and_the_director(begin: Begin) -> None:
    here = begin("final")
    by_secretary = amend(here, here.secretary)
    decide, key = following.decide_amendment, by_secretary.id
    for actor, guard in ((here.secretary, "amended_by_another"),):
        with pytest.raises(GuardFailed) as failed:
            here.act(decide, actor, here.meeting_id, key, 1, "approve")
        assert failed.value.guard == guard
    done = here.act(decide, here.director, here.meeting_id, key, 1, "approve")
    assert done.state is AmendmentState.APPROVED
    by_director = amend(here, here.director)
    assert by_director.by_director
    with pytest.raises(Refused):
        here.act(decide, here.secretary, here.meeting_id, by_director.id, 1, "refuse", " ")
    here.act(decide, here.secretary, here.meeting_id, by_director.id, 1, "refuse", "不需要")
    assert here.meeting.state is S.FINAL


def test_every_act_is_one_event(begin: Begin) -> None:
    here = begin("announced")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    key = here.invitation("王某").id
    entry = here.meeting.agenda[0].id
    sign = (here.secretary, here.meeting_id, key, True)
    acts = [
        (preparing.add_topic, here.secretary, here.meeting_id, "新议题", "张某", 15),
        (preparing.move_topic, here.secretary, here.meeting_id, entry, 1),
        (preparing.remove_topic, here.secretary, here.meeting_id, entry),
        (holding.sign_in, *sign),
    ]
    for at, (step, *given) in enumerate(acts, start=1):
        here.act(step, *given)
        count = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
        assert count == before + at


def test_who_sees_a_meeting(begin: Begin) -> None:
    here = begin("proposed")

    def sees(actor: Any) -> bool:
        try:
            get_meeting(actor, here.meeting_id)
        except NotFound:
            return False
        return True

    assert sees(here.director)
    assert sees(here.commission)
    for actor in (here.lower.secretary, here.other.secretary, here.city, here.province.host):
        assert not sees(actor)
    here.step(preparing.announce)
    assert sees(here.lower.secretary)
    assert not sees(here.other.secretary)
    assert not sees(here.city)


def test_a_task_is_told_only_when_the_minutes_are_signed(begin: Begin) -> None:
    here = begin("correcting")
    assert list_actions(here.lower.secretary) == []
    (item,) = list_actions(here.secretary)
    with pytest.raises(Refused):
        here.act(following.report_done, here.secretary, item.id, item.version, "已办")
    here.step(holding.sign_minutes, here.director)
    assert [each.id for each in list_actions(here.lower.secretary)] == [item.id]
    assert list_actions(here.other.secretary) == []
    assert list_actions(here.other_city) == []


def test_compliance_of_each_scope(begin: Begin) -> None:
    here = begin("final")
    today = date(2026, 5, 4)

    def names(actor: Any) -> list[int]:
        return [row.id for row in get_compliance(actor, 2026, today)]

    own, lower, other = (s.center_id for s in (here.own, here.lower, here.other))
    assert names(here.commission) == [own, lower, other]
    assert names(here.city) == [lower]
    assert names(here.director) == [own, lower]
    assert names(here.lower.director) == [lower]
    assert names(here.province.host) == []
    row = get_compliance(here.director, 2026, today)[0]
    no, held, missed = MonthState.NOT_DUE, MonthState.HELD, MonthState.MISSED
    assert row.months == (no, no, held, missed, *[no] * 8)
