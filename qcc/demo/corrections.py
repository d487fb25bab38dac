"""What follows in the demo from the last assessment: one center is under rectification; and a case
of prohibited conduct that was not founded."""

from datetime import date, timedelta

import sqlalchemy as sa

from qcc.demo.acts import at, do
from qcc.demo.panels import desk
from qcc.evaluations.models import Assessment, Violation
from qcc.evaluations.services import ordering, violation_decisions, violations
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.services.violations import Report
from qcc.evaluations.workflow import AssessmentState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role

ACCOUNT = "有人反映该中心在年度培训会上推介某公司产品（演示）。"
FINDINGS = "调取会议通知、议程和录像，走访参会人员，未发现推介产品（演示）。"
ALLEGATION = "据反映，你中心在年度培训会上推介某公司产品（演示）。"
STATEMENT = "培训会由挂靠单位出资，会场无企业展台，课件已附（演示）。"
REASON = "经调查并听取陈述，未发现以“中心”名义为企业推介产品（演示）。"

SERIOUS = 3
"""So many items, those where most points were lost, are to be put right."""


def load_rectification(evaluation: Actor, center_id: int) -> None:
    """The order after the failed result of a center; its plan is awaited."""
    today = clock.today()
    code, final_on = do(lambda: _failed(center_id))
    with at(max(final_on, today - timedelta(days=40))):
        terms = OrderTerms(
            "年度考核不达标，责令限期整改（演示）。", today + timedelta(days=50), _wants(code)
        )
        do(ordering.order_after, evaluation, code, terms)


def _failed(center_id: int) -> tuple[str, date]:
    found = sa.select(Assessment.code, Assessment.final_on).filter_by(
        center_id=center_id, state=AssessmentState.FINAL
    )
    code, final_on = db.session.execute(found).one()
    return code, final_on or clock.today()


def _wants(code: str) -> list[Want]:
    """The items where most was lost, and what is wanted there."""
    assessment = db.session.scalars(sa.select(Assessment).filter_by(code=code)).one()
    worst = sorted(ordering.lost_items(assessment), key=lambda want: -float(want.lost))[:SERIOUS]
    words = "对照评分标准补齐缺项，健全台账，落实到人（演示）。"
    return [Want(words, want.item, want.title, want.lost) for want in worst]


def load_violation(by: tuple[Actor, Actor, Actor], center_id: int) -> None:
    """A case from the report to the decision: who reports, investigates, decides."""
    reporter, investigator, commission = by
    today = clock.today()
    with at(today - timedelta(days=90)):
        report = Report("product_promotion", clock.today(), ACCOUNT)
        code = do(lambda: violations.report_violation(reporter, center_id, report).code)
        do(violations.take_up, investigator, code, _version(code))
        do(violations.write_findings, investigator, code, _version(code), FINDINGS, ALLEGATION)
        until = clock.today() + timedelta(days=10)
        do(violations.hear, investigator, code, _version(code), until)
    with at(today - timedelta(days=84)):
        director = desk(Role.CENTER_DIRECTOR, center_id)
        do(violations.give_statement, director, code, _version(code), STATEMENT)
    with at(today - timedelta(days=70)):
        do(violation_decisions.dismiss, commission, code, _version(code), REASON)


def _version(code: str) -> int:
    return db.session.scalars(sa.select(Violation.version).filter_by(code=code)).one()
