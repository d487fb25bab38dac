"""The yearly assessment of the demo: the last one is final, and one center has its first strike."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.demo.acts import at, do, evidence_pdf, sitting
from qcc.demo.panels import desk
from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.queries import list_assessments_of_round
from qcc.evaluations.rules.scoring import Grade
from qcc.evaluations.services import accounts, appealing, planning, running, scoring
from qcc.evaluations.services.planning import RoundPlan
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.regulations.rubrics import get_rubric

GRADES = (Grade("优秀", Decimal(90)), Grade("良好", Decimal(75)), Grade("合格", Decimal(60)))
FAILED = "0.54"
REMARK = "（演示）据提交的材料评分。"


def load_assessments(
    by: tuple[Actor, Actor], assessor: Actor, center_id: int, failed: Collection[int]
) -> None:
    """The round of last year, from its plan to final results; *center_id* gave its account, and
    *failed* did not pass."""
    commission, evaluation = by
    year = last_assessed(clock.today())
    begins = date(year + 1, 1, 5)
    with at(begins):
        code = do(lambda: planning.plan_round(evaluation, _plan(year, begins)).code)
        do(planning.seat_assessor, evaluation, code, assessor.person_id)
        do(planning.set_scale, commission, code, _version(code), Decimal(60), GRADES)
        do(running.open_round, evaluation, code, _version(code))
    with at(begins + timedelta(days=9)):
        own = do(lambda: _own(code, center_id))
        _write(desk(Role.CENTER_SECRETARY, center_id), own)
        director = desk(Role.CENTER_DIRECTOR, center_id)
        do(lambda: accounts.submit_account(director, own, _own_version(own)))
    with at(begins + timedelta(days=16)):
        do(running.start_scoring, evaluation, code, _version(code))
        do(_score, assessor, code, failed)
        do(scoring.lodge, assessor, code)
    with at(begins + timedelta(days=30)):
        do(running.publish, evaluation, code, _version(code))
    with at(begins + timedelta(days=50)):
        do(appealing.finalize_all, clock.today())


def last_assessed(today: date) -> int:
    """The last year whose assessment can be over."""
    return today.year - (1 if today >= date(today.year, 3, 15) else 2)


def _plan(year: int, begins: date) -> RoundPlan:
    return RoundPlan(
        year,
        f"{year}年度省级质控中心考核（演示）",
        None,
        begins,
        begins + timedelta(days=15),
        begins + timedelta(days=25),
    )


def _version(code: str) -> int:
    return db.session.scalars(sa.select(Round.version).filter_by(code=code)).one()


def _own_version(code: str) -> int:
    return db.session.scalars(sa.select(Assessment.version).filter_by(code=code)).one()


def _own(code: str, center_id: int) -> str:
    found = sa.select(Assessment.code).join(Assessment.round).where(Round.code == code)
    return db.session.scalars(found.where(Assessment.center_id == center_id)).one()


def _write(secretary: Actor, code: str) -> None:
    """One file that proves everything, as far as a demonstration goes."""
    data, first = evidence_pdf(), None
    with sitting():
        for group in get_rubric("zhejiang-annual").groups:
            for item in group.items if not group.is_bonus else ():
                for slot in item.evidence:
                    if first is None:
                        piece = accounts.attach(secretary, code, item.code, slot, data, "材料.pdf")
                        first = piece.id
                    else:
                        accounts.reuse(secretary, code, item.code, slot, first)


def _score(assessor: Actor, code: str, failed: Collection[int]) -> None:
    round_ = db.session.scalars(sa.select(Round).filter_by(code=code)).one()
    items = [
        (item, group.is_bonus)
        for group in get_rubric("zhejiang-annual").groups
        for item in group.items
    ]
    given = {}
    for number, each in enumerate(list_assessments_of_round(round_.id)):
        share = Decimal(FAILED) if each.center_id in failed else Decimal(92 - 4 * number) / 100
        for item, is_bonus in items:
            points = Decimal(0) if is_bonus else (item.points * share).quantize(Decimal("0.01"))
            given[each.code, item.code] = (points, REMARK)
    scoring.save_scores(assessor, code, given)
