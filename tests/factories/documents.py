"""Yearly documents and assigned tasks for tests, made by the services of the product."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.evaluations.models import AnnualDocument, CenterTask
from qcc.evaluations.rules.documents import SECTIONS, DocumentKind
from qcc.evaluations.services import documents, tasks
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from tests.factories.applications import do

ROWS: dict[str, dict[str, str]] = {
    "figures": {"name": "质控检查", "value": "12", "unit": "次"},
    "budget": {"name": "培训", "planned": "100000.00", "spent": "98000.00"},
    "items": {"what": "开展全省督导", "owner": "秘书", "month": "3"},
}


def content_of(name: str) -> dict[str, Any]:
    """Something sound in a section."""
    return {"rows": [ROWS[name]]} if name in ROWS else {"text": "按年度目标推进，均已落实。"}


def begun(writer: Actor, kind: DocumentKind, year: int) -> str:
    """A draft with nothing in it; its code."""
    return do(lambda: documents.begin_document(writer, kind, year).code)


def written(writer: Actor, kind: DocumentKind, year: int) -> str:
    """A draft whose sections are all written."""
    code = begun(writer, kind, year)
    for part in SECTIONS[kind]:
        content = content_of(part.name)
        do(lambda n=part.name, c=content: documents.save_section(writer, code, n, 0, c))
    return code


def document(code: str) -> AnnualDocument:
    """As it stands now."""
    db.session.rollback()
    found = sa.select(AnnualDocument).filter_by(code=code)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def submitted(director: Actor, kind: DocumentKind, year: int) -> str:
    """Handed in now."""
    code = written(director, kind, year)
    version = document(code).version
    do(lambda: documents.submit_document(director, code, version))
    return code


def assigned(commission: Actor, due_on: date, *center_ids: int) -> list[str]:
    """A task at each of the centers; their codes in that order."""
    words = ("报送半年质控数据", "按附表汇总后报送。")
    key = do(lambda: tasks.assign_task(commission, *words, due_on, center_ids).id)
    rows = db.session.execute(
        sa.select(CenterTask.center_id, CenterTask.code).filter_by(task_id=key)
    )
    codes: dict[int, str] = {row.center_id: row.code for row in rows}
    return [codes[key] for key in center_ids]


def task(code: str) -> CenterTask:
    """As it stands now."""
    db.session.rollback()
    found = sa.select(CenterTask).filter_by(code=code)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def reported(center: Actor, code: str) -> None:
    """The center says what it did."""
    version = task(code).version
    do(lambda: tasks.report_task(center, code, version, "已按时报送。"))
