"""The story of a competition: three hospitals, five reviewers, one with a conflict; from the sealed
applications to the approved center. And the plan of a competition to come."""

import re
from collections.abc import Sequence
from datetime import timedelta

from playwright.sync_api import expect

from qcc.infra import clock
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

CENTER = "浙江省脑卒中医疗质量控制中心"
COMING = "浙江省眼科医疗质量控制中心"
EXPERTS = tuple(f"expert-{number}" for number in range(1, 8))
POINTS = ((29, 24, 18, 9, 9), (29, 24, 18, 9, 9), (22, 20, 16, 8, 7))
"""What each reviewer gives to the three applications, more or less: two of them are equals."""

TABLET = {"width": 768, "height": 1024}

# Every condition of the formal check, confirmed as its own form would.
_CONFIRM = """async () => {
  for (const form of document.querySelectorAll('form[action$="/judge"]')) {
    const data = new FormData(form);
    data.set("confirmed", "yes");
    await fetch(form.action, { method: "POST", body: data });
  }
}"""


def test_three_hospitals_compete(visit: Visit) -> None:
    """Opened by two, checked, drawn, scored under seal, closed, decided."""
    evaluation, commission = visit("evaluation"), visit("commission")
    address = _open_by_two(evaluation, commission)
    _check_all(evaluation, address)
    _draw(evaluation, address)
    seated = _who_was_drawn(visit, EXPERTS)
    assert len(seated) == 5
    _report_a_conflict(seated[0])
    _replace(evaluation, address)
    reviewers = [*seated[1:], *_who_was_drawn(visit, _others(seated))]
    assert len(reviewers) == 5
    for number, reviewer in enumerate(reviewers):
        _declare(reviewer, is_first=number == 0)
        _score(reviewer, number)
        if number == 0:
            _nothing_is_told(evaluation, address)
        _lodge(reviewer, is_first=number == 0)
    _close(evaluation, address)
    _read_the_result(reviewers[0])
    _choose_among_equals(commission)
    winner = _propose_first(evaluation, address)
    _decide(commission, address, winner)
    _notice_nothing(visit("hospital-b"), address)


def _open_by_two(first: Visitor, second: Visitor) -> str:
    """While sealed the page tells a number and no name; one person alone opens nothing."""
    first.leave_by(
        first.page.get_by_role("row")
        .filter(has_text=CENTER)
        .get_by_role("link", name=first.word("Sign the opening of the applications"))
    )
    first.sees("Who has applied is known to nobody before the opening.")
    expect(first.page.get_by_role("main")).not_to_contain_text("浙江省人民医院")
    first.judge()
    first.picture("competition-sealed")
    first.press("Sign the opening")
    first.sees("You have signed the opening. A second person has to sign.")
    first.judge()
    second.go("Workbench")
    second.leave_by(
        second.page.get_by_role("row")
        .filter(has_text=CENTER)
        .get_by_role("link", name=second.word("Sign the opening as the second person"))
    )
    second.judge()
    second.press("Sign as the second person and open")
    second.sees("The applications are open. The formal check can begin.")
    second.judge()
    second.picture("competition-opened")
    return second.page.url


def _check_all(v: Visitor, address: str) -> None:
    """Each application passes the formal check."""
    for _number in range(3):
        v.open(address)
        v.leave_by(v.link("Formal check").first)
        v.page.evaluate(_CONFIRM)
        v.page.reload()
        v.press("Pass the formal check")


def _draw(v: Visitor, address: str) -> None:
    v.open(address)
    v.follow("To the reviewers")
    v.sees("Employed by an applicant")
    v.judge()
    v.picture("competition-candidates")
    v.press("Draw %(count)s reviewers", count=5)
    v.sees("The reviewers were drawn. Seed and candidates are on record below.")
    v.judge()
    v.picture("competition-drawn")
    v.follow("Back to the competition")
    v.page.get_by_text(v.word("Set the times"), exact=True).click()
    begins = clock.now() + timedelta(days=3)
    v.type("Beginning of the first presentation", begins.strftime("%Y-%m-%dT14:00"))
    v.type("Place", "省卫生健康委二号会议室")
    v.press("Draw the order and tell the applicants")
    v.sees("The order of the presentations was drawn; each applicant is told.")
    v.press("Begin the review")
    v.sees("The review has begun. The reviewers find it on their workbench.")


def _who_was_drawn(visit: Visit, accounts: Sequence[str]) -> list[Visitor]:
    """Those of the experts who find the task on their workbench."""
    found = []
    for account in accounts:
        visitor = visit(account)
        visitor.account = account  # type: ignore[attr-defined]
        if visitor.link("Sign the conflict declaration").count():
            found.append(visitor)
    return found


def _others(seated: Sequence[Visitor]) -> list[str]:
    known = {visitor.account for visitor in seated}  # type: ignore[attr-defined]
    return [account for account in EXPERTS if account not in known]


def _report_a_conflict(v: Visitor) -> None:
    """Before signing no file is open, and after reporting nothing is."""
    v.follow("Sign the conflict declaration")
    v.sees("These institutions compete:")
    assert not v.page.get_by_role("link", name="浙江省人民医院").count()
    v.judge()
    v.picture("review-declaration")
    v.picture("review-declaration-phone", phone=True)
    v.type("Reason", "本人配偶在其中一家申报单位任职。")
    v.press("Report a conflict of interest")
    v.heading("Thank you for reporting the conflict of interest").wait_for()
    expect(v.page.get_by_role("main")).not_to_contain_text("浙江省人民医院")
    v.judge()


def _replace(v: Visitor, address: str) -> None:
    v.open(address)
    v.follow("To the reviewers")
    v.page.get_by_text("本人配偶在其中一家申报单位任职。").wait_for()
    v.press("Draw %(count)s reviewers", count=1)
    v.sees("The reviewers were drawn. Seed and candidates are on record below.")


def _declare(v: Visitor, *, is_first: bool) -> None:
    v.go("My reviews")
    v.leave_by(v.page.get_by_role("link", name=CENTER))
    v.field(v.word("I declare that none of this applies to me.")).check()
    v.press("Sign the declaration")
    v.sees("The declaration is signed. The applications are open to you.")
    if is_first:
        v.judge()
        v.picture("review-applications")


def _score(v: Visitor, number: int) -> None:
    """Each criterion saves itself; a link waits until it has."""
    v.leave_by(v.page.locator("main .tasks a").first)
    for application, points in enumerate(POINTS):
        fields = v.page.get_by_label(re.compile(r"^得分（"))
        for at, given in enumerate(points):
            fields.nth(at).fill(f"{given - 0.5 * ((number + at) % 3):g}")
        if number == application == 0:
            _look_at_sheet(v)
        forward = "Next application" if application < 2 else "Check and lodge the scores"
        v.follow(forward)


def _look_at_sheet(v: Visitor) -> None:
    """Too many points are refused; a criterion without any needs a remark."""
    first = v.page.get_by_label(re.compile(r"^得分（")).first
    with v.watch.allowing("status of 422"):
        first.fill("31")
        first.blur()
        v.sees("Not saved. Press Save to see why.")
        v.leave_by(v.page.get_by_role("button", name=v.word("Save")).first)
        v.sees("Give from 0 to %(most)d points, with at most one decimal.", most=30)
        v.judge()
    v.page.get_by_label(re.compile(r"^得分（")).first.fill("29")
    v.leave_by(v.page.get_by_role("button", name=v.word("Save")).first)
    v.judge()
    v.picture("review-sheet")
    v.page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    v.judge()
    v.page.set_viewport_size({"width": 1280, "height": 800})


def _nothing_is_told(v: Visitor, address: str) -> None:
    """Before the close staff sees who has lodged, and no score."""
    v.open(address)
    v.sees("Scores are shown to nobody until the review is closed.")
    expect(v.page.get_by_role("main")).not_to_contain_text("28.5")
    v.judge()
    v.picture("competition-reviewing")


def _lodge(v: Visitor, *, is_first: bool) -> None:
    if is_first:
        v.judge()
        v.picture("review-lodge")
    v.field(v.word("I have judged every application by myself.")).check()
    v.press("Lodge the scores")
    v.sees("Your scores are lodged. Thank you for the review.")


def _close(v: Visitor, address: str) -> None:
    v.go("Workbench")
    v.follow("Close the review")
    v.press("Close the review")
    v.sees("The review is closed. Here is the result.")
    assert v.page.url == address
    assert v.page.locator("main del").count() == 3 * 5 * 2
    v.judge()
    v.picture("competition-result")
    v.picture("competition-result-phone", phone=True)


def _read_the_result(v: Visitor) -> None:
    """A reviewer reads it, the others by number."""
    v.go("My reviews")
    v.leave_by(v.page.get_by_role("link", name=CENTER))
    v.heading("Result of the review").wait_for()
    v.judge()


def _choose_among_equals(v: Visitor) -> None:
    """Nobody is laid before the commission until it has chosen, with a reason."""
    v.go("Workbench")
    v.follow("Choose among equals")
    leaders = v.page.get_by_role("radio")
    expect(leaders).to_have_count(2)
    v.judge()
    v.picture("competition-tie")
    with v.watch.allowing("status of 422"):
        v.press("Choose")
        v.sees("Choose one of those who lead with the same total.")
        v.judge()
    leaders.first.check()
    v.type("Reason", "两家总分相同；前者近三年承担全省质控培训，工作基础更好。")
    v.press("Choose")
    v.page.get_by_text("两家总分相同；").first.wait_for()
    v.judge()


def _propose_first(v: Visitor, address: str) -> str:
    """The way leads to who was chosen, and to nobody else."""
    v.open(address)
    label = v.word("Lay before the commission: %(name)s", name="")
    way = v.page.get_by_role("link", name=re.compile(f"^{label}"))
    expect(way).to_have_count(1)
    winner = str(way.inner_text()).rpartition("：")[2]
    v.leave_by(way)
    group = v.page.get_by_role("group", name=v.word("Recommendation"))
    group.get_by_label(v.word("Approve"), exact=True).check()
    v.type("Reason", "竞争评审第一名，建议批准设置。")
    v.press("Lay before the commission")
    v.sees("The application now lies before the commission.")
    return winner


def _decide(v: Visitor, address: str, winner: str) -> None:
    v.open(address)
    v.judge()
    v.follow("Decide: %(name)s", name=winner)
    v.sees("No rule stands against an approval.")
    v.press("Approve and establish the center")
    v.sees("Approved. The center is established; the decision is being made as a paper.")
    v.open(address)
    v.sees("The commission has decided.")
    v.speak("en")
    v.judge()
    v.picture("competition-result")
    _verify(v)


def _verify(v: Visitor) -> None:
    """The notice of the result is issued; by its code anybody verifies it."""
    code = v.page.locator("main a.code").first
    for _turn in range(30):
        if code.count():
            break
        v.page.wait_for_timeout(1_000)
        v.page.reload()
    assert v.open(f"/verify/{code.inner_text()}") == 200
    v.page.get_by_text("评审结果通报").first.wait_for()
    v.judge()


def _notice_nothing(v: Visitor, address: str) -> None:
    """An applicant finds the own time to present, and nothing of the competition."""
    v.open("/applications?q=脑卒中")
    v.leave_by(v.page.locator("main table a").first)
    v.sees("Your presentation")
    expect(v.page.get_by_role("main")).not_to_contain_text("温州医科大学附属第一医院")
    v.judge()
    with v.watch.allowing("status of 403"):
        assert v.open(address) == 403


def test_a_plan_is_made(visit: Visit) -> None:
    """Rows come and go, and what was typed stays; faults are told in words."""
    v = visit("evaluation")
    v.go("Calls")
    v.leave_by(v.page.get_by_role("link", name=re.compile(COMING)))
    v.judge()
    v.follow("Make a competition plan")
    v.judge()
    for number, (title, weight) in enumerate((("综合实力", 50), ("工作计划", 40))):
        row = v.page.get_by_role("group", name=v.word("Criterion %(number)s", number=number + 1))
        row.get_by_label(v.word("Criterion"), exact=True).fill(title)
        row.get_by_label(v.word("Weight")).fill(str(weight))
        row.get_by_label(v.word("Most points")).fill("10")
    v.press("Remove criterion %(number)s", number=4)
    v.press("Add a criterion")
    v.page.get_by_label(v.word("Reviewers"), exact=True).fill("2")
    v.field(v.word("Of each criterion the highest and the lowest score are dropped")).check()
    with v.watch.allowing("status of 422"):
        v.page.locator(".buttons").get_by_role("button", name=v.word("Save the plan")).click()
        v.sees("The weights add up to 100.")
        v.sees("To drop the highest and the lowest score, there are at least three reviewers.")
        v.judge()
        v.picture("plan-faults")
    second = v.page.get_by_role("group", name=v.word("Criterion %(number)s", number=2))
    expect(second.get_by_label(v.word("Criterion"), exact=True)).to_have_value("工作计划")
    second.get_by_label(v.word("Weight")).fill("50")
    v.page.get_by_label(v.word("Reviewers"), exact=True).fill("5")
    v.leave_by(v.page.locator(".buttons").get_by_role("button", name=v.word("Save the plan")))
    v.sees("The competition plan is made. It is fixed when the call opens.")
    v.judge()
    v.picture("plan-made")
    v.follow("Change the plan")
    v.judge()
    v.picture("plan")
