"""A competition from the plan to the decision, through the services, on both databases."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.accounts.services import assign_role
from qcc.applications import services
from qcc.applications.models import Application, LodgedScore
from qcc.applications.queries import (
    get_application,
    get_assigned,
    get_competition,
    get_own_review,
    list_applications,
    list_entries,
)
from qcc.applications.rules.plan import PlannedCriterion, Seats
from qcc.applications.rules.reviewing import Bar, draw
from qcc.applications.workflow import ApplicationState, CompetitionState, ReviewerState
from qcc.experts.services import people
from qcc.infra import clock as clocks
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.outbox import Message
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from qcc.organizations.models import Organization, Person
from qcc.workbench.queries import list_messages, list_to_do
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories.applications import approved, do, find, judge_all, stage, submit, write
from tests.factories.competitions import PLAN, Contest, expert, score
from tests.integration.applications.browser import Browser
from tests.integration.applications.competition.conftest import Compete

C = CompetitionState


def refused_by(guard: str) -> Any:
    return pytest.raises(GuardFailed, match=guard)


# --- the plan ---


def test_a_plan_is_made_and_changed_until_the_call_opens(compete: Compete, clock: Clock) -> None:
    contest = compete("planned")
    assert services.plan_of(contest.row) == PLAN
    other = replace(PLAN, criteria=(PlannedCriterion("综合", 100, 100),), drops_extremes=True)
    clock.moment = contest.row.call.opens_at - timedelta(seconds=1)
    contest.act(services.change_plan, contest.reception, contest.row.version, other)
    assert services.plan_of(contest.row) == other
    clock.moment = contest.row.call.opens_at
    with pytest.raises(Refused, match="申报已经开始"):
        contest.act(services.change_plan, contest.reception, contest.row.version, PLAN)
    assert services.plan_of(contest.row) == other


def test_of_two_who_change_a_plan_the_second_is_told(compete: Compete) -> None:
    contest = compete("planned")
    version = contest.row.version
    changed = replace(PLAN, minimum=None)
    contest.act(services.change_plan, contest.reception, version, changed)
    with pytest.raises(StaleEdit):
        contest.act(services.change_plan, contest.second, version, PLAN)


def test_a_plan_is_the_receiving_bodys_and_one(compete: Compete) -> None:
    contest = compete("planned")
    stage = contest.stage
    for actor in (contest.commission, contest.hospitals[0], contest.experts["评审0"]):
        with pytest.raises(NotFound):
            do(lambda a=actor: services.make_plan(a, stage.call_id, stage.center_id, PLAN))
    with pytest.raises(Refused, match="已有竞争方案"):
        do(lambda: services.make_plan(contest.reception, stage.call_id, stage.center_id, PLAN))
    wrong = replace(PLAN, criteria=PLAN.criteria[:1])
    with pytest.raises(Refused, match="权重之和"):
        contest.act(services.change_plan, contest.reception, contest.row.version, wrong)


# --- sealed, and opened by two ---


def test_nobody_but_the_applicant_reads_before_the_opening(compete: Compete) -> None:
    contest = compete("entered")
    everybody = [contest.reception, contest.second, contest.commission, *contest.experts.values()]
    for number, code in enumerate(contest.applications):
        for actor in everybody + [h for n, h in enumerate(contest.hospitals) if n != number]:
            with pytest.raises(NotFound):
                get_application(actor, code)
        assert get_application(contest.hospitals[number], code).code == code
    for actor in everybody:
        assert list_applications(actor)[1] == 0
    assert list_entries(get_competition(contest.reception, contest.code)) == []
    told = db.session.scalars(
        sa.select(Message).where(Message.role == Role.EVALUATION_OFFICER)
    ).all()
    assert [message.kind for message in told] == []


def test_the_opening_waits_for_the_close_and_takes_two_persons(
    compete: Compete, clock: Clock
) -> None:
    contest = compete("entered")
    clock.moment = contest.row.call.closes_at - timedelta(seconds=1)
    with refused_by("call_is_over"):
        contest.act(services.sign_opening, contest.reception)
    clock.moment = contest.row.call.closes_at
    contest.act(services.sign_opening, contest.reception)
    assert list_applications(contest.reception)[1] == 0
    with refused_by("opened_by_another"):
        contest.act(services.sign_opening, contest.reception)
    same = _at_another_desk(contest)
    with refused_by("opened_by_another"):
        contest.act(services.sign_opening, same)
    contest.act(services.sign_opening, contest.commission)
    assert contest.row.state is C.OPENED
    assert list_applications(contest.reception)[1] == 3
    with pytest.raises(ActionNotPossible):
        contest.act(services.sign_opening, contest.second)


def _at_another_desk(contest: Contest) -> Any:
    """The person who signed first, as an officer of the commission."""
    with transaction():
        desk = _desk_at_the_commission(contest)
    return replace(
        contest.reception,
        role=Role.COMMISSION_OFFICER,
        assignment_id=desk,
        organization_id=contest.commission.organization_id,
        organization_name=contest.commission.organization_name,
    )


def _desk_at_the_commission(contest: Contest) -> int:
    person = db.session.get_one(Person, contest.reception.person_id)
    body = db.session.get_one(Organization, contest.commission.organization_id)
    return assign_role(None, person, Role.COMMISSION_OFFICER, body, None).id


def test_nobody_opens_what_nobody_entered(compete: Compete) -> None:
    contest = compete("over", hospitals=0)
    with refused_by("somebody_applied"):
        contest.act(services.sign_opening, contest.reception)


def test_applicants_and_experts_open_nothing(compete: Compete) -> None:
    contest = compete("over")
    for actor in (contest.hospitals[0], contest.experts["评审0"]):
        with pytest.raises(NotFound):
            contest.act(services.sign_opening, actor)


# --- reviewers ---


def possible(contest: Contest, specialty: str = "") -> dict[str, Any]:
    found = services.list_possible(contest.reception, contest.row, specialty)
    return {one.expert.name: one for one in found}


def test_who_is_bound_to_an_applicant_is_kept_out_with_the_reason(compete: Compete) -> None:
    contest = compete("opened")
    places = contest.places
    expert(places, "host", "本院专家")
    expert(places, "elsewhere", f"候选{contest.applications[0][:3]}2", birth_date=_birth(contest))
    both = expert(places, "elsewhere", "兼职专家")
    with transaction():
        person = db.session.get_one(Person, both.person_id)
        new_desk(places, person)
    with transaction():
        no_account = {"name": "无账号"}
        register(places, no_account)
    found = possible(contest)
    assert [b.bar for b in found["本院专家"].bars] == [Bar.EMPLOYED]
    assert Bar.PROPOSED in [b.bar for b in found[f"候选{contest.applications[0][:3]}2"].bars]
    assert [b.bar for b in found["兼职专家"].bars] == [Bar.ON_STAFF]
    assert not found["无账号"].is_free
    assert {name for name, one in found.items() if one.is_free} == set(contest.experts)
    for name in ("本院专家", "兼职专家", "无账号"):
        with pytest.raises(Refused):
            contest.act(
                services.choose_reviewer, contest.reception, found[name].expert.code, "麻醉", "熟悉"
            )


def _birth(contest: Contest) -> Any:
    return next(o.birth_date for o in find(contest.applications[0]).officers)


def new_desk(places: dict[str, int], person: Person) -> None:
    assign_role(
        None,
        person,
        Role.INSTITUTION_OFFICER,
        db.session.get_one(Organization, places["rival"]),
        None,
    )


def register(places: dict[str, int], more: dict[str, Any]) -> None:
    people.register_expert(
        None,
        {
            "sex": None, "birth_date": None, "identity": "", "post": "", "title": "主任医师",
            "employer": db.session.get_one(Organization, places["elsewhere"]), "specialty": "麻醉",
            "practised_since": None, "standing_text": "", "health_text": "", "tags": [], **more,
        },
    )  # fmt: skip


def test_a_draw_is_on_record_and_can_be_repeated(compete: Compete) -> None:
    contest = compete("opened")
    made = contest.act(services.draw_reviewers, contest.reception, "麻醉")
    assert list(draw([code for code, _name in made.candidates], 3, made.seed)) == made.drawn
    seated = {r.person_id for r in contest.row.reviewers}
    names = {one.expert.code: one.expert.person_id for one in possible(contest).values()}
    assert seated == {names[code] for code in made.drawn}
    with pytest.raises(Refused, match="已满额"):
        contest.act(services.draw_reviewers, contest.reception, "麻醉")


def test_too_few_experts_are_told_with_their_number(compete: Compete) -> None:
    contest = compete("opened", experts=2)
    with pytest.raises(Refused, match="只有 2 人"):
        contest.act(services.draw_reviewers, contest.reception, "麻醉")
    assert contest.row.reviewers == []


def test_a_reviewer_who_declares_a_conflict_sees_nothing_more_and_is_replaced(
    compete: Compete,
) -> None:
    contest = compete("reviewing", declared=False)
    (first, actor), *_ = contest.reviews().items()
    entry = contest.entries()[0]
    with pytest.raises(NotFound):
        get_assigned(actor, first, entry)
    do(lambda: services.declare(actor, first))
    assert get_assigned(actor, first, entry)[1].code == entry
    do(lambda: services.report_conflict(actor, first, "与申报单位主任有师生关系"))
    with pytest.raises(NotFound):
        get_assigned(actor, first, entry)
    with pytest.raises(ActionNotPossible):
        do(lambda: services.declare(actor, first))
    assert services.lacking_seats(contest.row) == {"麻醉": 1}
    bars = {n: [b.bar for b in one.bars] for n, one in possible(contest).items()}
    assert bars[actor.name] == [Bar.DECLARED]
    contest.act(services.draw_reviewers, contest.reception, "麻醉")
    assert services.lacking_seats(contest.row) == {"麻醉": 0}


def test_a_reviewer_is_released_with_a_reason(compete: Compete) -> None:
    contest = compete("reviewing")
    (code, actor), *_ = contest.reviews().items()
    with pytest.raises(Refused):
        contest.act(services.release_reviewer, contest.reception, code, " ")
    contest.act(services.release_reviewer, contest.reception, code, "因病")
    with pytest.raises(NotFound):
        get_assigned(actor, code, contest.entries()[0])


def told(contest: Contest, actor: Actor) -> list[str]:
    """The kinds of messages in somebody's own inbox, in their order."""
    db.session.rollback()
    own = [m for m in list_messages(actor) if m.person_id is not None]
    assert {m.person_id for m in own} <= {actor.person_id}
    assert {m.link for m in own} <= {f"/reviews/{code}" for code in contest.reviews()}
    return [m.kind.removeprefix("reviewer.") for m in reversed(own)]


def test_each_reviewer_is_told_by_name_and_nobody_else_is(compete: Compete) -> None:
    """Of the appointment, the presentations, the beginning and the end; who replaces one, too."""
    contest = compete("opened")
    for code in contest.applications:
        judge_all(contest.reception, code)
        do(lambda c=code: services.accept(contest.reception, c))  # type: ignore[misc]
    contest.act(services.draw_reviewers, contest.reception, "麻醉")
    asked = contest.reviews()
    contest.act(services.schedule, contest.reception, clocks.now() + timedelta(days=1), "会议室")
    contest.act(services.start_review, contest.reception)
    released, *others = asked
    contest.act(services.release_reviewer, contest.reception, released, "长期出差")
    contest.act(services.draw_reviewers, contest.reception, "麻醉")
    (new,) = set(contest.reviews()) - set(asked)
    appointed = ["asked", "scheduled", "start_review"]
    assert told(contest, asked[released]) == [*appointed, "release"]
    assert told(contest, contest.reviews()[new]) == ["asked_while_reviewing"]
    for review in (*others, new):
        actor = contest.reviews()[review]
        do(lambda r=review, a=actor: services.declare(a, r))  # type: ignore[misc]
        score(contest, review, dict.fromkeys(contest.entries(), ("80", "40")))
        do(lambda r=review, a=actor: services.lodge(a, r))  # type: ignore[misc]
    contest.act(services.close_review, contest.reception)
    assert [told(contest, asked[review]) for review in others] == [[*appointed, "closed"]] * 2
    assert told(contest, contest.reviews()[new]) == ["asked_while_reviewing", "closed"]
    assert told(contest, asked[released]) == [*appointed, "release"]
    seated = {actor.person_id for actor in contest.reviews().values()}
    idle = [actor for actor in contest.experts.values() if actor.person_id not in seated]
    assert [list_messages(actor) for actor in idle] == [[]] * len(idle)


def test_the_review_begins_when_all_is_checked_and_every_seat_taken(compete: Compete) -> None:
    contest = compete("opened")
    with refused_by("somebody_is_in"):
        contest.act(services.start_review, contest.reception)
    for code in contest.applications[:2]:
        judge_all(contest.reception, code)
        do(lambda c=code: services.accept(contest.reception, c))
    with refused_by("all_are_checked"):
        contest.act(services.start_review, contest.reception)
    judge_all(contest.reception, contest.applications[2], confirmed=False)
    do(lambda: services.accept(contest.reception, contest.applications[2]))
    with refused_by("all_seats_are_taken"):
        contest.act(services.start_review, contest.reception)
    contest.act(services.draw_reviewers, contest.reception, "麻醉")
    contest.act(services.start_review, contest.reception)
    assert contest.row.state is C.REVIEWING
    assert set(contest.entries()) == set(contest.applications[:2])


def test_the_time_for_the_review_is_told_and_nothing_is_taken_from_who_is_late(
    database: Sqlite | PostgreSQL, compete: Compete, clock: Clock
) -> None:
    contest = compete("reviewing")
    began, (review, actor) = clocks.today(), next(iter(contest.reviews().items()))
    assert contest.row.last_day_to_score == began + timedelta(days=10)
    (task,) = list_to_do(actor)
    assert task.due == contest.row.score_by
    page = f"/reviews/{review}"
    assert "前（含当日）提交评分" in Browser(database.app, actor).get(page).text
    clock.set(contest.row.score_by)
    assert "请尽快提交评分" in Browser(database.app, actor).get(page).text
    score(contest, review, dict.fromkeys(contest.entries(), ("80", "40")))
    do(lambda: services.lodge(actor, review))


# --- scores ---


def test_scores_have_bounds_and_a_criterion_is_not_skipped_in_silence(compete: Compete) -> None:
    contest = compete("reviewing")
    (review, actor), *_ = contest.reviews().items()
    entry, criteria = contest.entries()[0], [c.id for c in contest.row.criteria]

    def save(points: str | None, criterion: int = criteria[1], remark: str = "") -> None:
        value = None if points is None else Decimal(points)
        do(lambda: services.save_score(actor, review, entry, criterion, value, remark))

    for good in ("0", "50", "49.9"):
        save(good)
    for bad in ("-0.1", "50.1", "49.95"):
        with pytest.raises(Refused, match="0 至 50"):
            save(bad)
    with pytest.raises(NotFound):
        save("1", 999_999)
    score(contest, review, dict.fromkeys(contest.entries(), ("80", "40")))
    save(None)
    assert services.missing_scores(get_own_review(actor, review)) == [(entry, criteria[1])]
    with refused_by("sheets_are_complete"):
        do(lambda: services.lodge(actor, review))
    save(None, remark="材料未涉及")
    do(lambda: services.lodge(actor, review))
    with pytest.raises(ActionNotPossible):
        save("1")


def test_lodged_scores_are_fixed_by_the_database(compete: Compete) -> None:
    contest = compete("lodged")
    assert db.session.scalar(sa.select(sa.func.count(LodgedScore.id))) == 3 * 3 * 2
    for statement in (
        "UPDATE lodged_scores SET points = 1000",
        "UPDATE lodged_scores SET remark = 'x'",
        "DELETE FROM lodged_scores",
    ):
        with pytest.raises(sa.exc.DatabaseError, match="never"), transaction():
            db.session.execute(sa.text(statement))
    assert contest.row.result == []


def test_scores_are_sealed_until_all_are_lodged(compete: Compete) -> None:
    contest = compete("reviewing")
    reviews = contest.reviews()
    (first, actor), *others = reviews.items()
    for review, reviewer in others:
        score(contest, review, dict.fromkeys(contest.entries(), ("80", "40")))
        do(lambda r=review, a=reviewer: services.lodge(a, r))
    with pytest.raises(Refused):
        contest.act(services.close_review, contest.reception)  # early, and without a reason
    assert contest.row.result == []
    for review in reviews:
        if review != first:
            with pytest.raises(NotFound):
                get_own_review(actor, review)
    contest.act(services.close_review, contest.reception, "一名专家因故不能按时提交")
    assert contest.row.state is C.CLOSED
    assert all(len(row["totals"]) == 2 for row in contest.row.result)
    with refused_by("review_runs"):
        do(lambda: services.lodge(actor, first))


def test_nothing_closes_before_anybody_lodged(compete: Compete) -> None:
    contest = compete("reviewing")
    with refused_by("somebody_has_lodged"):
        contest.act(services.close_review, contest.reception, "时间紧")


# --- the result and the decision ---


def test_the_result_stands_as_it_was_calculated(compete: Compete) -> None:
    contest = compete("closed")
    rows = {row["application"]: row for row in contest.row.result}
    entries = contest.entries()
    assert [rows[e]["total"] for e in entries] == ["90.00", "80.00", "70.00"]
    assert [rows[e]["rank"] for e in entries] == [1, 2, 3]
    assert rows[entries[0]]["rows"][1]["mean"] == "45.00"


def decide(contest: Contest, code: str, justification: str = "") -> None:
    do(lambda: services.propose(contest.reception, code, True, "评审第一名"))
    do(lambda: services.approve(contest.commission, code, justification))


def test_the_first_is_approved(compete: Compete) -> None:
    contest = compete("closed")
    decide(contest, contest.entries()[0])
    assert find(contest.entries()[0]).state is ApplicationState.APPROVED


def test_nothing_is_proposed_while_the_review_runs(compete: Compete) -> None:
    contest = compete("lodged")
    with refused_by("review_is_closed"):
        do(lambda: services.propose(contest.reception, contest.entries()[0], True, "第一名"))


def test_what_failed_the_formal_check_can_be_refused_at_once(compete: Compete) -> None:
    contest = compete("opened")
    code = contest.applications[0]
    judge_all(contest.reception, code, confirmed=False)
    do(lambda: services.accept(contest.reception, code))
    do(lambda: services.propose(contest.reception, code, False, "不符合第七条"))
    do(lambda: services.refuse(contest.commission, code, "不符合第七条"))
    assert find(code).state is ApplicationState.REFUSED


def test_another_than_the_first_only_with_a_justification(compete: Compete) -> None:
    contest = compete("closed")
    second = contest.entries()[1]
    do(lambda: services.propose(contest.reception, second, True, "建议"))
    with pytest.raises(RulesBroken) as broken:
        do(lambda: services.approve(contest.commission, second))
    assert [f.rule for f in broken.value.findings] == ["competition.best"]
    do(lambda: services.approve(contest.commission, second, "第一名书面放弃"))


def test_when_the_first_withdraws_the_second_leads(compete: Compete) -> None:
    contest = compete("closed")
    first, second, _ = contest.entries()
    owner = next(h for h in contest.hospitals if h.organization_id == find(first).institution_id)
    do(lambda: services.withdraw(owner, first, "放弃"))
    decide(contest, second)
    assert find(second).state is ApplicationState.APPROVED


def test_below_the_minimum_nobody_is_approved(compete: Compete) -> None:
    contest = compete("closed", [("60", "30"), ("59.9", "30"), ("10", "10")])
    entries = contest.entries()
    rows = {row["application"]: row for row in contest.row.result}
    assert [rows[e]["below_minimum"] for e in entries] == [False, True, True]
    do(lambda: services.propose(contest.reception, entries[1], True, "建议"))
    with pytest.raises(RulesBroken):
        do(lambda: services.approve(contest.commission, entries[1], "特殊理由"))


def test_a_tie_is_decided_by_the_commission_with_a_reason(compete: Compete) -> None:
    contest = compete("closed", [("90", "45"), ("90", "45"), ("70", "35")])
    first, second, third = contest.entries()
    do(lambda: services.propose(contest.reception, second, True, "并列第一"))
    with pytest.raises(RulesBroken) as broken:
        do(lambda: services.approve(contest.commission, second))
    assert [f.variant for f in broken.value.findings] == ["tied"]
    with pytest.raises(Refused, match="并列第一"):
        contest.act(services.decide_tie, contest.commission, third, "理由")
    with pytest.raises(Refused):
        contest.act(services.decide_tie, contest.commission, second, " ")
    with pytest.raises(NotFound):
        contest.act(services.decide_tie, contest.reception, second, "理由")
    contest.act(services.decide_tie, contest.commission, second, "质控工作基础更好")
    do(lambda: services.approve(contest.commission, second))
    with refused_by("is_undecided"):
        contest.act(services.decide_tie, contest.commission, second, "再议")
    assert find(first).state is ApplicationState.ACCEPTED


def test_without_a_tie_there_is_nothing_to_choose(compete: Compete) -> None:
    contest = compete("closed")
    with pytest.raises(GuardFailed, match="first_is_tied"):
        contest.act(services.decide_tie, contest.commission, contest.entries()[0], "理由")


# --- presentations ---


def test_presentations_follow_each_other_in_an_order_by_chance(
    compete: Compete, clock: Clock
) -> None:
    contest = compete("reviewing")
    starts = clock() + timedelta(days=3)
    slots = contest.act(services.schedule, contest.reception, starts, "三楼会议室")
    assert [slot.starts_at for slot in slots] == [
        starts + timedelta(minutes=20 * n) for n in range(3)
    ]
    told = db.session.scalars(sa.select(Message).filter_by(kind="competition.slot")).all()
    assert {m.organization_id for m in told} == {h.organization_id for h in contest.hospitals}
    again = contest.act(services.schedule, contest.reception, starts + timedelta(1), "四楼")
    assert {slot.place for slot in again} == {"四楼"}
    with pytest.raises(Refused):
        contest.act(services.schedule, contest.reception, clock() - timedelta(seconds=1), "")


def test_without_a_plan_everything_is_as_before(app: Flask, clock: Clock) -> None:
    assert find(approved(stage())).state is ApplicationState.APPROVED


def test_seats_of_specialties_are_filled_each_by_its_own(compete: Compete) -> None:
    plan = replace(PLAN, seats=(Seats("麻醉", 2), Seats("护理", 1)))
    contest = compete("opened", plan=plan)
    nurse = expert(contest.places, "elsewhere", "护理专家", "护理")
    contest.act(services.draw_reviewers, contest.reception, "护理")
    assert [r.person_id for r in contest.row.reviewers] == [nurse.person_id]
    code = possible(contest)["评审0"].expert.code
    with pytest.raises(Refused):
        contest.act(services.choose_reviewer, contest.reception, code, "麻醉", "")
    contest.act(services.choose_reviewer, contest.reception, code, "麻醉", "熟悉该专业质控")
    assert services.lacking_seats(contest.row) == {"麻醉": 1, "护理": 0}
    states = {r.state for r in contest.row.reviewers}
    assert states == {ReviewerState.ASKED}


def test_a_late_submission_does_not_stay_sealed(compete: Compete) -> None:
    """What is corrected and submitted again after the opening is open."""
    contest = compete("opened")
    code = contest.applications[0]
    remarks = {"support_funding": "请补充"}
    do(lambda: services.return_for_correction(contest.reception, code, "补正", remarks, None))
    do(lambda: write(contest.hospitals[0], code, "support_funding", "补充经费来源。"))
    submit(contest.hospitals[0], code)
    assert not db.session.scalar(sa.select(Application.sealed).filter_by(code=code))
    assert get_application(contest.reception, code).code == code
