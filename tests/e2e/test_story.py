"""The story of the product: from the open call to the established center, in both languages."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Download, expect
from pypdf import PdfReader

from tests.e2e import applying, uploads
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

NUMBER = re.compile(r"20\d\d-[0-9A-Z]{5}-[0-9A-Z]{5}")
MOMENT = r"20\d\d-\d\d-\d\d \d\d:\d\d"
REMARK = "请明确首年工作计划的时间节点。"
CORRECTED = "工作计划：一季度完成调研，二季度建立指标体系，四季度总结评价。"
GRADE = "机构等级或相应能力"
PLAN_SECTION = applying.SECTIONS[5]


@dataclass
class Told:
    """What the story has brought about so far."""

    address: str = ""
    number: str = ""
    form: Path | None = None


def test_a_center_comes_about_in_chinese(visit: Visit, tmp_path: Path) -> None:
    """The whole way, with a return for correction, and a rival who notices nothing."""
    told = Told()
    hospital = visit("hospital-a")
    _apply_for_intensive_care(hospital, told, tmp_path)
    _download_and_stamp(hospital, told, tmp_path)

    evaluation = visit("evaluation")
    _return_for_correction(evaluation, told)
    _correct(hospital, told)
    _accept_and_propose(evaluation, told)

    commission = visit("commission")
    _approve(commission, told, "浙江省重症医学医疗质量控制中心")
    _read_decision(hospital, told, tmp_path)
    _notice_nothing(visit("hospital-b"), told)


def _apply_for_intensive_care(v: Visitor, told: Told, folder: Path) -> None:
    v.judge()
    v.picture("workbench-hospital")
    v.picture("workbench-hospital-phone", phone=True)
    applying.begin(v, "重症医学")
    told.address = v.page.url
    _see_what_is_missing(v)

    applying.fill_form(v)
    applying.propose_officers(v)
    v.judge()
    v.picture("officers")
    v.follow("Back to the list of parts")
    applying.declare(v, uploads.evidence(folder / "证明材料.pdf"))
    _write_report_and_reload(v)
    v.judge()
    v.picture("parts")
    v.picture("parts-phone", phone=True)
    _submit(v, told)
    v.judge()


def _see_what_is_missing(v: Visitor) -> None:
    """Before anything is written, the check page says what the rules miss, and lets nobody by."""
    v.follow("Check and submit")
    v.sees("The form's cell “%(label)s” is empty.", label="法定代表人")
    v.sees("The report says nothing about “%(label)s”.", label=applying.SECTIONS[0])
    expect(v.button("Submit the application")).to_have_count(0)
    v.judge()
    v.picture("findings")
    v.follow("Back to the list of parts")


def _write_report_and_reload(v: Visitor) -> None:
    """Each section; the first one is typed, saves itself, and survives a reload."""
    v.leave_by(applying.part(v, applying.SECTIONS[0]))
    text = v.field(v.word("Text of this section"))
    with v.page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        text.press_sequentially("我院编制床位3000张，年门急诊量稳步增长。")
    v.page.get_by_text(re.compile(v.word("Saved at %(time)s", time=MOMENT) + "$")).wait_for()
    v.picture("section")
    v.page.reload()
    expect(text).to_have_value("我院编制床位3000张，年门急诊量稳步增长。")
    v.judge()
    for title in applying.SECTIONS:
        v.page.get_by_role("heading", name=title, exact=True).wait_for()
        text.fill(f"{title}：情况良好，详见医院年度报告。")
        v.press("Save and go on")
    v.sees("%(done)s of %(all)s parts are filled in.", done=16, all=16)


def _submit(v: Visitor, told: Told) -> None:
    """Check once more, confirm, and get a receipt."""
    v.follow("Check and submit")
    v.sees("No rule stands against the submission.")
    if not told.number:
        v.judge()
        v.picture("check-and-submit")
    v.field(v.word("I confirm that what is stated here is true and complete.")).check()
    v.press("Submit the application")
    v.heading("The application was submitted").wait_for()
    receipt = v.page.get_by_role("main").inner_text()
    assert re.search(re.escape(v.word("SHA-256 of the content")) + " [0-9a-f]{64}", receipt)
    assert re.search(MOMENT, receipt)
    found = NUMBER.search(receipt)
    assert found
    assert told.number in {"", found[0]}, "a resubmission keeps its number"
    told.number = found[0]


def _download_and_stamp(v: Visitor, told: Told, folder: Path) -> None:
    """The form appears by itself when it is made; its scan goes back with seal."""
    name = f"浙江省重症医学医疗质量控制中心设置申请表（{told.number}）.pdf"
    told.form = _fetch(v, name, folder)
    v.picture("receipt")
    assert told.number in "".join(page.extract_text() for page in PdfReader(told.form).pages)
    v.follow("To your application")
    label = v.word("Scan (PDF, JPG or PNG, at most 10 MB)")
    v.field(label).set_input_files(uploads.scan_of(told.form, folder / "盖章扫描件.png"))
    v.press("Upload")
    applying.part(v, "盖章扫描件.png").wait_for()
    v.judge()
    v.picture("application-submitted")


def _fetch(v: Visitor, name: str, folder: Path) -> Path:
    """Download a paper as soon as the page offers it."""
    link = applying.part(v, name)
    link.wait_for(timeout=30_000)
    with v.page.expect_download() as coming:
        link.click()
    download: Download = coming.value
    path = folder / download.suggested_filename
    download.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    return path


def _return_for_correction(v: Visitor, told: Told) -> None:
    """The check judges every condition and gives the application back with a remark."""
    v.judge()
    v.picture("workbench-evaluation")
    v.open(told.address)
    v.judge()
    v.follow("Formal check")
    v.judge()
    v.picture("formal-check")
    _confirm_conditions(v)
    main = v.page.get_by_role("main")
    main.get_by_role("group").filter(has_text=PLAN_SECTION).get_by_text(PLAN_SECTION).first.click()
    v.field(PLAN_SECTION).fill(REMARK)
    v.type("Reason", "工作计划需补充时间节点。")
    v.press("Return for correction")
    v.sees("The application was returned to the applicant.")
    v.judge()


def _confirm_conditions(v: Visitor) -> None:
    for condition in (GRADE, *applying.CONDITIONS):
        section = v.page.locator("section").filter(
            has=v.page.get_by_role("group", name=condition, exact=True)
        )
        section.get_by_label(v.word("Met"), exact=True).check()
        save = v.word("Save the judgement")
        v.leave_by(section.get_by_role("button", name=save, exact=True))
        expect(section.get_by_role("heading")).to_contain_text(f"✓ {v.word('Met')}")


def _correct(v: Visitor, told: Told) -> None:
    """The hospital finds the remark at its section, corrects it and submits again."""
    v.go("Workbench")
    v.follow("Correct and submit again")
    v.page.get_by_text(REMARK).wait_for()
    v.judge()
    v.picture("returned")
    v.leave_by(applying.part(v, PLAN_SECTION))
    v.page.get_by_text(REMARK).wait_for()
    v.field(v.word("Text of this section")).fill(CORRECTED)
    v.press("Save and go back")
    _submit(v, told)


def _accept_and_propose(v: Visitor, told: Told) -> None:
    v.open(f"{told.address}/check")
    v.heading("What was corrected").wait_for()
    expect(v.page.locator("main ins")).to_have_text([CORRECTED])
    v.judge()
    v.picture("corrected")
    v.press("Pass the formal check")
    v.sees("The application passed the formal check. Now lay it before the commission.")
    v.judge()
    v.picture("propose")
    _propose(v, "形式审查合格，建议批准设置。")


def _approve(v: Visitor, told: Told, center: str) -> None:
    """The commission finds it on its workbench, decides, and the center stands."""
    v.judge()
    v.picture("workbench-commission")
    row = (
        v.page.get_by_role("row")
        .filter(has_text=center)
        .filter(has_text="浙江大学医学院附属第一医院")
    )
    v.leave_by(row.get_by_role("link", name=v.word("Decide the application"), exact=True))
    v.sees("No rule stands against an approval.")
    v.judge()
    v.picture("decide")
    v.press("Approve and establish the center")
    v.sees("Approved. The center is established; the decision is being made as a paper.")
    v.judge()
    v.follow("To the center")
    _see_center(v, center)


def _see_center(v: Visitor, center: str) -> None:
    v.page.get_by_role("heading", name=center, exact=True).wait_for()
    expect(v.page.get_by_role("main")).to_contain_text(f"✓ {v.word('Established')}")
    for person in applying.OFFICERS:
        row = v.page.get_by_role("row").filter(has_text=person.name)
        expect(row).to_contain_text(v.word(person.post))
    v.sees("The officers meet the rules of the regulation in force.")
    v.judge()
    v.picture("center-established")
    v.picture("center-established-phone", phone=True)


def _read_decision(v: Visitor, told: Told, folder: Path) -> None:
    """The applicant is told in the inbox, reads the decision and keeps the paper."""
    center = "浙江省重症医学医疗质量控制中心"
    v.open("/inbox")
    news = v.sees(
        "Application %(number)s was approved: %(institution)s hosts %(center)s.",
        number=told.number,
        institution="浙江大学医学院附属第一医院",
        center=center,
    )
    v.leave_by(news)
    v.link("To the center").wait_for()
    v.judge()
    v.picture("decided")
    _fetch(v, f"{center}设置批准决定（{told.number}）.pdf", folder)


def _notice_nothing(v: Visitor, told: Told) -> None:
    """A rival finds no trace: not in lists, counts, searches or messages, by no address."""
    code = told.address.rsplit("/", 1)[-1]
    for path in ("/", "/inbox", "/applications", f"/applications?q={told.number}"):
        v.open(path)
        expect(v.page.get_by_role("main")).not_to_contain_text(told.number)
        expect(v.page.get_by_role("main")).not_to_contain_text(code)
    v.sees("Your institution has no application here. Look which calls are open.")
    v.open("/applications?q=重症医学")
    v.sees("%(count)s applications", count=1)
    v.judge()
    v.picture("applications-rival")
    with v.watch.allowing("status of 404"):
        for path in ("", "/form", "/review", "/receipt", "/papers", "/papers/application_form/1"):
            assert v.open(f"{told.address}{path}") == 404
        v.sees("This page does not exist, or it is not for your role.")
        v.judge()


def test_a_center_comes_about_in_english(visit: Visit, tmp_path: Path) -> None:
    """The main path, from a draft that the hospital left half written."""
    told = Told()
    center = "浙江省急诊医疗质量控制中心"
    hospital = visit("hospital-a", "en")
    hospital.picture("workbench-hospital")
    _finish_draft(hospital, told, uploads.evidence(tmp_path / "evidence.pdf"))
    _fetch(hospital, f"{center}设置申请表（{told.number}）.pdf", tmp_path)

    evaluation = visit("evaluation", "en")
    evaluation.open(f"{told.address}/check")
    evaluation.judge()
    _confirm_conditions(evaluation)
    evaluation.press("Pass the formal check")
    _propose(evaluation, "Complete and in order; to be approved.")
    _approve(visit("commission", "en"), told, center)


def _propose(v: Visitor, reason: str) -> None:
    """Recommend to approve, and lay it before the commission."""
    group = v.page.get_by_role("group", name=v.word("Recommendation"))
    group.get_by_label(v.word("Approve"), exact=True).check()
    v.type("Reason", reason)
    v.press("Lay before the commission")
    v.sees("The application now lies before the commission.")


def _finish_draft(v: Visitor, told: Told, evidence: Path) -> None:
    v.judge()
    v.follow("Finish and submit")
    told.address = v.page.url
    v.judge()
    applying.propose_officers(v)
    v.follow("Back to the list of parts")
    applying.declare(v, evidence)
    for title in applying.SECTIONS[3:]:
        v.leave_by(applying.part(v, title))
        v.field(v.word("Text of this section")).fill("Described in the yearly report.")
        v.press("Save and go back")
    v.judge()
    _submit(v, told)
    v.judge()
