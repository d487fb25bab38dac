"""Work of organizations for a worker: writing large workbooks."""

from collections.abc import Mapping
from typing import Any

from qcc.infra import files
from qcc.infra.errors import Refused
from qcc.infra.i18n import _, _l
from qcc.infra.queue import Outcome, Progress, TaskKind
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.infra.spreadsheets.table import Table
from qcc.kernel.permissions import Actor
from qcc.organizations.queries import get_import_file
from qcc.organizations.services import PlanChanged, Verdict, import_organizations, judge_import
from qcc.organizations.sheet import read_table_of


def read_workbook(actor: Actor, params: Mapping[str, Any], tell: Progress) -> Table:
    """The workbook that was confirmed, read again; it still has to mean the same."""
    stored = get_import_file(actor, params["file_id"])
    try:
        table = read_table_of(files.read(stored))
    except SpreadsheetRefused as refusal:
        raise Refused(describe(refusal)) from refusal
    count = len(table.rows)
    tell(count // 4, count)
    if judge_import(actor, table).digest != params["digest"]:
        raise Refused(_changed())
    tell(count // 2, count)
    return table


def _changed() -> object:
    return _l(
        "Things have changed since the file was shown. Nothing was written: look at it again."
    )


def write_rows(actor: Actor, params: Mapping[str, Any], table: Table) -> Outcome:
    """All rows, or none."""
    try:
        counts = import_organizations(actor, table, params["digest"], params["file_id"])
    except PlanChanged:
        raise Refused(_changed()) from None
    said = _(
        "New: %(new)s, changed: %(changed)s",
        new=counts[Verdict.NEW],
        changed=counts[Verdict.CHANGED],
    )
    return Outcome(str(said), link="/organizations")


IMPORT = "organizations.import"
TASKS = (TaskKind(IMPORT, read_workbook, write_rows, _l("Import of organizations")),)
