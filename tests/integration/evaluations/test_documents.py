"""Yearly documents, tasks, internal rules and visits through the services, on both databases."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from qcc.centers.models import Center
from qcc.evaluations.models import AnnualDocument, InternalRule
from qcc.evaluations.queries.documents import (
    get_document,
    list_document_rows,
    list_documents,
)
from qcc.evaluations.queries.records import list_records
from qcc.evaluations.queries.tasks import list_tasks
from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind, Standing
from qcc.evaluations.services import documents, due, records, tasks
from qcc.evaluations.services.facts import year_facts
from qcc.evaluations.services.records import Edition, VisitReport
from qcc.evaluations.workflow import DocumentState, TaskState
from qcc.infra import audit
from qcc.infra import clock as product_clock
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from qcc.organizations.queries import find_commission
from tests.conftest import Clock
from tests.counting import statements
from tests.factories import documents as make
from tests.factories import evaluations as rounds
from tests.factories.applications import do
from tests.factories.centers import CITY, PDF, many_centers, new_actor
from tests.factories.evaluations import Scene

D, T, K = DocumentState, TaskState, DocumentKind
DUE = date(2026, 12, 31)


def at(clock: Clock, day: date, *time: int) -> None:
    clock.set(datetime(day.year, day.month, day.day, *(time or (9,)), tzinfo=SHANGHAI))


@pytest.fixture
def here(app: Flask, clock: Clock) -> Scene:
    at(clock, date(2026, 3, 2))
    return rounds.scene()


def facts(here: Scene, number: int = 0) -> tuple[int, int, int, int]:
    """missing, late, tasks, done"""
    db.session.rollback()
    centers = [db.session.get_one(Center, key) for key in here.centers]
    found = year_facts(centers, 2026, product_clock.today())[here.centers[number]]
    return found.missing, found.late, found.tasks, found.done


def of_a_city() -> Actor:
    """An officer of a commission below."""
    commission = find_commission(CITY)
    assert commission is not None
    return do(lambda: new_actor(commission, Role.COMMISSION_OFFICER))


def kinds(*wanted: str) -> int:
    return len(db.session.scalars(sa.select(Message).where(Message.kind.in_(wanted))).all())


def test_written_submitted_returned_acknowledged(here: Scene, clock: Clock) -> None:
    writer, director = here.secretaries[0], here.directors[0]
    code = make.begun(writer, K.SUMMARY, 2026)
    assert make.begun(director, K.SUMMARY, 2026) == code
    with pytest.raises(GuardFailed, match="document_is_written"):
        do(lambda: documents.submit_document(director, code, 1))
    assert make.written(writer, K.SUMMARY, 2026) == code
    with pytest.raises(NotPermitted):
        do(lambda: documents.submit_document(writer, code, make.document(code).version))
    with pytest.raises(NotFound):  # a draft is the center's own
        get_document(here.commission, code)
    with pytest.raises(NotFound):
        get_document(here.directors[1], code)
    version = make.document(code).version
    do(lambda: documents.submit_document(director, code, version))
    assert [row.code for row in list_documents(here.evaluation, D.SUBMITTED)] == [code]
    with pytest.raises(Refused):
        do(lambda: documents.save_section(writer, code, "goals", 1, {"text": "晚了"}))

    version, until = make.document(code).version, date(2026, 3, 10)
    for reason, day, error in (
        (" ", until, Refused),
        ("预算未列执行情况", date(2026, 3, 2), GuardFailed),
    ):
        with pytest.raises(error):
            do(
                lambda r=reason, d=day: documents.return_document(
                    here.commission, code, version, r, d
                )
            )
    city = of_a_city()
    with pytest.raises(NotFound):
        do(lambda: documents.acknowledge_document(city, code, version))
    do(lambda: documents.return_document(here.commission, code, version, "请补充", until))
    before = make.document(code).submitted
    do(lambda: documents.save_section(writer, code, "goals", 1, {"text": "新的目标"}))
    assert make.document(code).submitted == before  # what the commission read stands
    version = make.document(code).version
    do(lambda: documents.submit_document(director, code, version))
    assert make.document(code).submitted["goals"] == {"text": "新的目标"}
    version = make.document(code).version
    with pytest.raises(StaleEdit):
        do(lambda: documents.acknowledge_document(here.evaluation, code, version - 1))
    do(lambda: documents.acknowledge_document(here.evaluation, code, version))
    assert make.document(code).state is D.ACKNOWLEDGED
    assert kinds("annual.submitted") == 4  # twice to two desks
    assert kinds("annual.returned", "annual.acknowledged") == 4
    assert list(audit.verify(db.session)) == []


def test_two_writers_of_a_section(here: Scene) -> None:
    writer, code = here.secretaries[0], make.begun(here.secretaries[0], K.NEXT_PLAN, 2026)
    do(lambda: documents.save_section(writer, code, "goals", 0, {"text": "一"}))
    do(lambda: documents.save_section(here.directors[0], code, "goals", 1, {"text": "二"}))
    for stale in (0, 1):
        with pytest.raises(StaleEdit):
            do(lambda v=stale: documents.save_section(writer, code, "goals", v, {"text": "三"}))
    with pytest.raises(NotFound):
        do(lambda: documents.save_section(writer, code, "figures", 0, {"rows": []}))


def test_the_last_second_of_the_year_and_what_the_year_comes_to(here: Scene, clock: Clock) -> None:
    director, other = here.directors
    at(clock, DUE, 23, 59, 59)
    make.submitted(director, K.SUMMARY, 2026)
    late = make.written(other, K.SUMMARY, 2026)
    assert facts(here) == facts(here, 1) == (0, 0, 0, 0)
    at(clock, DUE + timedelta(days=1), 0, 0, 0)
    version = make.document(late).version
    do(lambda: documents.submit_document(other, late, version))
    assert facts(here) == (1, 0, 0, 0)  # the plan of 2027
    assert facts(here, 1) == (1, 1, 0, 0)
    make.submitted(director, K.NEXT_PLAN, 2026)
    assert facts(here) == (0, 1, 0, 0)
    (row,) = list_document_rows(here.commission, 2026, product_clock.today(), only_wanting=True)
    assert row.id == here.centers[1]
    assert row.standings == {K.SUMMARY: Standing.LATE, K.NEXT_PLAN: Standing.MISSING}


def test_what_is_returned_and_not_corrected_is_missing(here: Scene, clock: Clock) -> None:
    director = here.directors[0]
    at(clock, DUE)
    codes = [make.submitted(director, kind, 2026) for kind in K]
    until = date(2027, 1, 10)
    for code in codes:
        version = make.document(code).version
        do(
            lambda c=code, v=version: documents.return_document(
                here.evaluation, c, v, "请补充", until
            )
        )
    at(clock, until)
    assert facts(here) == (0, 0, 0, 0)
    version = make.document(codes[0]).version
    do(lambda: documents.submit_document(director, codes[0], version))
    at(clock, until + timedelta(days=1))
    assert facts(here) == (1, 0, 0, 0)
    version = make.document(codes[1]).version
    do(lambda: documents.submit_document(director, codes[1], version))
    assert facts(here) == (0, 1, 0, 0)


def test_nobody_owes_documents_of_years_without_a_host(here: Scene, clock: Clock) -> None:
    with pytest.raises(Refused):
        do(lambda: documents.begin_document(here.directors[0], K.SUMMARY, 2027))
    with pytest.raises(Refused):
        do(lambda: documents.begin_document(here.directors[0], K.SUMMARY, 2020))
    with pytest.raises(NotFound):
        do(lambda: documents.begin_document(here.commission, K.SUMMARY, 2026))
    rows = list_document_rows(here.commission, 2026, product_clock.today())
    assert [row.id for row in rows] == here.centers
    assert list_document_rows(of_a_city(), 2026, product_clock.today()) == []


def test_a_task_is_given_reported_returned_and_judged(here: Scene, clock: Clock) -> None:
    first, second = make.assigned(here.commission, date(2026, 3, 20), *here.centers)
    with pytest.raises(NotFound):
        do(lambda: tasks.report_task(here.secretaries[1], first, 1, "不是我的"))
    with pytest.raises(NotFound):
        do(lambda: tasks.report_task(here.commission, first, 1, "我"))
    with pytest.raises(Refused):
        do(lambda: tasks.report_task(here.secretaries[0], first, 1, "  "))
    do(lambda: tasks.report_task(here.secretaries[0], first, 1, "已报送", PDF, "汇总表.pdf"))
    version = make.task(first).version
    do(lambda: tasks.judge_task(here.commission, first, version, "return", "缺附表"))
    assert make.task(first).state is T.ASSIGNED
    make.reported(here.secretaries[0], first)
    version = make.task(first).version
    with pytest.raises(NotFound):
        do(lambda: tasks.judge_task(here.evaluation, first, version, "accept"))
    do(lambda: tasks.judge_task(here.colleague, first, version, "accept"))
    assert do(lambda: tasks.read_report_file(here.directors[0], first)[1]) == PDF

    with pytest.raises(GuardFailed, match="task_is_overdue"):
        do(lambda: tasks.judge_task(here.commission, second, 1, "refuse", "未报送"))
    at(clock, date(2026, 3, 20), 23, 59, 59)
    assert facts(here) == (0, 0, 1, 1)
    assert facts(here, 1) == (0, 0, 0, 0)
    at(clock, date(2026, 3, 21), 0, 0, 0)
    assert facts(here, 1) == (0, 0, 1, 0)
    make.reported(here.secretaries[1], second)  # late: the commission judges
    assert facts(here, 1) == (0, 0, 0, 0)
    version = make.task(second).version
    do(lambda: tasks.judge_task(here.commission, second, version, "refuse", "逾期且不全"))
    assert facts(here, 1) == (0, 0, 1, 0)
    with pytest.raises(ActionNotPossible):
        do(lambda: tasks.judge_task(here.commission, second, version + 1, "withdraw", "误派"))
    assert [row.code for row in list_tasks(here.commission)] == [second, first]
    assert [row.code for row in list_tasks(here.directors[0])] == [first]


def test_a_task_that_was_taken_back_does_not_count(here: Scene, clock: Clock) -> None:
    (code, _other) = make.assigned(here.commission, date(2026, 3, 20), *here.centers)
    do(lambda: tasks.judge_task(here.commission, code, 1, "withdraw", "重复布置"))
    at(clock, date(2026, 3, 21))
    assert facts(here) == (0, 0, 0, 0)


def test_tasks_go_to_centers_of_the_own_level_and_lie_ahead(here: Scene) -> None:
    words, today = ("任务", "内容"), product_clock.today()
    city = of_a_city()
    for actor, day, chosen in (
        (city, today, here.centers),
        (here.commission, today, []),
        (here.commission, today - timedelta(days=1), here.centers),
    ):
        with pytest.raises(Refused):
            do(lambda a=actor, d=day, c=chosen: tasks.assign_task(a, *words, d, c))


def edition(**other: object) -> Edition:
    given = {
        "kind": InternalRuleKind.FUNDS,
        "title": "经费使用管理办法",
        "adopted_on": date(2026, 3, 1),
        "review_on": date(2027, 3, 1),
    }
    return Edition(**{**given, **other})  # type: ignore[arg-type]


def test_internal_rules_and_visits_are_kept(here: Scene, clock: Clock) -> None:
    writer, key = here.secretaries[0], here.centers[0]
    for wrong in ({"adopted_on": date(2026, 3, 3)}, {"review_on": date(2026, 3, 1)}):
        with pytest.raises(Refused):
            do(
                lambda w=wrong: records.record_internal_rule(
                    writer, key, edition(**w), PDF, "a.pdf"
                )
            )
    do(lambda: records.record_internal_rule(writer, key, edition(), PDF, "a.pdf"))
    newer = edition(title="经费使用管理办法（修订）", review_on=date(2028, 3, 1))
    rule = do(lambda: records.record_internal_rule(writer, key, newer, PDF, "b.pdf").id)
    for actor in (here.commission, here.secretaries[1]):
        with pytest.raises(NotFound):
            do(lambda a=actor: records.record_internal_rule(a, key, edition(), PDF, "c.pdf"))
    report = VisitReport(date(2026, 3, 2), "王某、李某", "台账齐全。", date(2026, 9, 1))
    for stranger in (of_a_city(), here.directors[0]):
        with pytest.raises(NotFound):
            do(lambda a=stranger: records.record_visit(a, key, report))
    do(lambda: records.record_visit(here.evaluation, key, report, PDF, "记录.pdf"))
    first, second = list_records(here.commission, product_clock.today())
    assert (first.rules, first.asked, first.visited_on) == (1, 4, date(2026, 3, 2))
    assert first.review_on == date(2026, 9, 1)
    assert (second.rules, second.visited_on, second.review_on) == (0, None, None)
    assert do(lambda: records.read_record_file(here.directors[0], key, "rules", rule)[1]) == PDF
    with pytest.raises(NotFound):
        do(lambda: records.read_record_file(here.directors[1], key, "rules", rule))
    with pytest.raises(DBAPIError):
        do(lambda: db.session.execute(sa.update(InternalRule).values(title="改")))
    db.session.rollback()


def test_reminders_fall_on_their_days(here: Scene, clock: Clock) -> None:
    make.submitted(here.directors[0], K.SUMMARY, 2026)
    make.submitted(here.directors[0], K.NEXT_PLAN, 2026)
    make.assigned(here.commission, DUE, here.centers[0])
    db.session.execute(sa.delete(Message))
    db.session.commit()
    told: dict[date, list[str]] = {}
    day = date(2026, 11, 30)
    seen = 0
    while day < date(2027, 1, 20):
        at(clock, day)
        for remind in (due.remind_of_documents, due.remind_of_tasks, due.remind_of_reviews):
            do(lambda r=remind, d=day: r(d))
        found = db.session.scalars(
            sa.select(Message.kind).where(Message.id > seen).order_by(Message.kind)
        ).all()
        seen = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
        if found:
            told[day] = list(found)
        day += timedelta(days=1)
    desks = ["annual.due"] * 2
    wanting = ["annual.overdue"] * 2 + ["annual.wanting"] * 2
    assert told == {
        date(2026, 12, 1): desks,
        date(2026, 12, 24): [*desks, "task.due", "task.due"],
        date(2026, 12, 28): ["task.due", "task.due"],
        DUE: [*desks, "task.due", "task.due"],
        date(2027, 1, 4): [*wanting, *["task.overdue"] * 3],
        date(2027, 1, 15): wanting,
    }


def test_as_many_queries_however_many_centers(app: Flask, clock: Clock, here: Scene) -> None:
    def count(limit: int) -> int:
        db.session.rollback()
        centers = list(db.session.scalars(sa.select(Center).order_by(Center.id).limit(limit)))
        with statements() as few:
            year_facts(centers, 2026, product_clock.today())
            list_records(here.commission, product_clock.today())
        return len(few)

    few = count(2)
    many_centers(40, here.host.organization_id)
    assert count(42) == few
    assert db.session.scalar(sa.select(sa.func.count(AnnualDocument.id))) == 0
