"""Yearly documents, assigned tasks, internal rules, a visit and annual reports at the center of a
place."""

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from qcc.demo.acts import do, evidence_pdf
from qcc.evaluations.models import AnnualReport
from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind
from qcc.evaluations.services import records, reporting, tasks
from qcc.evaluations.services.records import Edition, VisitReport
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from tests.factories import documents as make


@dataclass
class Documented:
    """What can be named in an address or a form."""

    documents: dict[str, str] = field(default_factory=dict)
    document_versions: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    task_versions: dict[str, int] = field(default_factory=dict)
    center: int = 0
    rule: int = 0
    visit: int = 0
    reports: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)


def document(commission: Actor, director: Actor, secretary: Actor, center: int) -> Documented:
    """All of them: the summary is handed in, the plan is written; of two tasks one is reported."""
    made, today = Documented(center=center), clock.today()
    made.documents = {
        "submitted": make.submitted(director, DocumentKind.SUMMARY, today.year),
        "draft": make.written(secretary, DocumentKind.NEXT_PLAN, today.year),
    }
    for name in ("assigned", "reported"):
        made.tasks[name] = make.assigned(commission, today, center)[0]
    pdf, code = evidence_pdf(), made.tasks["reported"]
    do(tasks.report_task, secretary, code, make.task(code).version, "已报送", pdf, "汇总.pdf")
    edition = Edition(InternalRuleKind.FUNDS, "经费管理办法", today, today + timedelta(days=365))
    made.rule = do(
        lambda: records.record_internal_rule(secretary, center, edition, pdf, "办法.pdf").id
    )
    visit = VisitReport(today, "王某", "台账齐全。")
    made.visit = do(lambda: records.record_visit(commission, center, visit, pdf, "记录.pdf").id)
    _report(made, commission, center)
    for state, key in made.documents.items():
        made.document_versions[state] = make.document(key).version
    for state, key in made.tasks.items():
        made.task_versions[state] = make.task(key).version
    return made


def _report(made: Documented, commission: Actor, center: int) -> None:
    """One report is made, another failed; of two batches one is packed."""
    today, pdf = clock.today(), evidence_pdf()
    for name in (
        "made",
        "failed",
    ):  # one after the other: what is being made is not asked for twice
        code = do(lambda: reporting.ask_for_report(commission, center, today.year).code)
        made.reports[name] = code
        if name == "made":
            do(reporting.keep_report, commission, {"code": code}, pdf)
    for name in ("packed", "failed"):
        made.batches[name] = do(lambda: reporting.ask_for_batch(commission, today.year).code)
    do(reporting.keep_pack, commission, {"code": made.batches["packed"]}, b"PK")
    do(_lose, [made.reports["failed"]], made.batches["failed"])


def _lose(reports: list[str], batch: str) -> None:
    """Tasks that were given up long ago are gone."""
    lost = AnnualReport.code.in_(reports) | AnnualReport.batch.has(code=batch)
    db.session.execute(sa.update(AnnualReport).where(lost).values(task_id=None))
