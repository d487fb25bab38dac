"""Organizations from a workbook: first what each row would do, then all of it or nothing.

The same judgement is made when the workbook is shown and when it is written; if the two differ,
because something was changed between them, nothing is written and the new judgement is shown.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from qcc.infra import audit
from qcc.infra.constraints import refusing
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.spreadsheets.table import Table
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization
from qcc.organizations.queries import list_holders_of
from qcc.organizations.services.judging import Judge, Judgement, Verdict
from qcc.organizations.services.organizations import TAKEN, snapshot, write
from qcc.organizations.sheet import read_rows


@dataclass(frozen=True)
class ImportPlan:
    """What a workbook would do, row by row; *head_row* is where its titles stand."""

    rows: Sequence[Judgement]
    head_row: int

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows there are of each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def can_be_written(self) -> bool:
        """Whether nothing is wrong and there is something to do."""
        counts = self.counts
        return not counts[Verdict.WRONG] and bool(counts[Verdict.NEW] + counts[Verdict.CHANGED])

    @cached_property
    def digest(self) -> str:
        """A mark of everything the plan says, by which a confirmation names it."""
        said = [
            (
                row.number,
                row.verdict.value,
                row.target.id if row.target else None,
                row.values,
                row.parent,
                [(change.title, change.old, change.new) for change in row.changes],
            )
            for row in self.rows
        ]
        return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def marks(self) -> dict[str, str]:
        """The faults by cell, for the workbook that is handed back."""
        found: dict[str, str] = {}
        for row in self.rows:
            for fault in row.faults:
                told = found.get(fault.address)
                found[fault.address] = f"{told} {fault.message}" if told else str(fault.message)
        return found


class PlanChanged(Exception):
    """What was confirmed is no longer what would be done; *plan* is what would be done now."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("the plan changed since it was shown")
        self.plan = plan


def judge_import(actor: Actor, table: Table, *, lock: bool = False) -> ImportPlan:
    """What the workbook would do. Writes nothing."""
    rows = read_rows(table)
    judge = Judge(actor, rows, lock=lock)
    judged = [judge.judge(row) for row in rows]
    judge.blame_circles(judged)
    return ImportPlan(judged, table.head_row)


def import_organizations(
    actor: Actor, table: Table, digest: str, file_id: int
) -> Mapping[Verdict, int]:
    """Write what was confirmed by *digest*, all of it; returns the counts.

    Raises PlanChanged, or Refused where something is wrong or nothing is to be done.
    """
    plan = judge_import(actor, table, lock=True)
    if plan.digest != digest:
        raise PlanChanged(plan)
    if not plan.can_be_written:
        raise Refused(_l("Nothing was written: there are faults, or nothing is to be changed."))
    for event, organization, detail in _write_all(plan):
        audit.record(actor, event, "organization", organization.id, detail)
    counts = {verdict.value: number for verdict, number in plan.counts.items()}
    audit.record(actor, "organizations.imported", "file", file_id, counts)
    return plan.counts


def _write_all(plan: ImportPlan) -> list[tuple[str, Organization, dict[str, Any]]]:
    """Write every row that does something; the events that tell it."""
    rows = [row for row in plan.rows if row.verdict in (Verdict.NEW, Verdict.CHANGED)]
    before = [snapshot(row.target) if row.target else None for row in rows]
    with refusing(TAKEN):
        written = {row.name: _write_row(row) for row in rows}
        db.session.flush()
        _set_parents(rows, written)
    events = []
    for row, old in zip(rows, before, strict=True):
        organization = written[row.name]
        event = "organization.edited" if old else "organization.added"
        after = {"after": snapshot(organization)}
        events.append((event, organization, {"before": old, **after} if old else after))
    return events


def _write_row(row: Judgement) -> Organization:
    organization = row.target or Organization(kind=row.kind, former_names=[])
    with db.session.no_autoflush:
        write(organization, row.values)
        db.session.add(organization)
    return organization


def _set_parents(rows: Sequence[Judgement], written: Mapping[str, Organization]) -> None:
    """Parents come last: some are only made by another row."""
    missing = {row.parent for row in rows if row.parent} - set(written)
    known = {holder.name: holder for holder in list_holders_of(missing, [])}
    for row in rows:
        if row.parent:
            written[row.name].parent_id = (written.get(row.parent) or known[row.parent]).id
