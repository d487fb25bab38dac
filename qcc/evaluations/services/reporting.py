"""Annual reports of centers: asked for alone or for all centers in scope, made by the queue, kept
with their hash, packed once a batch is whole."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from qcc.centers.models import Center
from qcc.evaluations.models import AnnualReport, ReportBatch
from qcc.evaluations.queries.reports import (
    count_unmade,
    find_unmade,
    get_batch,
    get_report,
    get_reported_center,
    list_batch_reports,
    list_reportable_centers,
    lock_batch,
    lock_report,
)
from qcc.infra import audit, clock, files, queue
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _l
from qcc.infra.queue import Outcome, TaskState
from qcc.kernel.permissions import Actor

MAKE, PACK = "evaluations.annual_report", "evaluations.pack_reports"
MAKE_PART = "evaluations.annual_report_of_batch"
FIRST_YEAR = 2021
"""The year of the Measures."""

MOST_IN_BATCH = 3000
UNDER_WAY = frozenset({TaskState.WAITING, TaskState.RUNNING})


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Refused(_l("There is no report of this year."), "year")


def ask_for_report(actor: Actor, center_id: int, year: int) -> AnnualReport:
    """Have the report of one center made; one that is being made for the same person is not asked
    for twice."""
    center = get_reported_center(actor, center_id)
    _require_year(year)
    last = find_unmade(actor, center.id, year)
    if last is not None and last.state in UNDER_WAY:
        return last
    report = _new(actor, center, year)
    _ask(actor, report, MAKE)
    audit.record(
        actor,
        "annual_report.asked",
        "annual_report",
        report.id,
        {"center": center.id, "year": year},
    )
    return report


def _new(actor: Actor, center: Center, year: int, batch: ReportBatch | None = None) -> AnnualReport:
    report = AnnualReport(
        center_id=center.id,
        center=center,
        year=year,
        batch=batch,
        asked_at=clock.now(),
        asked_by=actor.person_id,
    )
    db.session.add(report)
    db.session.flush()
    return report


def _ask(actor: Actor, report: AnnualReport, name: str) -> None:
    about = f"{report.center.name} {report.year}"
    report.task = queue.ask(actor, name, {"code": report.code}, about)
    db.session.flush()


def ask_for_batch(actor: Actor, year: int, *, all_levels: bool = False) -> ReportBatch:
    """Have the reports of all centers in scope made, each by a task of its own, so that as many
    workers as there are share them."""
    _require_year(year)
    centers = list_reportable_centers(actor, year, all_levels=all_levels)
    if not centers:
        raise Refused(_l("No center in your scope had a host in this year."), "year")
    if len(centers) > MOST_IN_BATCH:
        raise Refused(_l("These are too many centers for one batch."), "year")
    batch = ReportBatch(
        organization_id=actor.organization_id,
        year=year,
        all_levels=all_levels,
        total=len(centers),
        asked_at=clock.now(),
        asked_by=actor.person_id,
    )
    db.session.add(batch)
    db.session.flush()
    for center in centers:
        _ask(actor, _new(actor, center, year, batch), MAKE_PART)
    detail = {"year": year, "centers": len(centers), "all_levels": all_levels}
    audit.record(actor, "report_batch.asked", "report_batch", batch.id, detail)
    return batch


def ask_again(actor: Actor, code: str) -> AnnualReport:
    """Have a report that failed made again."""
    report = lock_report(actor, code)
    if report.state is not TaskState.FAILED:
        raise Refused(_l("Only a report that could not be made is made again."))
    if report.batch is not None:
        get_batch(actor, report.batch.code)
    _ask(actor, report, MAKE_PART if report.batch_id else MAKE)
    return report


def ask_failed_again(actor: Actor, code: str) -> int:
    """Have all reports of a batch that failed made again; how many."""
    batch = lock_batch(get_batch(actor, code).id)
    failed = [r for r in list_batch_reports(batch.id) if r.state is TaskState.FAILED]
    for report in failed:
        _ask(actor, report, MAKE_PART)
    return len(failed)


# --- what the worker does ---


def keep_report(actor: Actor, params: Mapping[str, Any], data: bytes) -> Outcome:
    """The file is there; with the last one of a batch the packing is asked for."""
    report = lock_report(actor, params["code"])
    link = f"/annual-reports/{report.code}"
    if report.file_id is not None:
        return Outcome(link=link)
    name = f"{report.center.name}{report.year}年度报告.pdf"
    report.file = files.keep(data, name, "pdf", actor.organization_id, actor.user_id)
    report.made_at = clock.now()
    db.session.flush()
    detail = {"center": report.center_id, "year": report.year, "sha256": report.file.sha256}
    audit.record(actor, "annual_report.made", "annual_report", report.id, detail)
    if report.batch_id is not None and not count_unmade(report.batch_id):
        _ask_to_pack(actor, lock_batch(report.batch_id))
    return Outcome(link=link)


def _ask_to_pack(actor: Actor, batch: ReportBatch) -> None:
    if batch.task is None or batch.task.state not in UNDER_WAY:
        batch.task = queue.ask(actor, PACK, {"code": batch.code}, str(batch.year))
        db.session.flush()


def ask_to_pack(actor: Actor, code: str) -> ReportBatch:
    """Have what was made packed, though some could not be made."""
    batch = lock_batch(get_batch(actor, code).id)
    if count_unmade(batch.id) == batch.total:
        raise Refused(_l("None of the reports is made yet."))
    _ask_to_pack(actor, batch)
    return batch


def pack(actor: Actor, code: str) -> bytes:
    """All made reports of a batch as a zip, with a list of their hashes."""
    batch = get_batch(actor, code)
    target, lines = io.BytesIO(), []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for at, report in enumerate(list_batch_reports(batch.id), start=1):
            if report.file is None:
                continue
            name = f"{at:03d}-{report.file.name}"
            moment = clock.now().timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(name, moment), files.read(report.file))
            lines.append(f"{report.file.sha256}  {name}")
        archive.writestr("SHA256SUMS.txt", "\n".join(lines) + "\n")
    return target.getvalue()


def keep_pack(actor: Actor, params: Mapping[str, Any], data: bytes) -> Outcome:
    """The packed reports of a batch."""
    batch = lock_batch(get_batch(actor, params["code"]).id)
    name = f"{batch.year}年度报告（{batch.total}个中心）.zip"
    batch.file = files.keep(data, name, "zip", actor.organization_id, actor.user_id)
    db.session.flush()
    detail = {"year": batch.year, "sha256": batch.file.sha256}
    audit.record(actor, "report_batch.packed", "report_batch", batch.id, detail)
    return Outcome(link=f"/annual-reports/batches/{batch.code}")


# --- taking it out ---


def read_report(actor: Actor, code: str) -> tuple[StoredFile, bytes]:
    """The file of a report; that it was taken is on record."""
    report = get_report(actor, code)
    return _read(actor, "annual_report", report.id, report.file)


def read_pack(actor: Actor, code: str) -> tuple[StoredFile, bytes]:
    """The packed reports of a batch; that they were taken is on record."""
    batch = get_batch(actor, code)
    return _read(actor, "report_batch", batch.id, batch.file)


def _read(
    actor: Actor, subject: str, key: int, stored: StoredFile | None
) -> tuple[StoredFile, bytes]:
    if stored is None:
        raise NotFound
    detail = {"name": stored.name, "sha256": stored.sha256}
    audit.record(actor, f"{subject}.read", subject, key, detail)
    return stored, files.read(stored)
