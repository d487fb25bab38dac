"""Pages of a meeting: the main path by hand, the conflict of two writers, papers, the matrix."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from qcc.infra import files
from qcc.infra.db import db
from qcc.infra.papers import PaperState, issue_pending, list_papers_of
from qcc.infra.scheduler import run_period
from qcc.kernel.periods import DAY, period_named
from qcc.kernel.permissions import Actor, Role
from qcc.meetings.documents import HTML_OF
from qcc.meetings.jobs import JOBS
from qcc.meetings.models import Reply
from qcc.meetings.queries import (
    last_meeting,
    list_actions,
    list_meetings,
    list_unanswered_invitations,
)
from qcc.meetings.services import following, inviting, preparing
from qcc.meetings.workflow import ActionState, MeetingState
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.experts.test_pages import token_of
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin
from tests.papers import text_of

S = MeetingState


def send(client: FlaskClient, path: str, shown: str, **fields: object) -> tuple[int, str]:
    """Send a form of the page that is shown at *shown*, and go where the answer leads."""
    data = {"csrf_token": token_of(client.get(shown).text), **fields}
    answer = client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.text


def test_the_main_path_by_hand(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    here = begin("scene")
    sit_down(client, here.secretary)
    send(client, "/meetings/propose", "/meetings", key="one")
    (row,) = list_meetings(here.secretary)
    here.meeting_id, page = row.id, f"/meetings/{row.id}"
    status, _text = send(
        client, f"{page}/plan", page, version=here.version, title="三月调度会", mode="hybrid",
        starts_at="2026-03-20T14:30", venue="三楼会议室", link="",
    )  # fmt: skip
    assert status == 200
    first = here.meeting.agenda[0].id
    send(client, f"{page}/topics", page, title="低风险组死亡病例", presenter="张某", minutes="15")
    send(client, f"{page}/topics/{first}/move", page, to="3")
    assert here.meeting.agenda[-1].id == first
    key = client.get(page).text.split(f'action="{page}/guests"')[1].split('name="key" value="')[1]
    guest = {"name": "王某", "organization": "国家中心", "capacity": "observing", "key": key[:32]}
    for _twice in range(2):
        send(client, f"{page}/guests", page, **guest)
    assert sum(each.is_guest for each in here.meeting.invitations) == 1
    send(client, f"{page}/announce", page, version=here.version)
    assert here.meeting.state is S.ANNOUNCED

    sit_down(client, here.lower.secretary)
    assert "三月调度会" in client.get("/").text
    key = here.invitation(here.lower.center.name).id
    _status, text = send(client, f"{page}/invitations/{key}/answer", page, reply="yes")
    assert "回复已登记" in text

    clock.forward(timedelta(days=18, hours=8))
    sit_down(client, here.secretary)
    key = here.invitation(here.own.center.name).id
    send(client, f"{page}/invitations/{key}/presence", page, present="yes")
    send(client, f"{page}/hold", page, version=here.version)
    send(client, f"{page}/draft", page, version=here.version)
    for section in here.meeting.sections:
        at = f"{page}/sections/{section.id}"
        status, _text = send(
            client, at, at, version=section.version, topic=section.topic,
            discussion="各市中心汇报。", decision="继续推进。",
        )  # fmt: skip
        assert status == 200
    at, owner = here.meeting.sections[0].id, here.invitation(here.lower.center.name).id
    send(
        client, f"{page}/sections/{at}/actions", page, what="报送数据", owner=owner,
        due_on="2026-04-10",
    )  # fmt: skip
    send(client, f"{page}/circulate", page, version=here.version)
    sit_down(client, here.director)
    _status, text = send(client, f"{page}/sign", page, version=here.version)
    assert here.meeting.state is S.FINAL
    assert "此后的改动须办理更正" in text

    (item,) = list_actions(here.secretary)
    version = item.version
    send(client, "/meetings/propose", "/meetings", key="two")
    following = last_meeting(here.own.center_id)
    assert following is not None
    text = client.get(f"/meetings/{following.id}").text
    assert "报送数据" in text
    assert "已布置" in text
    sit_down(client, here.lower.secretary)
    at = f"/actions/{item.id}"
    send(client, f"{at}/report", at, version=version, evidence="已报送，见系统。")
    sit_down(client, here.director)
    send(client, f"{at}/accept", at, version=version + 1)
    db.session.rollback()
    (item,) = list_actions(here.secretary)
    assert item.state is ActionState.ACCEPTED


def test_the_second_writer_sees_both_texts(client: FlaskClient, begin: Begin) -> None:
    here = begin("drafting")
    section = here.meeting.sections[0]
    at, version = f"/meetings/{here.meeting_id}/sections/{section.id}", section.version
    typed = {"topic": section.topic, "decision": "决定", "version": version}
    sit_down(client, here.director)
    send(client, at, at, discussion="主任写的", **typed)
    sit_down(client, here.secretary)
    status, text = send(client, at, at, discussion="秘书写的", **typed)
    assert status == 409
    assert "主任写的" in text
    assert "秘书写的" in text
    here.meeting  # noqa: B018  (read anew)
    status, _text = send(client, at, at, discussion="秘书写的", **{**typed, "version": version + 1})
    assert status == 200
    assert here.meeting.sections[0].discussion == "秘书写的"


def test_an_autosave_is_answered_with_the_version(client: FlaskClient, begin: Begin) -> None:
    here = begin("drafting")
    section = here.meeting.sections[0]
    at = f"/meetings/{here.meeting_id}/sections/{section.id}"
    sit_down(client, here.secretary)
    version = section.version
    form = {"topic": "题", "discussion": "一", "decision": "", "version": version}
    token = client.get(at).text.split('data-csrf="')[1].split('"')[0]
    headers = {"X-Autosave": "1", "X-CSRFToken": token}
    answer = client.post(at, data=form, headers=headers)
    assert answer.json["version"] == version + 1
    answer = client.post(at, data={**form, "discussion": "二"}, headers=headers)
    assert answer.status_code == 409


@pytest.mark.parametrize("stage", ["proposed", "announced", "held", "drafting", "final"])
def test_every_reader_gets_a_page(client: FlaskClient, begin: Begin, stage: str) -> None:
    here = begin(stage)
    readers = {here.secretary: 200, here.director: 200, here.commission: 200, here.other_city: 404}
    readers[here.lower.secretary] = 404 if stage == "proposed" else 200
    for actor, status in readers.items():
        sit_down(client, actor)
        answer = client.get(f"/meetings/{here.meeting_id}")
        assert answer.status_code == status, actor.role
        if stage == "drafting" and actor is here.lower.secretary:
            assert "讨论" not in answer.text.split("<main", 1)[1]
        for path in ("/meetings", "/actions", "/meetings/compliance"):
            assert client.get(path).status_code == 200


def test_an_invitation_waits_for_whoever_is_invited(begin: Begin) -> None:
    scenes.announced(here := begin("final"))

    def waiting(actor: Actor) -> list[int]:
        return [row.id for row in list_unanswered_invitations(actor)]

    assert waiting(here.secretary) == waiting(here.lower.secretary) == [here.meeting_id]
    assert waiting(here.other.secretary) == []
    key = here.invitation(here.lower.center.name).id
    here.act(inviting.answer, here.lower.secretary, here.meeting_id, key, Reply.YES)
    assert waiting(here.lower.secretary) == []
    assert waiting(here.secretary) == [here.meeting_id]


def test_the_papers_say_who_was_there(begin: Begin) -> None:
    here = begin("final")
    while issue_pending(HTML_OF):
        pass
    papers = [
        paper for what in ("meeting", "minutes") for paper in list_papers_of(what, here.meeting_id)
    ]
    assert [paper.state for paper in papers] == [PaperState.ISSUED] * 3
    said = {p.kind: text_of(files.read(p.file)) for p in papers if p.file}
    minutes, notice = said["meeting_minutes"], said["meeting_notice"]
    assert f"出席：{here.own.center.name}。" in minutes
    assert f"未到：{here.lower.center.name}。" in minutes
    assert "列席：国家麻醉专业质控中心王某。" in minutes
    assert "任务：报送上季度数据。" in minutes
    assert f"签发：{here.director.name}。" in minutes
    assert minutes.startswith(f"{here.own.center.name}会议纪要2026年第1次")
    assert "2026年3月9日09:00" in notice
    assert "国家麻醉专业质控中心" in said["attendance_sheet"]


def test_papers_tell_of_a_cancellation_and_an_amendment(clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    here.step(preparing.cancel, None, "与全省会议冲突")
    called_off = here.meeting_id
    scenes.final(clock, here)
    words = ("列席增加：省麻醉学会。", "原纪要遗漏")
    amendment = here.act(following.propose_amendment, here.secretary, here.meeting_id, *words)
    decided = (here.meeting_id, amendment.id, amendment.version, "approve")
    here.act(following.decide_amendment, here.director, *decided)
    while issue_pending(HTML_OF):
        pass
    first = {paper.kind: paper for paper in list_papers_of("meeting", called_off)}
    (second,) = [p for p in list_papers_of("minutes", here.meeting_id) if "amend" in p.kind]
    cancellation = text_of(files.read(first["meeting_cancellation"].file))
    assert "2026年3月9日09:00召开的" in cancellation
    assert "取消原因：与全省会议冲突。" in cancellation
    assert second.title == "会议纪要更正"
    amended = text_of(files.read(second.file))
    assert "列席增加：省麻醉学会。" in amended
    assert f"提出：{here.secretary.name}。审定：{here.director.name}。" in amended


def test_papers_tell_of_a_change(begin: Begin) -> None:
    here = begin("announced")
    same = here.meeting.starts_at
    here.step(preparing.plan_meeting, None, scenes.plan(same))
    assert len(list_papers_of("meeting", here.meeting_id)) == 2
    here.step(preparing.plan_meeting, None, scenes.plan(same + timedelta(days=2)))
    while issue_pending(HTML_OF):
        pass
    sheet, change, *_earlier = list_papers_of("meeting", here.meeting_id)
    assert (change.title, sheet.round) == ("会议变更通知", 2)
    said = text_of(files.read(change.file))
    assert "原定于2026年3月9日09:00召开的" in said
    assert "会议时间：2026年3月11日09:00。" in said
    assert "2026年3月11日09:00" in text_of(files.read(sheet.file))


def test_the_matrix_goes_to_excel(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    here = begin("final")
    clock.set(clock().replace(month=5, day=4))
    sit_down(client, here.commission)
    assert "未召开" in client.get("/meetings/compliance").text
    token = client.get("/meetings/compliance").text.split('data-csrf="')[1].split('"')[0]
    answer = client.post("/meetings/compliance/export", data={"csrf_token": token, "year": 2026})
    sheet = load_workbook(BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    own = next(row for row in rows if row[0] == here.own.center.name)
    assert own[1:6] == ["未到期", "未到期", "已召开", "未召开", "未到期"]
    assert own[-2:] == [1, 0]


def test_the_clock_proposes_once_a_month(clock: Clock, begin: Begin) -> None:
    here = begin("scene")
    job = next(each for each in JOBS if each.name == "meetings.propose")
    for day, proposed in (("2026-03-31", 0), ("2026-04-01", 3), ("2026-05-01", 3)):
        clock.set(clock().replace(month=int(day[5:7]), day=int(day[8:])))
        assert run_period(job, period_named(day, DAY))
        assert len(list_meetings(here.commission)) == proposed
    meeting = last_meeting(here.own.center_id)
    assert meeting is not None
    assert meeting.starts_at.astimezone().date() >= date(2026, 4, 8)


def test_nobody_else_comes_near(client: FlaskClient, begin: Begin) -> None:
    here = begin("final")
    (item,) = list_actions(here.secretary)
    sit_down(client, here.other.secretary)
    for path in (f"/meetings/{here.meeting_id}", f"/actions/{item.id}"):
        assert client.get(path).status_code == 404
    sit_down(client, here.province.actor("host", Role.INSTITUTION_OFFICER))
    assert client.get("/meetings").status_code == 403
