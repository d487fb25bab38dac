"""Pages of yearly documents, tasks and records by hand, and two writers of one section."""

from datetime import date, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qcc.evaluations.rules.documents import DocumentKind
from qcc.evaluations.services import documents
from qcc.evaluations.workflow import DocumentState, TaskState
from qcc.kernel.dates import SHANGHAI
from tests.conftest import Clock
from tests.factories import documents as make
from tests.factories import evaluations as rounds
from tests.factories.applications import do
from tests.factories.centers import PDF, sit_down
from tests.factories.evaluations import Scene
from tests.integration.experts.test_pages import token_of

AUTOSAVE = {"X-Autosave": "1"}
pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])


@pytest.fixture
def here(app: Flask, clock: Clock) -> Scene:
    clock.set(datetime(2026, 12, 28, 9, tzinfo=SHANGHAI))
    return rounds.scene()


def send(client: FlaskClient, path: str, shown: str, **fields: object) -> tuple[int, str]:
    data = {"csrf_token": token_of(client.get(shown).text), **fields}
    answer = client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_summary_by_hand(here: Scene, client: FlaskClient) -> None:
    sit_down(client, here.secretaries[0])
    assert "提交年度工作总结和工作计划" in client.get("/").text
    send(client, "/annual/begin", "/annual", kind="summary", year="2026")
    code = make.begun(here.secretaries[0], DocumentKind.SUMMARY, 2026)
    at = f"/annual/{code}"
    for name in ("goals", "work", "problems"):
        part = f"{at}/sections/{name}"
        assert send(client, part, part, version=0, text=f"{name}：已完成")[0] == 200
    figures = {"rows-0-name": "质控检查", "rows-0-value": "12", "rows-2-name": " "}
    part = f"{at}/sections/figures"
    assert send(client, part, part, version=0, **figures)[0] == 200
    assert make.document(code).written["figures"] == {
        "rows": [{"name": "质控检查", "value": "12", "unit": ""}]
    }
    part = f"{at}/sections/budget"
    wrong = {"rows-0-name": "培训", "rows-0-planned": "十万", "rows-0-spent": "1"}
    status, text = send(client, part, part, version=0, **wrong)
    assert status == 422
    assert "第 1 行" in text
    assert "十万" in text
    sound = {**wrong, "rows-0-planned": "100000", "rows-0-spent": "98000.50"}
    _status, text = send(client, part, part, version=0, **sound)
    assert "执行率 98.00 %" in text
    version = make.document(code).version
    assert send(client, f"{at}/submit", at, version=version)[0] == 403

    sit_down(client, here.directors[0])
    send(client, f"{at}/submit", at, version=version)
    assert make.document(code).state is DocumentState.SUBMITTED
    sit_down(client, here.evaluation)
    assert "接收或退回年度材料" in client.get("/").text
    assert at in client.get("/annual?year=2026").text
    version = make.document(code).version
    status, text = send(client, f"{at}/return", at, version=version, reason="补充数据来源")
    assert (status, "补充数据来源" in text) == (422, True)
    send(
        client, f"{at}/return", at, version=version, reason="补充数据来源", correct_by="2027-01-08"
    )
    assert make.document(code).correct_by == date(2027, 1, 8)
    sit_down(client, here.secretaries[0])
    assert "补正年度材料并重新提交" in client.get("/").text


def test_two_writers_see_both_versions(here: Scene, client: FlaskClient) -> None:
    writer = here.secretaries[0]
    code = make.begun(writer, DocumentKind.NEXT_PLAN, 2026)
    at = f"/annual/{code}/sections"
    sit_down(client, writer)
    token = token_of(client.get(f"{at}/items").text)
    row = {"rows-0-what": "督导", "rows-0-owner": "秘书", "rows-0-month": "3"}
    data = {"csrf_token": token, "version": 0, **row}
    answer = client.post(f"{at}/items", data=data, headers=AUTOSAVE)
    assert (answer.status_code, answer.json and answer.json["version"]) == (200, 1)
    theirs = {"rows": [{"what": "主任改过的", "owner": "主任", "month": "4"}]}
    do(lambda: documents.save_section(here.directors[0], code, "items", 1, theirs))
    data |= {"version": 1}
    assert client.post(f"{at}/items", data=data, headers=AUTOSAVE).status_code == 409
    page = client.post(f"{at}/items", data=data)
    assert page.status_code == 409
    assert "主任改过的 · 主任 · 4" in page.text
    assert "督导 · 秘书 · 3" in page.text
    assert client.post(f"{at}/items", data={**data, "version": 2}).status_code == 302
    assert client.get(f"{at}/nothing").status_code == 404
    data |= {"version": 3, "rows-0-month": "13"}
    assert client.post(f"{at}/items", data=data, headers=AUTOSAVE).status_code == 422


def test_a_task_by_hand(here: Scene, client: FlaskClient, clock: Clock) -> None:
    sit_down(client, here.commission)
    at = "/assigned-tasks/new"
    words = {"key": "one", "title": "报送数据", "text": "按附表", "due_on": "2026-12-29"}
    assert send(client, at, at, **words)[0] == 422
    status, text = send(client, at, at, **words, centers=here.centers)
    assert status == 200
    assert text.count("报送数据") == 2
    sit_down(client, here.secretaries[0])
    assert "报告指令性任务" in client.get("/").text
    code = client.get("/assigned-tasks").text.split('href="/assigned-tasks/')[1].split('"')[0]
    at = f"/assigned-tasks/{code}"
    assert send(client, f"{at}/report", at, version=1, report="")[0] == 422
    upload = {"report": "已报送", "file": (BytesIO(PDF), "汇总.pdf")}
    assert send(client, f"{at}/report", at, version=1, **upload)[0] == 200
    sit_down(client, here.commission)
    assert "评定任务报告" in client.get("/").text
    assert client.get(f"{at}/file").data == PDF
    status, text = send(client, f"{at}/refuse", at, version=make.task(code).version, reason="")
    assert status == 422
    send(client, f"{at}/accept", at, version=make.task(code).version)
    assert make.task(code).state is TaskState.DONE
    clock.set(datetime(2026, 12, 30, 9, tzinfo=SHANGHAI))
    sit_down(client, here.commission)
    assert "逾期" in client.get("/assigned-tasks?state=assigned").text


def test_rules_and_visits_by_hand(here: Scene, client: FlaskClient) -> None:
    at = f"/records/{here.centers[0]}"
    sit_down(client, here.secretaries[0])
    rule = {
        "key": "a", "kind": "funds", "title": "经费使用管理办法", "adopted_on": "2026-12-01",
        "review_on": "2027-12-01",
    }  # fmt: skip
    assert send(client, f"{at}/rules", at, **rule)[0] == 422
    status, text = send(client, f"{at}/rules", at, **rule, file=(BytesIO(PDF), "办法.pdf"))
    assert (status, "经费使用管理办法" in text) == (200, True)
    sit_down(client, here.evaluation)
    visit = {"key": "b", "visited_on": "2027-01-01", "participants": "王某", "findings": "齐全"}
    status, text = send(client, f"{at}/visits", at, **visit)
    assert (status, "齐全" in text) == (422, True)
    visit |= {"visited_on": "2026-12-20", "review_on": "2026-12-27"}
    status, text = send(client, f"{at}/visits", at, **visit)
    assert (status, "已逾期" in text) == (200, True)
    assert "1/4" in client.get("/records").text
