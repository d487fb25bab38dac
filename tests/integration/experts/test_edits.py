"""Edits of a roster through the pages: conflicts, uploads, hostile files, identity numbers."""

import io
import logging
import re
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.models import Expert, Panel
from qcc.experts.services import nomination, people
from qcc.infra.db import db, transaction
from qcc.infra.files import StoredFile
from tests.databases import PostgreSQL, Sqlite
from tests.factories import workbooks
from tests.factories.centers import PDF, sit_down
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage
from tests.integration.experts.scenes import Scene
from tests.integration.experts.test_pages import send, token_of

HEAD = [
    "姓名", "身份证号", "出生日期", "性别", "工作单位", "职务", "职称", "从事专业",
    "从事本专业起始日期", "专业负责人或学术威望", "健康状况", "专家组职务", "亚专业组", "组内职务",
]  # fmt: skip


def line(name: str, number: str, employer: str, **more: str) -> list[str]:
    """A row of a roster that meets the rules."""
    said = {"title": "主任医师", "since": "2005-07-01", "role": "成员", "group": "", **more}
    return [name, number, "", "", employer, "科主任", said["title"], "麻醉", said["since"],
            "专业负责人", "健康", said["role"], said["group"], ""]  # fmt: skip


def upload(client: FlaskClient, panel: str, data: bytes, name: str = "名单.xlsx"):
    """Upload a roster; the answer, redirects followed."""
    token = token_of(client.get(f"{panel}/roster").get_data(as_text=True))
    fields = {"csrf_token": token, "file": (io.BytesIO(data), name)}
    return client.post(
        f"{panel}/roster", data=fields, content_type="multipart/form-data", follow_redirects=True
    )


def counted() -> tuple[int, int]:
    """Experts and stored files."""
    db.session.rollback()
    experts = db.session.scalar(sa.select(sa.func.count(Expert.id)))
    files = db.session.scalar(sa.select(sa.func.count(StoredFile.id)))
    return experts or 0, files or 0


def test_the_second_of_two_editors_sees_both_versions(stage: Stage, client: FlaskClient) -> None:
    here = stage("draft")
    page, member = f"/panels/{here.panel_id}", here.panel.present_members[3].id
    old = here.version
    sit_down(client, here.secretary)
    first = {"version": old, "role": "deputy_head", "group": "超声组"}
    assert send(client, f"{page}/members/{member}", page, **first)[0] == 302
    second = {"version": old, "role": "member", "group": "围术期组", "leads_group": "y"}
    status, text = send(client, f"{page}/members/{member}", page, **second)
    assert status == 409
    for said in ("超声组", "围术期组", "副组长"):
        assert said in text
    fresh = re.search(
        r'action="[^"]*/members/\d+"><input[^>]*><input type="hidden" name="version" value="(\d+)"',
        text,
    )
    assert fresh
    again = {**second, "version": fresh[1]}
    assert send(client, f"{page}/members/{member}", page, **again)[0] == 302
    kept = next(m for m in here.panel.present_members if m.id == member)
    assert kept.group
    assert kept.group.name == "围术期组"


def test_an_edit_by_htmx_returns_the_part_that_changes(stage: Stage, client: FlaskClient) -> None:
    here = stage("draft")
    page, member = f"/panels/{here.panel_id}", here.panel.present_members[3].id
    sit_down(client, here.secretary)
    token = token_of(client.get(page).get_data(as_text=True))
    answer = client.post(
        f"{page}/members/{member}/remove",
        data={"csrf_token": token, "version": here.version},
        headers={"HX-Request": "true", "HX-Target": "panel-body"},
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.lstrip().startswith('<div id="panel-body">')
    assert "<html" not in text


def test_a_roster_with_faults_comes_back_marked_and_changes_nothing(
    stage: Stage, client: FlaskClient
) -> None:
    here = stage("draft")
    page = f"/panels/{here.panel_id}"
    sit_down(client, here.secretary)
    before, members = counted()[0], len(here.panel.present_members)
    rows = [
        line("甲一", scenes.identity_number(), "没有登记的医院"),
        line("乙二", scenes.identity_number(date(1950, 1, 1)), "测试专科医院1"),
    ]
    text = upload(client, page, workbooks.workbook([HEAD, *rows], title="专家组名单"))
    shown = text.get_data(as_text=True)
    assert "没有登记" in shown
    assert "第十三条" in shown
    link = re.search(r'href="([^"]+/marked)"', shown)
    assert link
    book = openpyxl.load_workbook(io.BytesIO(client.get(link[1]).data))
    said = " ".join(str(c.value) for row in book.worksheets[0].rows for c in row if c.value)
    assert "没有登记" in said
    assert "第十三条" in said  # the rule's reason stands in the workbook, with its article
    assert counted()[0] == before
    assert len(here.panel.present_members) == members


def test_a_roster_is_taken_over_and_consents_stay(stage: Stage, client: FlaskClient) -> None:
    here = stage("collecting")
    scenes.consent_all(here)
    here.act(nomination.recall, here.director, here.panel_id, here.version, "调整")
    first = here.panel.present_members[1].expert
    row = line(first.person.name, "", first.person.employer.name)
    row[2], row[3] = first.person.birth_date.isoformat(), "男"
    page = f"/panels/{here.panel_id}"
    sit_down(client, here.secretary)
    data = workbooks.workbook(
        [HEAD, row, line("新人", scenes.identity_number(), "测试专科医院1")], title="专家组名单"
    )
    answer = upload(client, page, data)
    shown = answer.request.path
    assert send(client, shown, shown, version=here.version)[0] == 302
    panel = here.panel
    assert {m.expert.person.name for m in panel.present_members} == {first.person.name, "新人"}
    kept = next(m for m in panel.present_members if m.expert_id == first.id)
    assert len(kept.consents) == 2
    gone = [m for m in panel.members if m.removed_at]
    assert len(gone) == 7
    assert all(m.consents for m in gone)


@pytest.mark.parametrize("name", sorted(workbooks.HOSTILE))
def test_hostile_files_are_refused_in_words(
    name: str, uploading: tuple[Scene, FlaskClient]
) -> None:
    here, client = uploading
    begun, before = time.monotonic(), counted()
    answer = upload(client, f"/panels/{here.panel_id}", workbooks.HOSTILE[name][0]())
    assert answer.status_code in {413, 422}, name
    said = re.search("error-summary.*?</div>|<h1>.*?</p>", answer.get_data(as_text=True), re.DOTALL)
    assert said
    assert re.search("[\u4e00-\u9fff]{4}", said[0]), name
    assert time.monotonic() - begun < 10
    assert counted() == before
    assert client.get("/health").status_code == 200


@pytest.fixture
def uploading(stage: Stage, client: FlaskClient) -> tuple[Scene, FlaskClient]:
    here = stage("draft")
    sit_down(client, here.secretary)
    return here, client


def test_identity_numbers_stand_nowhere_in_clear(
    stage: Stage,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    database: Sqlite | PostgreSQL,
) -> None:
    here = stage("draft")
    number, caplog.handler.level = scenes.identity_number(date(1971, 2, 3)), logging.DEBUG
    page, folder = f"/panels/{here.panel_id}", Path(database.app.config["DATA_DIR"])
    of_others = set(folder.rglob("*"))
    sit_down(client, here.secretary)
    data = workbooks.workbook([HEAD, line("密文", number, "测试专科医院1")], title="专家组名单")
    shown = upload(client, page, data)
    assert number not in shown.get_data(as_text=True)
    assert send(client, shown.request.path, shown.request.path, version=here.version)[0] == 302
    found = send(client, "/experts/by-number", "/experts", identity=number.lower())
    assert found[0] == 302
    with transaction():
        code = people.find_by_identity(here.secretary, number)
    for path in (page, "/experts", f"/experts/{code}", f"/experts/{code}/edit"):
        text = client.get(path).get_data(as_text=True)
        assert number not in text
    assert f"{number[:3]}{'*' * 13}{number[-2:]}" in client.get(f"/experts/{code}").get_data(
        as_text=True
    )
    sit_down(client, here.commission)
    token = token_of(client.get("/experts").get_data(as_text=True))
    exported = client.post("/experts/export", data={"csrf_token": token, "q": "密文"})
    book = openpyxl.load_workbook(io.BytesIO(exported.data))
    said = " ".join(str(c.value) for row in book.worksheets[0].rows for c in row)
    assert "密文" in said
    assert number not in said
    assert number not in caplog.text
    _no_column_holds(number)
    written = {file for file in folder.rglob("*") if file.is_file() and ".db" not in file.name}
    assert written - of_others
    for file in written - of_others:
        assert number.encode() not in file.read_bytes()
        assert not file.read_bytes().startswith(b"PK"), file


def _no_column_holds(number: str) -> None:
    db.session.rollback()
    for table in sa.inspect(db.engine).get_table_names():
        for row in db.session.execute(sa.text(f'SELECT * FROM "{table}"')):  # noqa: S608
            assert number not in str(row), table


def test_a_number_belongs_to_one_person(stage: Stage, client: FlaskClient) -> None:
    here = stage("draft")
    number = scenes.identity_number(date(1970, 5, 5))
    said = scenes.particulars(here.employer("h1"), identity=number, name="甲乙丙")
    here.act(people.register_expert, here.secretary, said)
    sit_down(client, here.secretary)
    fields = {
        "name": "丁戊己",
        "identity": number,
        "employer": "测试专科医院1",
        "title": "主任医师",
        "specialty": "麻醉",
        "practised_since": "2005-07-01",
        "key": "k1",
    }
    status, text = send(client, "/experts/new", "/experts/new", **fields)
    assert status == 422
    assert "属于另一人" in text
    other = here.panel.present_members[2].expert
    fields |= {"name": other.person.name, "version": str(other.version)}
    path = f"/experts/{other.code}/edit"
    status, text = send(client, path, path, **fields)
    assert status == 422
    assert "属于另一人" in text


def test_a_birth_date_is_confirmed_by_a_second_person(stage: Stage, client: FlaskClient) -> None:
    here = stage("draft")
    said = scenes.particulars(here.employer("h1"), identity="", birth_date=date(1975, 5, 5))
    expert = here.act(people.register_expert, here.secretary, said)
    path = f"/experts/{expert.code}"
    for actor, status in ((here.secretary, 422), (here.director, 302)):
        sit_down(client, actor)
        version = db.session.get_one(Expert, expert.id, populate_existing=True).version
        token = token_of(client.get(path).get_data(as_text=True))
        fields = {"csrf_token": token, "version": version, "file": (io.BytesIO(PDF), "证明.pdf")}
        answer = client.post(
            f"{path}/confirm-birth", data=fields, content_type="multipart/form-data"
        )
        assert answer.status_code == status
    db.session.rollback()
    found = db.session.get_one(Expert, expert.id)
    assert found.birth_is_proven
    with transaction():
        found.person.birth_date = date(1976, 5, 5)  # as the pages of people could
    assert not db.session.get_one(Expert, expert.id).birth_is_proven
    assert isinstance(here.panel, Panel)
