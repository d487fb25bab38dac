"""The story of two failed years: the assessment from plan to result, the appeal, the revocation,
the new call. It comes last: the center's director and secretary lose their desks in it."""

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from qcc.demo.assessments import last_assessed
from qcc.infra import clock
from qcc.regulations.rubrics import get_rubric
from tests.e2e.conftest import Visit
from tests.e2e.rectifying import rectify
from tests.e2e.uploads import evidence
from tests.e2e.visitor import Visitor

CENTER = "浙江省麻醉医疗质量控制中心"
RUBRIC = get_rubric("zhejiang-annual")


def test_two_failed_years_end_a_hosting(visit: Visit, tmp_path: Path) -> None:
    """The demo's center has failed once already, and puts its work right first."""
    evaluation, commission = visit("evaluation"), visit("commission")
    director, secretary = visit("director"), visit("secretary")
    rectify(evaluation, secretary, director, tmp_path)
    round_ = _plan(evaluation)
    _set_scale(commission, round_)
    _open(evaluation, round_)
    own = _write_account(secretary, tmp_path)
    _submit(director, own)
    _score(evaluation, round_)
    _publish(evaluation, round_)
    _appeal(director, own)
    _reject(commission, own)
    _revoke(commission)


def _plan(v: Visitor) -> str:
    year, today = last_assessed(clock.today()) + 1, clock.today()
    v.go("Assessments")
    v.judge()
    v.follow("Plan a round")
    v.judge()
    v.type("Name of the round", f"{year}年度省级质控中心考核")
    v.type("Year assessed", str(year))
    for label, days in (
        ("Self-assessment from", 0),
        ("Self-assessment until", 7),
        ("Scoring until", 14),
    ):
        v.type(label, (today + timedelta(days=days)).isoformat())
    v.press("Plan the round")
    v.sees("The round is planned. Now seat the assessors.")
    name = v.page.locator(".desk-name").inner_text()
    seat = v.field(v.word("Assessor"))
    option = seat.locator("option", has_text=name).first.get_attribute("value")
    seat.select_option(option)
    v.press("Seat")
    v.sees("The assessor is seated.")
    v.judge()
    v.picture("round-planned")
    return v.page.url


def _set_scale(v: Visitor, round_: str) -> None:
    v.open(round_)
    v.type("Pass mark", "60")
    v.type("Grades", "优秀 90\n良好 75\n合格 60")
    v.press("Set")
    v.sees("Pass mark and grades are set.")


def _open(v: Visitor, round_: str) -> None:
    v.open(round_)
    v.press("Open the self-assessment")
    v.sees("The centers were asked for their accounts.")
    v.judge()


def _write_account(v: Visitor, folder: Path) -> str:
    """One item as everybody writes it; the same file then proves the others."""
    v.go("Assessments")
    v.leave_by(v.page.get_by_role("row").filter(has_text="自评").get_by_role("link").first)
    own = v.page.url
    v.judge()
    v.leave_by(v.page.get_by_role("heading").get_by_role("link", name="A1").first)
    v.type("Own account", "年度总结和计划均已按期提交。")
    v.type("Own points", "10")
    v.press("Save")
    v.page.locator("input[type=file]").set_input_files(evidence(folder / "年度总结.pdf"))
    v.press("Upload")
    v.judge()
    v.picture("account-item")
    v.picture("account-item-phone", phone=True)
    piece = v.page.locator("form[action$='/remove']").first.get_attribute("action") or ""
    number = piece.split("/evidence/")[1].split("/")[0]
    token = v.page.locator("body").get_attribute("data-csrf") or ""
    for group in RUBRIC.groups:
        for item in group.items if not group.is_bonus else ():
            for slot in item.evidence:
                if (item.code, slot) != ("A1", "年度总结"):
                    answer = v.page.request.post(
                        f"{own}/items/{item.code}/evidence/{number}/reuse",
                        form={"csrf_token": token, "slot": slot},
                        headers={"Referer": own},
                    )
                    assert answer.ok
    return own


def _submit(v: Visitor, own: str) -> None:
    v.open(own)
    v.sees("Nothing is missing. The director submits the account.")
    v.press("Submit the account")
    v.sees("The account is submitted.")
    v.judge()


def _score(v: Visitor, round_: str) -> None:
    """Half of the points for the center that failed before, more for the others."""
    v.open(round_)
    v.press("Begin the scoring")
    v.follow("My score sheet")
    v.judge()
    v.picture("score-sheet")
    v.leave_by(v.page.locator("ul.tasks a").first)
    while True:
        share = 50 if CENTER in v.page.locator("h1").inner_text() else 80
        for field in v.page.locator("input.points").all():
            most = RUBRIC[(field.get_attribute("name") or "").split("-")[1]].points
            field.fill(str(most * share / 100))
        for field in v.page.locator("textarea").all():
            field.fill("据提交的材料评分。")
        v.judge()
        if share == 50:
            v.picture("score-center")
            v.picture("score-center-phone", phone=True)
        v.leave_by(v.page.locator("form .buttons button"))
        if v.page.url.endswith("/sheet"):
            break
    v.press("Lodge the scores")
    v.sees("Your scores are lodged and fixed.")


def _publish(v: Visitor, round_: str) -> None:
    v.open(round_)
    v.judge()
    v.press("Publish the results")
    v.sees("The results are published; the days of appeal run.")
    row = v.page.get_by_role("row").filter(has_text=CENTER)
    expect(row).to_contain_text(v.word("Not passed"))
    v.judge()
    v.picture("round-results")


def _appeal(v: Visitor, own: str) -> None:
    v.open(own)
    v.page.get_by_text(v.word("Appeal against the result"), exact=True).click()
    v.type("Grounds of the appeal", "C1培训次数少计一次，请予核对。")
    v.press("Raise the appeal")
    v.sees("The appeal is raised; the commission decides.")
    v.judge()
    v.picture("result-appealed")


def _reject(v: Visitor, own: str) -> None:
    v.open(own)
    v.follow("Decide on the appeal")
    v.judge()
    v.page.get_by_label(v.word("Reject the appeal")).check()
    v.type("Reason", "经核对，培训次数与签到材料一致，原评分无误。")
    v.picture("appeal-decision")
    v.press("Decide")
    v.sees("The appeal is decided; the result is final.")


def _revoke(v: Visitor) -> None:
    """Both results stand there; the center is called for anew in the same step."""
    v.go("Revocations of hostings")
    v.judge()
    v.leave_by(v.page.get_by_role("row").filter(has_text=CENTER).get_by_role("link").first)
    v.judge()
    v.picture("revocation")
    form = v.page.locator("form[action$='/approve']")
    form.get_by_label(v.word("Reason")).fill("连续两年考核不达标。")
    closes = (clock.today() + timedelta(days=30)).isoformat()
    v.type("The call closes on", closes)
    v.press("Revoke the hosting")
    v.sees("The hosting is revoked; the center is called for anew.")
    v.judge()
    v.go("Calls")
    v.page.get_by_text("挂靠单位重新遴选").first.wait_for()
