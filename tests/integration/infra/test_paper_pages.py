"""Issued papers at the door: verified by all, read by those concerned, sealed by the issuer."""

import re
from datetime import timedelta
from hashlib import sha256
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.applications.services import CallPlan, publish_call
from qcc.infra import clock as product_clock
from qcc.infra import files
from qcc.infra.audit import AuditEvent
from qcc.infra.codes import LENGTH, new_code
from qcc.infra.db import db, transaction
from qcc.infra.papers import MOST_ATTEMPTS, Paper, PaperScan, PaperState, issue_pending
from qcc.kernel.permissions import Actor
from tests.factories.applications import Stage, published, refused, stage
from tests.factories.centers import PDF, planned, sit_down
from tests.factories.organizations import csrf_of, field_of
from tests.factories.workbooks import workbook
from tests.integration.conftest import Kept

pytestmark = pytest.mark.usefixtures("clock")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def here(kept: Kept[Stage]) -> Stage:
    return kept("stage", stage)


def issued(kind: str = "call_notice") -> Paper:
    """The newest paper of the kind, made on a page that is quickly rendered."""
    while issue_pending({kind: lambda content: f"<p>{content['verify_url']}</p>"}):
        pass
    db.session.rollback()
    return db.session.query(Paper).filter_by(kind=kind).order_by(Paper.id.desc()).first()


def browser(app: Flask, actor: Actor) -> FlaskClient:
    return sit_down(app.test_client(), actor)


def upload(
    client: FlaskClient, code: str, data: bytes = PDF, name: str = "盖章.pdf", **more: Any
) -> TestResponse:
    page = client.get(f"/papers/{code}")
    assert page.status_code == 200
    form = {"csrf_token": csrf_of(page), "key": field_of(page, "key"), **more}
    return client.post(f"/papers/{code}/scans", data={**form, "file": (BytesIO(data), name)})


def words(answer: TestResponse) -> str:
    """What the page shows, without its frame and its markup."""
    main = answer.text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.replace("<wbr>", ""))).split())


# --- verified by everybody ---


def test_everybody_sees_what_was_issued_and_nothing_else(here: Stage, client: FlaskClient) -> None:
    paper = issued()
    answer = client.get(f"/verify/{paper.code}")
    assert answer.status_code == 200
    shown = words(answer)
    for told in ("浙卫医质〔2026〕1号", "申报通知", "2026年3月2日", "330000卫生健康委"):
        assert told in shown, told
    assert paper.sha256 in shown.replace(" ", "")
    for kept in ("挂靠单位申报", "如实填写", "麻醉", ".pdf", "zhejiang", paper.code):
        assert kept not in shown, kept


def test_a_paper_without_a_number_is_verified_too(here: Stage, client: FlaskClient) -> None:
    refused(here)
    shown = words(client.get(f"/verify/{issued('application_form').code}"))
    assert "设置申请表" in shown
    assert "测试第一医院" in shown
    assert "无文号" in shown


@pytest.mark.parametrize("code", ["ABCDEFGHJK", "X", "0" * 10, "../verify", "甲" * 10])
def test_an_unknown_code_is_the_page_for_what_is_not_there(
    here: Stage, client: FlaskClient, code: str
) -> None:
    issued()
    answer, other = client.get(f"/verify/{code}"), client.get("/verify/nowhere")
    assert answer.status_code == other.status_code == 404
    assert words(answer) == words(other)


def test_a_paper_that_is_not_issued_yet_is_not_there(here: Stage, client: FlaskClient) -> None:
    paper = db.session.query(Paper).filter_by(kind="call_notice").one()
    assert client.get(f"/verify/{paper.code}").status_code == 404


def test_verifying_writes_nothing(here: Stage, client: FlaskClient) -> None:
    paper = issued()
    before = db.session.query(AuditEvent).count()
    client.get(f"/verify/{paper.code}")
    db.session.rollback()
    assert db.session.query(AuditEvent).count() == before


def test_a_typed_code_is_found_with_blanks_and_in_small_letters(
    here: Stage, client: FlaskClient
) -> None:
    code = issued().code
    for typed in (code, code.lower(), f" {code[:5]} {code[5:]} ", f"{code[:5]}-{code[5:]}"):
        answer = client.get("/verify", query_string={"code": typed})
        assert answer.location == f"/verify/{code}", typed


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDEFGHJKM", "ABCDEFGHI0", "甲" * 10, "<script>"])
def test_what_is_no_code_is_said_to_be_none(client: FlaskClient, typed: str) -> None:
    answer = client.get("/verify", query_string={"code": typed})
    assert answer.status_code == 200
    assert "field-error" in answer.text
    assert "<script>" not in answer.text
    assert "field-error" not in client.get("/verify").text


def test_codes_tell_nothing_of_each_other(here: Stage) -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {LENGTH}
    assert len({paper.code for paper in db.session.query(Paper)}) == db.session.query(Paper).count()


# --- read by those concerned ---


def test_who_sees_the_call_sees_its_notice(here: Stage, app: Flask) -> None:
    paper = issued()
    for actor in (here.commission, here.colleague, here.reception, here.applicant, here.rival):
        client = browser(app, actor)
        page = client.get(f"/calls/{here.call_id}").text
        assert paper.number in page
        assert f"/papers/{paper.code}/file" in page
        answer = client.get(f"/papers/{paper.code}/file")
        assert sha256(answer.data).hexdigest() == paper.sha256
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browser(app, here.security).get(f"/papers/{paper.code}/file").status_code == 403
    assert db.session.query(AuditEvent).filter_by(event="paper.read").count() == 5


def test_a_notice_to_named_institutions_is_for_them(here: Stage, app: Flask) -> None:
    invited = (here.applicant.organization_id,)
    call_id, _centers = published(here.commission, ("放射",), invited=invited)
    paper = issued()
    assert paper.subject_id == call_id
    assert paper.content["institutions"] == ["测试第一医院"]
    assert browser(app, here.applicant).get(f"/papers/{paper.code}").status_code == 200
    assert browser(app, here.rival).get(f"/papers/{paper.code}").status_code == 404


def test_a_decision_is_for_its_applicant_and_the_authorities(here: Stage, app: Flask) -> None:
    refused(here)
    paper = issued("decision")
    assert paper.number == "浙卫医质〔2026〕2号"  # the notice of the call was the first
    for actor, status in ((here.applicant, 200), (here.commission, 200), (here.rival, 404)):
        for rest in ("", "/file"):
            answer = browser(app, actor).get(f"/papers/{paper.code}{rest}")
            assert answer.status_code == status, (actor.role, rest)


# --- the stamped scan ---


def test_the_issuer_lays_the_scan_beside_the_paper(here: Stage, app: Flask) -> None:
    paper, client = issued(), browser(app, here.commission)
    assert upload(client, paper.code).status_code == 302
    db.session.rollback()
    (scan,) = db.session.query(PaperScan)
    assert scan.paper_id == paper.id
    assert scan.file.sha256 == sha256(PDF).hexdigest()
    assert scan.added_by == here.commission.user_id
    assert files.read(scan.file) == PDF
    event = db.session.query(AuditEvent).filter_by(event="paper.scan_added").one()
    assert scan.file.sha256 in event.detail
    assert paper.sha256 in event.detail
    for actor in (here.commission, here.applicant):
        reader = browser(app, actor)
        assert f"/papers/{paper.code}/scans/{scan.id}" in reader.get(f"/calls/{here.call_id}").text
        answer = reader.get(f"/papers/{paper.code}/scans/{scan.id}")
        assert answer.data == PDF
    assert db.session.query(AuditEvent).filter_by(event="paper.scan_read").count() == 2
    shown = browser(app, here.applicant).get(f"/papers/{paper.code}").text
    assert here.commission.organization_name in shown
    assert here.commission.name not in shown
    assert here.commission.name in client.get(f"/papers/{paper.code}").text


def test_a_new_scan_takes_the_place_of_the_old_which_is_kept(here: Stage, app: Flask) -> None:
    paper, client = issued(), browser(app, here.commission)
    upload(client, paper.code)
    upload(client, paper.code, PNG, "盖章.png")
    db.session.rollback()
    old, new = db.session.query(PaperScan).order_by(PaperScan.id)
    assert (old.file.kind, new.file.kind) == ("pdf", "png")
    listed = client.get("/documents").text
    assert f"/scans/{new.id}" in listed
    assert f"/scans/{old.id}" not in listed
    assert client.get(f"/papers/{paper.code}/scans/{old.id}").data == PDF
    events = db.session.query(AuditEvent).filter_by(event="paper.scan_added")
    assert old.file.sha256 in events.order_by(AuditEvent.seq.desc()).first().detail


def test_the_paper_itself_stays_as_it_was_issued(here: Stage, app: Flask) -> None:
    paper, client = issued(), browser(app, here.commission)
    before = (paper.sha256, paper.file_id, paper.issued_at, paper.number)
    upload(client, paper.code)
    db.session.rollback()
    again = db.session.get_one(Paper, paper.id, populate_existing=True)
    assert (again.sha256, again.file_id, again.issued_at, again.number) == before


def test_a_double_click_is_one_scan(here: Stage, app: Flask) -> None:
    paper, client = issued(), browser(app, here.commission)
    for _ in range(2):
        upload(client, paper.code, key="the same")
    db.session.rollback()
    assert db.session.query(PaperScan).count() == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbook([]), "盖章.xlsx"),
        (b"<html>", "盖章.pdf"),
        (PNG, "盖章.pdf"),
        (b"", "盖章.pdf"),
        (PDF, "盖章.exe"),
    ],
)
def test_only_scans_are_taken(here: Stage, app: Flask, data: bytes, name: str) -> None:
    paper, client = issued(), browser(app, here.commission)
    answer = upload(client, paper.code, data, name)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    db.session.rollback()
    assert db.session.query(PaperScan).count() == 0


def test_only_the_issuer_s_staff_may(here: Stage, app: Flask) -> None:
    paper = issued()
    for actor, status in ((here.reception, 404), (here.applicant, 403), (here.rival, 403)):
        client = browser(app, actor)
        page = client.get(f"/papers/{paper.code}")
        assert f"/papers/{paper.code}/scans" not in page.text
        form = {"csrf_token": csrf_of(page), "file": (BytesIO(PDF), "盖章.pdf")}
        assert client.post(f"/papers/{paper.code}/scans", data=form).status_code == status
    assert upload(browser(app, here.colleague), paper.code).status_code == 302


def test_a_scan_of_another_paper_is_not_there(here: Stage, app: Flask) -> None:
    first, client = issued(), browser(app, here.commission)
    upload(client, first.code)
    published(here.commission, ("放射",))
    second = issued()
    db.session.rollback()
    scan = db.session.query(PaperScan).one()
    assert client.get(f"/papers/{first.code}/scans/{scan.id}").status_code == 200
    assert client.get(f"/papers/{second.code}/scans/{scan.id}").status_code == 404


def test_a_form_has_no_scan_here(here: Stage, app: Flask) -> None:
    """The stamped form is a part of the application."""
    refused(here)
    paper = issued("application_form")
    for actor in (here.applicant, here.commission):
        assert "/scans" not in browser(app, actor).get(f"/papers/{paper.code}").text


# --- the number ---


def test_a_call_that_is_refused_gives_its_number_back(here: Stage, app: Flask) -> None:
    center, day = planned(here.commission, "病理").id, product_clock.today()
    plan = CallPlan("申报", (center,), day, day + timedelta(days=9))

    def publish_and_fail() -> None:
        with transaction():
            publish_call(here.commission, plan)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    published(here.commission, ("护理",))
    numbers = [p.number for p in db.session.query(Paper).filter(Paper.number != "")]
    assert sorted(numbers) == ["浙卫医质〔2026〕1号", "浙卫医质〔2026〕2号"]


def test_an_application_s_page_lists_number_code_and_scan(here: Stage, app: Flask) -> None:
    code = refused(here)
    paper, client = issued("decision"), browser(app, here.commission)
    upload(client, paper.code)
    db.session.rollback()
    scan = db.session.query(PaperScan).one()
    for address in (f"/applications/{code}", f"/applications/{code}/papers"):
        for actor in (here.commission, here.applicant):
            page = browser(app, actor).get(address).text
            assert paper.number in page
            assert f'/papers/{paper.code}"' in page
            assert f"/papers/{paper.code}/scans/{scan.id}" in page


# --- one that could not be made ---


def _failed() -> Paper:
    def wrong(_content: object) -> str:
        raise RuntimeError

    for _attempt in range(MOST_ATTEMPTS):
        issue_pending({"call_notice": wrong})
    paper = db.session.query(Paper).filter_by(kind="call_notice").one()
    assert paper.state is PaperState.FAILED
    return paper


def test_staff_has_a_paper_that_failed_made_again(here: Stage, app: Flask) -> None:
    paper = _failed()
    number, page = paper.number, f"/papers/{paper.code}"
    staff = browser(app, here.commission)
    assert page in words_and_links(staff.get("/"))
    assert page in words_and_links(staff.get(f"/calls/{here.call_id}"))
    assert "可由出文单位重新生成" in words(browser(app, here.applicant).get(page))
    shown = staff.get(page)
    assert "重新生成" in words(shown)
    assert staff.get(f"{page}/file").status_code == 404
    again = {"csrf_token": csrf_of(shown)}
    assert staff.post(f"{page}/again", data=again).status_code == 302
    assert staff.post(f"{page}/again", data=again).status_code == 404
    assert page not in words_and_links(staff.get("/"))
    made = issued()
    assert (made.id, made.number, made.state) == (paper.id, number, PaperState.ISSUED)
    assert staff.get(f"{page}/file").status_code == 200
    assert db.session.query(AuditEvent).filter_by(event="paper.asked_again").count() == 1


def words_and_links(answer: TestResponse) -> str:
    return answer.text.partition("<main")[2]
