"""Annual reports of centers: asked for, seen being made, taken out; one, or all in scope."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.queries.reports import (
    get_batch,
    get_report,
    get_reported_center,
    list_batch_reports,
    list_batches,
    list_reports,
)
from qcc.evaluations.report_forms import BatchForm, ReportForm
from qcc.evaluations.services import reporting
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.queue import TaskState
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P


@bp.get("/annual-reports")
@requires(P.ANNUAL_VIEW)
def annual_reports() -> Answer:
    """The reports of one center; at an authority's desk also the batches it asked for."""
    return _index()


def _index(status: int = 200, **more: Any) -> tuple[str, int]:
    actor, after = current_actor(), listing.after()
    chosen = request.values.get("center", type=int)
    center_id = actor.center_id if actor.role in CENTER_ROLES else chosen
    page = {
        "center": get_reported_center(actor, center_id) if center_id else None,
        "page": page_of(list_reports(actor, center_id, after=after, limit=PAGE + 1), after),
        "batches": [] if center_id else list_batches(actor),
        "runs_batches": actor.role in AUTHORITIES and not center_id,
        "report_form": ReportForm(formdata=None, data={"center": center_id}),
        "batch_form": BatchForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("evaluations/reports/index.html", **page), status


@bp.post("/annual-reports")
@requires(P.ANNUAL_VIEW)
def ask_for_annual_report() -> Answer:
    """Have the report of a center made."""
    actor, form = current_actor(), ReportForm()
    get_reported_center(actor, form.center.data or 0)
    if form.validate_on_submit():
        try:
            code = once(
                actor,
                form.key.data,
                lambda: reporting.ask_for_report(actor, form.center.data, form.year.data).code,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("evaluations.annual_report", code=code))
    return _index(422, report_form=form, failed=form)


@bp.get("/annual-reports/<code>")
@requires(P.ANNUAL_VIEW)
def annual_report(code: str) -> Answer:
    """One report: how far it is, and the file with its hash."""
    report = get_report(current_actor(), code)
    return render_template(
        "evaluations/reports/show.html", report=report, failed=report.state is TaskState.FAILED
    )


@bp.get("/annual-reports/<code>/file")
@requires(P.ANNUAL_VIEW)
def annual_report_file(code: str) -> Answer:
    """Take a report out."""
    with transaction():
        return _sent(*reporting.read_report(current_actor(), code))


def _sent(stored: StoredFile, data: bytes) -> Response:
    media = MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=stored.name)


@bp.post("/annual-reports/<code>/again")
@requires(P.ANNUAL_VIEW)
def make_annual_report_again(code: str) -> Answer:
    """Have a report that failed made again."""
    back = url_for("evaluations.annual_report", code=code)
    try:
        with transaction():
            batch = reporting.ask_again(current_actor(), code).batch
            if batch is not None:
                back = url_for("evaluations.report_batch", code=batch.code)
    except Refused as refusal:
        flash(str(refusal.message), "error")
    return redirect(back)


# --- all centers in scope ---


@bp.post("/annual-reports/batches")
@requires(P.ANNUAL_RECEIVE)
def ask_for_report_batch() -> Answer:
    """Have the reports of all centers in scope made."""
    actor, form = current_actor(), BatchForm()
    if form.validate_on_submit():
        try:
            code = once(
                actor,
                form.key.data,
                lambda: (
                    reporting.ask_for_batch(
                        actor, form.year.data, all_levels=form.all_levels.data
                    ).code
                ),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("evaluations.report_batch", code=code))
    return _index(422, batch_form=form, failed=form)


@bp.get("/annual-reports/batches/<code>")
@requires(P.ANNUAL_RECEIVE)
def report_batch(code: str) -> Answer:
    """How far a batch is, which reports failed and why, and the packed file."""
    batch = get_batch(current_actor(), code)
    reports = list_batch_reports(batch.id)
    by_state = {state: [r for r in reports if r.state is state] for state in TaskState}
    done, failed = by_state[TaskState.DONE], by_state[TaskState.FAILED]
    is_packing = batch.task is not None and not batch.task.is_over
    is_running = is_packing or len(done) + len(failed) < batch.total
    return render_template(
        "evaluations/reports/batch.html",
        batch=batch,
        reports=reports,
        done=len(done),
        running=by_state[TaskState.RUNNING],
        failed=failed,
        is_packing=is_packing,
        is_running=is_running,
    )


@bp.post("/annual-reports/batches/<code>/again")
@requires(P.ANNUAL_RECEIVE)
def make_report_batch_again(code: str) -> Answer:
    """Have those that failed made again."""
    with transaction():
        count = reporting.ask_failed_again(current_actor(), code)
    flash(_("Reports that are made again: %(count)s", count=count), "done")
    return redirect(url_for("evaluations.report_batch", code=code))


@bp.post("/annual-reports/batches/<code>/pack")
@requires(P.ANNUAL_RECEIVE)
def pack_report_batch(code: str) -> Answer:
    """Have those that are made packed, without those that failed."""
    try:
        with transaction():
            reporting.ask_to_pack(current_actor(), code)
    except Refused as refusal:
        flash(str(refusal.message), "error")
    return redirect(url_for("evaluations.report_batch", code=code))


@bp.get("/annual-reports/batches/<code>/file")
@requires(P.ANNUAL_RECEIVE)
def report_batch_file(code: str) -> Answer:
    """Take all reports of a batch out."""
    with transaction():
        return _sent(*reporting.read_pack(current_actor(), code))
