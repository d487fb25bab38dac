"""Centers × months of a year, as a page and as a table for Excel."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import render_template, request, send_file

from qcc.infra import audit, clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.spreadsheets.export import write_table
from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.templating import LABELS, PAGE, label, page_of
from qcc.kernel.permissions import Permission as P
from qcc.meetings.queries import ComplianceRow, get_compliance
from qcc.meetings.rules.compliance import MonthState
from qcc.meetings.views.blueprint import Answer, bp

MONTHS = range(1, 13)
FIRST_YEAR = 2021
"""The year of the Measures: nothing is asked of earlier ones."""


def _year() -> int:
    this = clock.today().year
    chosen = request.values.get("year", this, type=int)
    return chosen if FIRST_YEAR <= chosen <= this else this


def _totals(rows: Sequence[ComplianceRow]) -> list[str]:
    """For each month, how many of the centers that owed a meeting held one: 3/4."""
    found = []
    for at in range(12):
        owed = [row.months[at] for row in rows if row.months[at] is not MonthState.NOT_DUE]
        held = sum(state is not MonthState.MISSED for state in owed)
        found.append(f"{held}/{len(owed)}" if owed else "—")
    return found


@bp.get("/meetings/compliance")
@requires(P.MEETING_VIEW)
def compliance() -> Answer:
    """Who met in which month of the year."""
    year, after = _year(), listing.after()
    rows = get_compliance(current_actor(), year, clock.today(), after=after, limit=PAGE + 1)
    page = page_of(rows, after)
    return render_template("meetings/compliance.html", **_shown(year, page))


def _shown(year: int, page: Any) -> dict[str, Any]:
    return {
        "page": page,
        "year": year,
        "years": range(clock.today().year, FIRST_YEAR - 1, -1),
        "months": MONTHS,
        "shown": {state: LABELS[state] for state in MonthState},
        "missed": (MonthState.MISSED, MonthState.MINUTES_MISSING),
        "totals": _totals(page.rows),
    }


@bp.post("/meetings/compliance/export")
@requires(P.MEETING_VIEW)
def export_compliance() -> Answer:
    """The same for Excel, all centers; the export is in the audit."""
    actor, year = current_actor(), _year()
    with transaction():
        rows = get_compliance(actor, year, clock.today())
        audit.record(actor, "meeting.compliance_exported", "year", year, {"centers": len(rows)})
    head = ["中心", *(f"{month}月" for month in MONTHS), "未召开", "缺纪要"]
    table: list[list[CellValue]] = [
        [
            row.name,
            *(label(state) for state in row.months),
            row.count(MonthState.MISSED),
            row.count(MonthState.MINUTES_MISSING),
        ]
        for row in rows
    ]
    data = write_table(f"{year}年调度会召开情况", head, table)
    return send_file(
        BytesIO(data),
        mimetype=MEDIA_TYPES["xlsx"],
        as_attachment=True,
        download_name=f"{year}年调度会召开情况.xlsx",
    )
