"""Writing an application: saved while one types, and nothing typed is ever lost."""

import io
from datetime import timedelta

import pytest
from flask import Flask

from qcc.applications import services
from qcc.applications.sections import STAMPED
from qcc.applications.workflow import ApplicationState
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused
from tests.conftest import Clock
from tests.factories.applications import FORM, do, find, stage, submit, under_decision, write
from tests.factories.centers import CITY, PDF
from tests.factories.workbooks import workbook
from tests.integration.applications.browser import Browser, actions, typed, value_of
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState


def section_of(code: str, key: str = "staff_structure") -> tuple[str, int]:
    row = next(s for s in find(code).sections if s.key == key)
    return row.text, row.version


def test_what_is_typed_is_saved_by_itself(scene: Scene, clock: Clock) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    url, version = f"/applications/{code}/report/staff_structure", section_of(code)[1]
    for text in ("高级职称", "高级职称24名", "高级职称24名，其中博士9名"):
        clock.forward(timedelta(seconds=5))
        answer = browser.autosave(url, text=text, version=version)
        assert answer.status_code == 200
        assert "09:00" in answer.json["text"]
        version = answer.json["version"]
        assert section_of(code) == (text, version)
    assert find(code).saved_at == clock.moment
    assert browser.autosave(url, text=text, version=version).json["version"] == version


def test_every_part_saves_itself(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    answer = browser.autosave(
        f"/applications/{code}/form",
        legal_representative="法人乙",
        is_national_center_host="yes",
        reason="另一理由",
        version=find(code).version,
    )
    assert answer.json["version"] == find(code).version
    application = find(code)
    assert (application.legal_representative, application.is_national_center_host) == (
        "法人乙",
        True,
    )
    row = next(a for a in application.answers if a.item.value == "resources")
    answer = browser.autosave(
        f"/applications/{code}/conditions/resources", statement="已落实", version=row.version
    )
    row = next(a for a in find(code).answers if a.item.value == "resources")
    assert (answer.json["version"], row.declared, row.statement) == (row.version, False, "已落实")


def test_two_who_write_different_parts_do_not_disturb_each_other(scene: Scene) -> None:
    """Only the form's cells share a version; every section and condition has its own."""
    here, code = scene.stage, scene.codes[S.DRAFT]
    version = find(code).version
    do(lambda: write(here.applicant, code, "staff_structure", "同事写的"))
    do(lambda: services.attach_file(here.applicant, code, "resources", PDF, "会议纪要.pdf"))
    officer = find(code).officers[-1].code
    do(lambda: services.remove_officer(here.applicant, code, officer))
    assert find(code).version == version
    do(lambda: services.save_form(here.applicant, code, version, FORM))


def test_the_second_of_two_editors_sees_both_versions(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    url = f"/applications/{code}/report/staff_structure"
    opened = browser.get(url)
    do(lambda: write(scene.stage.applicant, code, "staff_structure", "先保存的内容"))
    mine = {"text": "后写的内容", "version": value_of(opened, "version")}
    quiet = browser.autosave(url, **mine)
    assert (quiet.status_code, quiet.data) == (409, b"")
    answer = browser.post(url, **mine)
    assert answer.status_code == 409
    assert "先保存的内容" in answer.text
    assert typed(answer, "text") == "后写的内容"
    assert section_of(code)[0] == "先保存的内容"
    again = browser.post(url, text=typed(answer, "text"), version=value_of(answer, "version"))
    assert again.status_code == 302
    assert section_of(code)[0] == "后写的内容"


def test_a_conflict_shows_every_field_that_differs(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    browser = Browser(scene.app, here.applicant)
    version = find(code).version
    theirs = {**FORM, "legal_representative": "法人丙", "is_national_center_host": True}
    do(lambda: services.save_form(here.applicant, code, version, theirs))
    answer = browser.post(
        f"/applications/{code}/form",
        legal_representative="法人丁",
        is_national_center_host="no",
        is_national_center_lead="yes",
        reason=FORM["reason"],
        version=version,
    )
    assert answer.status_code == 409
    rows = answer.text.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 2
    for shown in ("法人丙", "法人丁", "是否国家质控中心挂靠单位", ">是<", ">否<"):
        assert shown in rows
    officer = find(code).officers[0]
    url = f"/applications/{code}/officers/{officer.code}"
    page = browser.get(url)
    do(lambda: services.edit_officer(here.applicant, code, officer.code, officer.version, "", {
        **{name: getattr(officer, name) for name in (
            "post", "name", "birth_date", "job", "area_in_charge", "specialty", "ability",
            "host_position", "in_host_discipline", "is_specialist")},
        "title": "副主任医师", "is_discipline_leader": True}))  # fmt: skip
    answer = browser.post(
        url, post="director", name="另一人", job="院长", title="主任医师",
        host_position="president", version=value_of(page, "version"),
    )  # fmt: skip
    assert answer.status_code == 409
    assert "副主任医师" in answer.text
    assert value_of(answer, "name") == "另一人"
    assert find(code).officers[0].title == "副主任医师"


def test_a_stale_save_changes_nothing(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    before = everything()
    for act in (
        lambda: services.save_form(here.applicant, code, 99, FORM),
        lambda: services.save_section(here.applicant, code, "staff_structure", 99, "x"),
        lambda: services.save_answer(here.applicant, code, "resources", 99, True, "x"),
    ):
        with pytest.raises(StaleEdit):
            do(act)
    assert everything() == before


def test_what_is_wrong_stays_as_it_was_typed(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    page = browser.get(f"/applications/{code}/officers/new")
    answer = browser.post(
        f"/applications/{code}/officers/new",
        key=value_of(page, "key"),
        post="deputy",
        name="候选人甲",
        employer="没有登记的医院",
        job="",
        title="主任医师",
        ability="长文" * 300,
        host_position="other",
        birth_date="1875-01-01",
        is_specialist="y",
    )
    assert answer.status_code == 422
    assert value_of(answer, "name") == "候选人甲"
    assert value_of(answer, "employer") == "没有登记的医院"
    assert typed(answer, "ability") == "长文" * 300
    assert 'href="#job"' in answer.text
    long = "字" * 20_001
    url = f"/applications/{code}/report/staff_structure"
    answer = browser.post(url, text=long, version=section_of(code)[1])
    assert answer.status_code == 422
    assert typed(answer, "text") == long
    assert browser.autosave(url, text=long, version=section_of(code)[1]).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employer", "没有登记的医院"),
        ("birth_date", "1875-01-01"),
        ("birth_date", "2031-01-01"),
    ],
)
def test_an_officer_who_cannot_be_is_refused_at_the_field(
    scene: Scene, field: str, value: str
) -> None:
    """Not only when the commission would seat the person."""
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    sent = {"post": "deputy", "name": "候选人", "job": "科主任", "title": "主任医师",
            "host_position": "other", "key": "", field: value}  # fmt: skip
    answer = browser.post(f"/applications/{code}/officers/new", **sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_double_click_proposes_one_person(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    key = value_of(browser.get(f"/applications/{code}/officers/new"), "key")
    sent = {"post": "deputy", "name": "候选人", "job": "科主任", "title": "主任医师",
            "host_position": "other", "key": key}  # fmt: skip
    count = len(find(code).officers)
    for _again in range(2):
        assert browser.post(f"/applications/{code}/officers/new", **sent).status_code == 302
    assert len(find(code).officers) == count + 1


def test_a_submitted_application_is_no_longer_written(scene: Scene) -> None:
    code = scene.codes[S.SUBMITTED]
    browser = Browser(scene.app, scene.stage.applicant)
    officer = find(code).officers[0].code
    file = find(code).files[0].code
    before = everything()
    for path in (
        "form", "report/staff_structure", "conditions/resources", "officers/new",
        f"officers/{officer}", f"officers/{officer}/remove", f"files/{file}/remove",
    ):  # fmt: skip
        answer = browser.post(f"/applications/{code}/{path}", text="x", version=1)
        assert answer.status_code == 422, path
    assert browser.autosave(f"/applications/{code}/form", reason="x").status_code == 422
    assert browser.get(f"/applications/{code}/form").status_code == 404
    assert everything() == before


def test_saves_of_a_returned_application_are_in_the_audit(scene: Scene) -> None:
    code = scene.codes[S.RETURNED]
    before = section_of(code)[0]
    do(lambda: write(scene.stage.applicant, code, "staff_structure", "补正后的内容"))
    event = db.session.query(AuditEvent).filter_by(event="application.edited").one()
    assert before in event.detail
    assert "补正后的内容" in event.detail


# --- files ---


def upload(browser: Browser, code: str, part: str, data: bytes, name: str) -> str:
    """Attach a file by its form; where one is led to."""
    answer = browser.client.post(
        f"/applications/{code}/parts/{part}/files",
        data={"csrf_token": browser.token, "key": "", "file": (io.BytesIO(data), name)},
    )
    assert answer.status_code == 302
    return answer.location


def names_at(code: str, part: str) -> list[str]:
    return [f.file.name for f in find(code).files if f.part == part and not f.removed_at]


def test_files_belong_to_their_part(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    led = upload(browser, code, "staff_structure", PDF, "人员名单.pdf")
    assert led.endswith("/report/staff_structure")
    assert "人员名单.pdf" in browser.get(led).text
    assert names_at(code, "staff_structure") == ["人员名单.pdf"]
    led = upload(browser, code, "resources", workbook([["经费"]]), "经费.xlsx")
    assert led.endswith("/conditions/resources")
    assert "经费.xlsx" in names_at(code, "resources")
    file = next(f for f in find(code).files if f.part == "staff_structure").code
    answer = browser.get(f"/applications/{code}/files/{file}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f"/applications/{code}/files/{file}/remove" in actions(
        browser.get(f"/applications/{code}/report/staff_structure")
    )
    browser.post(f"/applications/{code}/files/{file}/remove")
    assert names_at(code, "staff_structure") == []


def test_what_is_no_file_of_ours_is_refused_in_words(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    before = everything()
    for data, name in (
        (b"<html></html>", "a.html"), (b"<html></html>", "a.pdf"), (b"", "a.pdf"), (PDF, "a.exe"),
    ):  # fmt: skip
        led = upload(browser, code, "staff_structure", data, name)
        assert "notice-danger" in browser.get(led).text
    assert everything() == before


def test_evidence_that_changed_wants_a_new_look(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.SUBMITTED]
    version = next(a for a in find(code).answers if a.item.value == "resources").version
    do(lambda: services.judge_item(here.reception, code, "resources", version, False, "不足"))
    do(lambda: services.return_for_correction(here.reception, code, "补", {"form": "补"}, None))
    do(lambda: services.attach_file(here.applicant, code, "resources", PDF, "补充.pdf"))
    submit(here.applicant, code)
    answer = next(a for a in find(code).answers if a.item.value == "resources")
    assert (answer.confirmed, answer.remark) == (None, "")


def test_the_stamped_form_is_a_scan_that_comes_after_submission(scene: Scene) -> None:
    here = scene.stage
    for state, code in scene.codes.items():
        attach = lambda c=code: do(  # noqa: E731
            lambda: services.attach_file(here.applicant, c, STAMPED, PDF, "盖章.pdf")
        )
        if state in (S.SUBMITTED, S.RETURNED, S.ACCEPTED):
            attach()
            assert names_at(code, STAMPED) == ["盖章.pdf"]
        else:
            with pytest.raises(Refused):
                attach()
    code = scene.codes[S.SUBMITTED]
    with pytest.raises(Refused):
        do(lambda: services.attach_file(
            here.applicant, code, STAMPED, workbook([["表"]]), "盖章.xlsx"))  # fmt: skip
    stamped = next(f for f in find(code).files if f.part == STAMPED).code
    browser = Browser(scene.app, here.reception)
    assert browser.get(f"/applications/{code}/files/{stamped}").data == PDF


@pytest.mark.usefixtures("clock")
def test_what_is_not_asked_has_no_page(app: Flask) -> None:
    """A city asks no conditions of M.7: there is nothing to declare and nothing to judge."""
    here = stage(CITY)
    code = under_decision(here)
    do(lambda: services.send_back(here.commission, code, "请复核"))
    version = find(code).answers[0].version
    with pytest.raises(NotFound):
        do(lambda: services.judge_item(here.reception, code, "grade", version, True, ""))
    do(lambda: services.return_for_correction(here.reception, code, "补", {"form": "补"}, None))
    browser = Browser(app, here.applicant)
    assert browser.get(f"/applications/{code}/conditions/grade").status_code == 404
    assert browser.get(f"/applications/{code}/review").status_code == 200
