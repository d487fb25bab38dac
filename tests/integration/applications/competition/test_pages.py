"""Pages of competitions: two who edit at once, what is on record, odd input, the early close."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from qcc.applications import services
from qcc.applications.workflow import CompetitionState
from qcc.infra import queue
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.counting import statements
from tests.factories import competitions
from tests.factories.applications import do, find, published
from tests.factories.competitions import Contest
from tests.integration.applications.browser import Browser, typed, value_of
from tests.integration.applications.competition.conftest import Compete

PLAN = {
    "criteria-0-title": "综合实力",
    "criteria-0-weight": "100",
    "criteria-0-most": "10",
    "seats-0-specialty": "",
    "seats-0-count": "3",
}
ODD = ("", "unknown", "💥", "x" * 2_100, "-1", "9" * 40, "NaN", "Infinity", "1e9", "0.55", "\ud7ff")


def sit(actor: Actor) -> Browser:
    return Browser(current_app._get_current_object(), actor)  # type: ignore[attr-defined]


def reads() -> int:
    db.session.rollback()
    return db.session.query(AuditEvent).filter_by(event="application.read").count()


def own_review(contest: Contest) -> tuple[str, Actor]:
    return next(iter(contest.reviews().items()))


def test_rows_of_a_plan_come_and_go_and_what_was_typed_stays(compete: Compete) -> None:
    contest = compete("planned")
    browser, url = sit(contest.reception), f"/competitions/{contest.code}/plan"
    typing = {**PLAN, "version": 1, "minimum": "sixty"}
    more = browser.post(url, **typing, rows="add-criterion")
    assert value_of(more, "criteria-0-title") == "综合实力"
    assert value_of(more, "criteria-1-title") == ""
    two = {**typing, "criteria-1-title": "工作计划", "criteria-1-weight": "many"}
    less = browser.post(url, **two, rows="criterion-0")
    assert value_of(less, "criteria-0-title") == "工作计划"
    assert value_of(less, "criteria-0-weight") == "many"
    assert 'name="criteria-1-title"' not in less.text
    assert value_of(less, "minimum") == "sixty"


def test_the_second_who_changes_a_plan_sees_both_versions(compete: Compete) -> None:
    contest = compete("planned")
    browser, url = sit(contest.reception), f"/competitions/{contest.code}/plan"
    version = value_of(browser.get(url), "version")
    first = {**PLAN, "criteria-0-title": "先保存的", "version": version}
    assert browser.post(url, **first).status_code == 302
    second = browser.post(url, **{**first, "criteria-0-title": "后保存的"})
    assert second.status_code == 409
    assert "先保存的" in second.text
    assert value_of(second, "criteria-0-title") == "后保存的"
    again = {**first, "criteria-0-title": "后保存的", "version": value_of(second, "version")}
    assert browser.post(url, **again).status_code == 302
    assert contest.row.criteria[0].title == "后保存的"


def test_faults_of_a_plan_are_all_told(compete: Compete) -> None:
    contest = compete("planned")
    browser, url = sit(contest.reception), f"/competitions/{contest.code}/plan"
    wrong = {**PLAN, "criteria-0-weight": "90", "seats-0-count": "2", "drops_extremes": "y"}
    answer = browser.post(url, **wrong, version=1)
    assert answer.status_code == 422
    assert "各项权重之和须为 100" in answer.text
    assert "评审专家至少 3 人" in answer.text


def test_the_plan_is_only_read_once_the_call_is_open(compete: Compete) -> None:
    contest = compete("entered")
    browser, url = sit(contest.reception), f"/competitions/{contest.code}/plan"
    assert browser.get(url).status_code == 302
    assert browser.post(url, **PLAN, version=1).status_code == 422


def test_while_sealed_the_page_tells_a_number_and_no_name(compete: Compete) -> None:
    contest = compete("over")
    page = sit(contest.reception).get(f"/competitions/{contest.code}").text
    for hospital in contest.hospitals:
        assert hospital.organization_name not in page
    assert re.search(r"收到申请（份）</dt><dd>3<", page)


def test_who_reads_an_application_that_competes_is_on_record(compete: Compete) -> None:
    contest = compete("reviewing")
    code, review = contest.applications[0], own_review(contest)
    before = reads()
    sit(contest.reception).get(f"/applications/{code}")
    assert reads() == before + 1
    sit(contest.hospitals[0]).get(f"/applications/{code}")
    assert reads() == before + 1
    sheet = f"/reviews/{review[0]}/applications/{code}"
    browser = sit(review[1])
    page = browser.get(sheet)
    assert page.status_code == 200
    assert reads() == before + 2
    file = re.search(rf'href="({sheet}/files/\w+)"', page.text)
    assert file
    assert browser.get(file[1]).status_code == 200


def test_before_declaring_no_application_and_no_file_is_open(compete: Compete) -> None:
    contest = compete("reviewing", declared=False)
    review, actor = own_review(contest)
    browser, code = sit(actor), contest.applications[0]
    page = browser.get(f"/reviews/{review}").text
    assert contest.hospitals[0].organization_name in page
    assert code not in page
    before = reads()
    assert browser.get(f"/reviews/{review}/applications/{code}").status_code == 404
    assert browser.get(f"/reviews/{review}/lodge").status_code == 404
    assert reads() == before


def test_after_reporting_a_conflict_nothing_is_shown(compete: Compete) -> None:
    contest = compete("reviewing")
    review, actor = own_review(contest)
    browser = sit(actor)
    empty = browser.post(f"/reviews/{review}/conflict", **{"conflict-reason": " "})
    assert empty.status_code == 422
    browser.post(f"/reviews/{review}/conflict", **{"conflict-reason": "亲属任职"})
    page = browser.get(f"/reviews/{review}").text
    assert "感谢您申报回避" in page
    for hospital in contest.hospitals:
        assert hospital.organization_name not in page


def test_scores_save_themselves_and_tell_of_another_tab(compete: Compete) -> None:
    contest = compete("reviewing")
    review, actor = own_review(contest)
    browser, criterion = sit(actor), contest.row.criteria[0].id
    sheet = f"/reviews/{review}/applications/{contest.entries()[0]}"
    url = f"{sheet}/scores/{criterion}"
    first = browser.autosave(url, points="80.5", remark="", version="0")
    assert first.status_code == 200
    assert browser.autosave(url, points="70", remark="", version="0").status_code == 409
    both = browser.post(url, points="70", remark="另一处", version="0")
    assert both.status_code == 409
    assert "80.5" in both.text
    assert typed(both, "remark") == "另一处"
    assert first.json
    too_many = {"points": "101", "remark": "", "version": str(first.json["version"])}
    assert browser.autosave(url, **too_many).status_code == 422
    assert "80.5" in browser.get(sheet).text


def test_an_empty_seat_closes_only_with_a_reason(compete: Compete) -> None:
    """Who took part reported a conflict and was not replaced: that is early."""
    contest = compete("reviewing")
    reviews = list(contest.reviews().items())
    for number, (review, actor) in enumerate(reviews):
        if number:
            competitions.score(contest, review, dict.fromkeys(contest.entries(), ("80", "40")))
            competitions.do(lambda a=actor, r=review: services.lodge(a, r))
    review, actor = reviews[0]
    competitions.do(lambda: services.report_conflict(actor, review, "亲属任职"))
    browser, url = sit(contest.reception), f"/competitions/{contest.code}/close"
    assert browser.post(url, reason="").status_code == 422
    assert contest.row.state is CompetitionState.REVIEWING
    assert browser.post(url, reason="候补专家不足").status_code == 302
    assert contest.row.state is CompetitionState.CLOSED
    assert "候补专家不足" in browser.get(f"/competitions/{contest.code}").text


def test_of_a_tie_the_page_names_both_and_takes_the_choice(compete: Compete) -> None:
    contest = compete("closed", [("90", "45"), ("90", "45"), ("70", "35")])
    browser, url = sit(contest.commission), f"/competitions/{contest.code}"
    assert "同分" in browser.get(url).text
    assert browser.post(f"{url}/tie", reason="理由").status_code == 422
    first = contest.entries()[0]
    assert browser.post(f"{url}/tie", reason="基础更好", application=first).status_code == 302
    assert "基础更好" in browser.get(url).text
    assert browser.post(f"{url}/tie", reason="改变主意", application=first).status_code == 409
    ways = sit(contest.reception).get(url).text
    offered = [f"/applications/{code}/check" in ways for code in contest.entries()]
    assert offered == [True, False, False]


def test_when_the_chosen_withdraws_the_commission_chooses_anew(compete: Compete) -> None:
    """Among those who still lead alike; and who leads alone at last is offered."""
    contest = compete("closed", [("90", "45")] * 3)
    url = f"/competitions/{contest.code}"
    commission, reception = sit(contest.commission), sit(contest.reception)
    owners = {_code_of(contest, hospital): hospital for hospital in contest.hospitals}

    def offered() -> list[str]:
        page = reception.get(url).text
        return [code for code in contest.entries() if f"/applications/{code}/check" in page]

    chosen, second, third = contest.entries()
    for code, expected in ((chosen, [chosen]), (second, [second])):
        assert url in commission.get("/").text
        assert commission.post(f"{url}/tie", reason="基础更好", application=code).status_code == 302
        assert offered() == expected
        do(lambda c=code: services.withdraw(owners[c], c, "另有安排"))  # type: ignore[misc]
    assert offered() == [third]
    assert "基础更好" not in reception.get(url).text.partition("</section>")[0]


def _code_of(contest: Contest, hospital: Actor) -> str:
    return next(c for c in contest.entries() if find(c).institution_id == hospital.organization_id)


def test_a_closed_competition_hands_out_its_file(compete: Compete) -> None:
    contest = compete("closed")
    browser, url = sit(contest.reception), f"/competitions/{contest.code}"
    assert browser.get(f"{url}/archive.zip").status_code == 404, "nothing was asked for yet"
    assert browser.post(f"{url}/archive", key="once").status_code == 302
    assert "竞争评审档案" in browser.get(url).text
    task = browser.post(f"{url}/archive.zip", key="zip").location
    db.session.rollback()
    assert queue.run_task(db.session.scalars(sa.select(queue.Task.id)).one())
    assert "竞争评审档案.zip" in browser.get(task).text
    assert browser.get(f"{url}/archive.zip").location == f"{task}/file"
    with browser.get(f"{task}/file") as answer:
        assert answer.data.startswith(b"PK")


def test_the_list_takes_the_same_queries_whatever_its_length(compete: Compete) -> None:
    contest = compete("closed")
    browser = sit(contest.reception)
    browser.get("/competitions")
    with statements() as sent:
        assert contest.code in browser.get("/competitions").text
    assert len(sent) <= 8


def forms(contest: Contest) -> Iterator[tuple[Actor, str]]:
    url, (review, actor) = f"/competitions/{contest.code}", own_review(contest)
    for rest in ("plan", "open", "start", "close", "schedule", "reviewers/draw",
                 "reviewers/choose", f"reviewers/{review}/release"):  # fmt: skip
        yield contest.reception, f"{url}/{rest}"
    yield contest.commission, f"{url}/tie"
    sheet = f"/reviews/{review}/applications/{contest.entries()[0]}"
    yield actor, f"{sheet}/scores/{contest.row.criteria[0].id}"
    for rest in ("declare", "lodge"):
        yield actor, f"/reviews/{review}/{rest}"


FIELDS = ("version", "criteria-0-title", "criteria-0-weight", "criteria-0-most", "criteria-x-title",
          "criteria-0-levels", "seats-0-specialty", "seats-0-count", "minimum", "bound", "rows",
          "slot_minutes", "starts_at", "place", "specialty", "expert", "application",
          "points", "remark")  # fmt: skip


@pytest.mark.parametrize("state", ["planned", "reviewing"])
def test_odd_forms_are_answered(compete: Compete, state: str) -> None:
    contest = compete(state)
    planned = [(contest.reception, f"/competitions/{contest.code}/plan")]
    for actor, url in planned if state == "planned" else forms(contest):
        browser = sit(actor)
        for value in ODD:
            answer = browser.post(url, **dict.fromkeys(FIELDS, value))
            assert answer.status_code < 500, (url, value[:20])
    assert contest.row.state is not CompetitionState.CLOSED


def test_a_guard_is_told_in_words(compete: Compete) -> None:
    contest = compete("reviewing")
    with pytest.raises(GuardFailed):
        contest.act(services.close_review, contest.reception, "理由")
    answer = sit(contest.reception).post(f"/competitions/{contest.code}/close", reason="理由")
    assert answer.status_code == 409
    assert "尚无评审专家提交评分" in answer.text


def test_of_calls_that_open_soon_without_a_plan_the_desk_reminds(
    compete: Compete, clock: Clock
) -> None:
    contest = compete("planned")
    call_id, centers = published(contest.commission, ("口腔", "眼科"), starts_in=15)
    pages = [f"/calls/{call_id}/centers/{center}/plan" for center in centers.values()]

    def reminded() -> list[bool]:
        home = sit(contest.reception).get("/").text
        return [page in home for page in pages]

    assert reminded() == [False, False]  # not soon
    clock.forward(timedelta(days=1))
    assert reminded() == [True, True]
    do(lambda: services.make_plan(contest.reception, call_id, centers["口腔"], competitions.PLAN))
    assert reminded() == [False, True]
    do(lambda: services.end_call(contest.commission, call_id, centers["眼科"], "规划调整"))
    assert reminded() == [False, False]
