"""The story of a panel: from an uploaded roster with three faults to the filed panel."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e import panelling, uploads
from tests.e2e.conftest import Visit
from tests.e2e.panelling import answer, expect_state, record
from tests.e2e.visitor import Visitor

CENTER = "浙江省麻醉医疗质量控制中心"


def test_a_panel_comes_about(visit: Visit, tmp_path: Path) -> None:
    """Secretary, director, employers, authority, commission and evaluation center, each at the own
    desk."""
    scan = uploads.evidence(tmp_path / "scan.pdf")
    director, secretary = visit("director"), visit("secretary")
    address = _take_back(director)
    _upload(secretary, address, tmp_path)
    _nominate(director, address)
    _employers_answer(visit)
    _authorities_answer(visit, secretary, address, scan)
    _commission_approves(visit("commission"), address)
    _is_filed(visit, secretary, address, scan)
    _everybody_may_see(visit(None))


def _take_back(v: Visitor) -> str:
    """The director takes back the roster of the demo, which is to be another."""
    v.go("Expert panels")
    v.judge()
    v.leave_by(v.page.get_by_role("link", name=CENTER, exact=True))
    v.judge()
    v.picture("panel-collecting")
    v.type("Reason", "拟调整名单。")
    v.press("Take back")
    v.sees("The roster can be changed again.")
    expect_state(v, "Roster in preparation")
    return v.page.url


def _upload(v: Visitor, address: str, folder: Path) -> None:
    """Three faults are told in their cells; corrected, it shows what it would do; taken over."""
    v.open(address)
    v.judge()
    v.picture("panel-draft")
    v.follow("Roster from Excel")
    v.judge()
    bad = panelling.workbook(folder / "专家组名单.xlsx", panelling.with_faults())
    panelling.upload(v, bad)
    v.sees("%(count)s cells are wrong. Nothing was taken over.", count=3)
    v.judge()
    v.picture("roster-faults")
    with v.page.expect_download() as download:
        v.link("Download the marked workbook").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    v.follow("Upload again")
    panelling.upload(v, panelling.workbook(folder / "专家组名单.xlsx", panelling.ROSTER))
    v.sees("%(count)s members", count=7)
    v.judge()
    v.picture("roster-check")
    v.press("Take over this roster")
    v.sees("The roster was taken over.")
    v.judge()
    v.picture("panel-roster")
    v.picture("panel-roster-phone", phone=True)


def _nominate(v: Visitor, address: str) -> None:
    v.open(address)
    v.press("Nominate")
    v.sees("The roster is nominated; the employers are asked for consent.")
    expect_state(v, "Collecting consents")


def _employers_answer(visit: Visit) -> None:
    """Three hospitals answer; one refuses an expert."""
    answer(visit("hospital-a"), "顾长川")
    second = visit("hospital-b")
    second.go("Consents")
    second.judge()
    second.picture("consents")
    for expert in ("沈望舒", "陆见山"):
        answer(second, expert)
    answer(second, "许知微", refusal="即将派驻援外医疗队。")
    third = visit("hospital-c")
    for expert in ("韩清越", "方晓岚"):
        answer(third, expert)


def _authorities_answer(visit: Visit, secretary: Visitor, address: str, scan: Path) -> None:
    """The city answers at its desk, for its own hospitals; two answers come on paper."""
    secretary.open(address)
    expect(secretary.page.get_by_role("main")).to_contain_text("即将派驻援外医疗队。")
    record(secretary, "白临川", scan)
    for expert in ("韩清越", "方晓岚"):
        record(secretary, expert, scan)
    city = visit("city-commission")
    for expert in ("顾长川", "沈望舒", "陆见山", "白临川"):
        answer(city, expert)
    secretary.open(address)
    secretary.judge()
    secretary.picture("panel-consents")
    secretary.press("Present for review")
    secretary.sees("The panel was presented for review.")


def _commission_approves(v: Visitor, address: str) -> None:
    """One of six is too much for the host: that passes only with a justification."""
    v.open(address)
    v.judge()
    v.picture("panel-review")
    with v.watch.allowing("status of 422"):
        v.press("Approve the panel")
        v.sees("Rules of the regulation stand against this.")
    v.type("Written justification", "本专业专家稀缺，任期内增补。")
    v.press("Approve the panel")
    v.sees("The panel is approved and sent to be filed.")
    expect_state(v, "Approved, to be filed")


def _is_filed(visit: Visit, secretary: Visitor, address: str, scan: Path) -> None:
    """The secretary records the national center's receipt; the evaluation center notes its own."""
    secretary.open(address)
    secretary.page.get_by_text(secretary.word("Record the receipt")).click()
    secretary.type("Filing number", "国质控备〔2026〕1号")
    secretary.page.locator("input[id^=receipt-file]").set_input_files(scan)
    secretary.press("Record")
    secretary.sees("The filing was noted.")
    evaluation = visit("evaluation", "en")
    evaluation.go("Filings")
    evaluation.judge()
    evaluation.type("Filing number", "ZJ-2026-1")
    evaluation.press("Note as filed")
    evaluation.sees("The filing was noted.")
    evaluation.leave_by(evaluation.page.get_by_role("link", name=CENTER, exact=True))
    expect_state(evaluation, "Filed")
    evaluation.judge()
    secretary.open(address)
    expect_state(secretary, "Filed")
    with secretary.page.expect_download() as download:
        secretary.page.get_by_role("link", name=f"{CENTER}专家组名单.pdf").click(timeout=40_000)
    assert download.value.suggested_filename == f"{CENTER}专家组名单.pdf"
    secretary.picture("panel-filed")


def _everybody_may_see(v: Visitor) -> None:
    """The public page of the center names its officers; the panel's term has not begun yet."""
    v.open("/sign-in")
    v.choose_language()
    assert v.open("/public/centers/1") == 200
    v.judge()
