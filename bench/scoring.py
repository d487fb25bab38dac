"""Scoring: the whole province in one round, 64 centers by 19 items by 5 assessors, on both
databases.

Every assessor gives points item by item across all centers, as on the sheet, through the service
that checks, writes and records them; beside it the same rows are written bare, many at a time.
Then the results are read and calculated, beside the same calculation when all marks are in memory.
The pages of the round make as many queries for 64 centers as for 8.
"""

import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa

from bench.counting import count_queries
from bench.databases import Province, built_province, servers
from bench.province import Size
from bench.province.bodies import PROVINCE
from bench.report import Table
from bench.signed_in import sign_in
from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Assessment, ItemScore, Round, RoundAssessor
from qcc.evaluations.queries import list_assessments_of_round, list_scores
from qcc.evaluations.rules.scoring import Grade
from qcc.evaluations.services import planning, running, scoring
from qcc.evaluations.services.planning import RoundPlan
from qcc.evaluations.services.running import result_of, results_of
from qcc.evaluations.workflow import AssessmentState
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind
from qcc.regulations.rubrics import get_rubric
from tests.factories.centers import new_actor

CALCULATION = 5.0
"""Reading and calculating takes at most so many times as long as calculating alone."""

GROWTH = 1.5
"""A cell costs at most so many times as much among 64 centers as among 8."""

HEADINGS = (
    "centers",
    "cells",
    "cells/s",
    "bare",
    "share",
    "results ms",
    "bare ms",
    "ratio",
    "limit ",
    "publish s",
    "queries",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many centers at first and in the end, how many assessors, whether the speed counts."""

    few: int
    many: int
    assessors: int
    rounds: int
    judged: bool


WHOLE = Plan(few=8, many=64, assessors=5, rounds=7, judged=True)
QUICK = Plan(few=2, many=4, assessors=2, rounds=1, judged=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a round came to: seconds for a cell, how many times the bare calculation, queries."""

    cell: float
    ratio: float
    queries: tuple[int, ...]


def run(quick: bool, only: str = "") -> bool:
    """Measure and print; whether every limit is kept."""
    plan = QUICK if quick else WHOLE
    kept = [_run_on(engine, plan) for engine in ("postgresql", "sqlite") if only in engine]
    return all(kept)


def _run_on(engine: str, plan: Plan) -> bool:
    print(f"\n### Scoring on {engine}\n", flush=True)
    table = Table(HEADINGS)
    size = Size(centers=plan.many, institutions=60, applications=plan.many * 2)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qcc-bench-")))
        server = stack.enter_context(servers(engine, folder))
        province = stack.enter_context(built_province(server, size, folder))
        few = _measure(province, plan.few, plan, table, years_ago=1)
        many = _measure(province, plan.many, plan, table)
    if few.queries != many.queries:
        print(f"FAILED: {few.queries} queries for few centers, {many.queries} for many.")
    growth = many.cell / few.cell
    print(f"\nA cell costs {growth:.2f} times as much among many (limit {GROWTH}).")
    is_fast = growth <= GROWTH and max(few.ratio, many.ratio) <= CALCULATION
    return few.queries == many.queries and (is_fast or not plan.judged)


def _measure(
    province: Province, centers: int, plan: Plan, table: Table, years_ago: int = 0
) -> Found:
    """A round over so many centers, from its plan to its results."""
    with province.app.app_context():
        office, assessors, code = _scoring(centers, plan.assessors, clock.today().year - years_ago)
        seconds, cells = _score(assessors, code)
        bare = _score_bare(code)
        pairs = [_calculate(code) for _ in range(plan.rounds)]
        engine, center = db.engine, db.session.scalars(_assessments(code)).first()
        db.session.remove()
    queries = _queries(province, engine, code, center or "", office, assessors[0])
    with province.app.app_context():
        published = _seconds_to_publish(office, code)
        db.session.remove()
        db.engine.dispose()
    both, alone = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for b, a in pairs)
    missed = " MISSED" if plan.judged and ratio > CALCULATION else ""
    table.row(
        [
            str(centers),
            str(cells),
            f"{cells / seconds:.0f}",
            f"{cells / bare:.0f}",
            f"{bare / seconds:.0%}",
            f"{both * 1000:.0f}",
            f"{alone * 1000:.0f}",
            f"{ratio:.1f}",
            f"≤ {CALCULATION:.0f}{missed}",
            f"{published:.2f}",
            "/".join(map(str, queries)),
        ]
    )
    return Found(seconds / cells, ratio, queries)


def _scoring(centers: int, assessors: int, year: int) -> tuple[Actor, list[Actor], str]:
    """A round in which so many centers are being scored; who runs it, who scores, its code."""
    today = clock.today()
    with transaction():
        _set_to_work(centers)
        office = db.session.scalars(
            sa.select(Organization).filter_by(
                kind=OrganizationKind.EVALUATION_CENTER, place=PROVINCE
            )
        ).one()
        commission = db.session.scalars(
            sa.select(Organization).filter_by(kind=OrganizationKind.COMMISSION, place=PROVINCE)
        ).one()
        organizer = new_actor(office, Role.EVALUATION_OFFICER)
        officer = new_actor(commission, Role.COMMISSION_OFFICER)
        seated = [new_actor(office, Role.EVALUATION_OFFICER) for _ in range(assessors)]
        days = today, today + timedelta(days=1), today + timedelta(days=2)
        plan = RoundPlan(year, f"{centers}个中心的考核", None, *days)
        code = planning.plan_round(organizer, plan).code
        for each in seated:
            planning.seat_assessor(organizer, code, each.person_id)
    grades = [Grade("优秀", Decimal(90)), Grade("良好", Decimal(75))]
    with transaction():
        planning.set_scale(officer, code, _version(code), Decimal(60), grades)
    with transaction():
        running.open_round(organizer, code, _version(code))
    with transaction() as session:
        session.execute(
            sa.update(Assessment)
            .where(Assessment.code.in_(_assessments(code)))
            .values(state=AssessmentState.SUBMITTED, submitted_at=clock.now())
        )
    with transaction():
        running.start_scoring(organizer, code, _version(code))
    return organizer, seated, code


def _set_to_work(centers: int) -> None:
    """So many centers of the province have a host, and no others."""
    hosts = db.session.scalars(
        sa.select(Organization.id).filter_by(kind=OrganizationKind.INSTITUTION).limit(1)
    ).one()
    hosted = set(db.session.scalars(sa.select(Hosting.center_id).filter_by(ended_on=None)))
    keys = db.session.scalars(
        sa.select(Center.id).filter_by(place=PROVINCE).order_by(Center.id)
    ).all()
    for number, key in enumerate(keys):
        state = CenterState.ESTABLISHED if number < centers else CenterState.VACANT
        db.session.execute(sa.update(Center).filter_by(id=key).values(state=state))
        if number < centers and key not in hosted:
            db.session.add(
                Hosting(
                    center_id=key,
                    institution_id=hosts,
                    started_on=date(2022, 3, 1),
                    rulebook_version="",
                )
            )


def _version(code: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Round.version).filter_by(code=code)).one()


def _assessments(code: str) -> sa.Select[str]:
    return (
        sa.select(Assessment.code)
        .join(Round, Round.id == Assessment.round_id)
        .where(Round.code == code)
        .order_by(Assessment.id)
    )


def _score(assessors: Sequence[Actor], code: str) -> tuple[float, int]:
    """Everybody scores item by item across all centers, and lodges; seconds and cells."""
    centers = db.session.scalars(_assessments(code)).all()
    db.session.rollback()
    cells, began = 0, perf_counter()
    for number, assessor in enumerate(assessors):
        for item in get_rubric("zhejiang-annual").items:
            points = item.points * (95 - 5 * number) / 100
            given = {(center, item.code): (points, "据实评分") for center in centers}
            with transaction():
                cells += scoring.save_scores(assessor, code, given)
    seconds = perf_counter() - began
    for assessor in assessors:
        with transaction():
            scoring.lodge(assessor, code)
    return seconds, cells


def _score_bare(code: str) -> float:
    """The same rows written again, item by item, and taken back; seconds."""
    rows = db.session.execute(
        sa.select(ItemScore)
        .join(RoundAssessor, RoundAssessor.id == ItemScore.assessor_id)
        .join(Round, Round.id == RoundAssessor.round_id)
        .where(Round.code == code)
        .order_by(ItemScore.id)
    ).scalars()
    columns = ("assessment_id", "assessor_id", "item", "points", "remark", "saved_at")
    batches: dict[tuple[int, str], list[dict[str, object]]] = {}
    for row in rows:
        batch = batches.setdefault((row.assessor_id, row.item), [])
        batch.append({name: getattr(row, name) for name in columns})
    db.session.rollback()
    table = sa.Table("bare_scores", sa.MetaData(), *(_copy(name) for name in columns))
    with db.engine.begin() as connection:
        table.create(connection)
    began = perf_counter()
    for batch in batches.values():
        with db.engine.begin() as connection:
            connection.execute(sa.insert(table), batch)
    seconds = perf_counter() - began
    with db.engine.begin() as connection:
        table.drop(connection)
    return seconds


def _copy(name: str) -> sa.Column[object]:
    column = ItemScore.__table__.columns[name]
    return sa.Column(name, column.type, nullable=column.nullable)


def _calculate(code: str) -> tuple[float, float]:
    """Seconds to read and calculate all results, and to calculate them alone."""
    round_ = db.session.scalars(sa.select(Round).filter_by(code=code)).one()
    assessments, rubric = list_assessments_of_round(round_.id), get_rubric(round_.rubric_id)
    marks = list_scores(round_)
    began = perf_counter()
    for each in assessments:
        result_of(round_, rubric, each, replace(marks[each.id]))
    alone = perf_counter() - began
    began = perf_counter()
    found = results_of(round_, assessments)
    both = perf_counter() - began
    if any(result.total is None for result in found.values()):
        raise RuntimeError("a center has no total")
    db.session.rollback()
    return both, alone


def _queries(
    province: Province, engine: sa.Engine, code: str, center: str, office: Actor, assessor: Actor
) -> tuple[int, ...]:
    """Of the round, of one center in it, and of the board; of an assessor's sheets, whole, by item
    and by center. Outside of any context, for each request must find its own reader."""
    app, item = province.app, next(get_rubric("zhejiang-annual").items).code
    organizer = sign_in(app, office.role, office.organization_id, office.person_id)
    seated = sign_in(app, assessor.role, assessor.organization_id, assessor.person_id)
    paths = {
        f"/rounds/{code}": organizer,
        f"/assessments/{center}": organizer,
        "/assessment-board": organizer,
        f"/rounds/{code}/sheet": seated,
        f"/rounds/{code}/items/{item}": seated,
        f"/rounds/{code}/centers/{center}": seated,
    }
    return tuple(count_queries(app, engine, [path], cookie) for path, cookie in paths.items())


def _seconds_to_publish(office: Actor, code: str) -> float:
    version, began = _version(code), perf_counter()
    with transaction():
        running.publish(office, code, version)
    return perf_counter() - began
