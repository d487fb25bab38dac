"""Organizations from a workbook: upload, look at what it would do, confirm."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.infra import files, queue
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.infra.spreadsheets.table import Table
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.organizations.forms import ConfirmImportForm, ImportForm
from qcc.organizations.queries import get_import_file
from qcc.organizations.services import (
    ImportPlan,
    PlanChanged,
    Verdict,
    import_organizations,
    judge_import,
)
from qcc.organizations.sheet import COLUMNS, TITLE, read_table_of, template
from qcc.organizations.views.blueprint import bp

Page = str | Response | tuple[str, int]
IMPORT = "organizations.import"
AT_ONCE = 200
"""So many rows are written while the page waits; more than that by a worker."""

XLSX = files.MEDIA_TYPES["xlsx"]


@bp.route("/organizations/import", methods=["GET", "POST"])
@requires(P.ORGANIZATION_EDIT)
def import_() -> Page:
    """Upload a workbook. Nothing is written from it yet."""
    form = ImportForm()
    if request.method == "POST" and form.validate():
        try:
            stored = _store(current_actor(), form)
            return redirect(url_for("organizations.import_check", file_id=stored))
        except SpreadsheetRefused as refusal:
            form.refuse(Refused(describe(refusal), "file"))
        except Refused as refusal:
            form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    return render_template("organizations/import.html", form=form, columns=COLUMNS), status


def _store(actor: Actor, form: ImportForm) -> int:
    """Keep a workbook that can be read; returns the id of its file."""
    data = form.file.data.read()
    read_table_of(data)
    with transaction():
        return files.accept_upload(
            data, form.file.data.filename or "", actor.organization_id, actor.user_id
        ).id


@bp.get("/organizations/import/template")
@requires(P.ORGANIZATION_EDIT)
def import_template() -> Response:
    """The empty workbook."""
    return send_file(
        BytesIO(template()),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"{TITLE}导入模板.xlsx",
    )


@bp.get("/organizations/import/<int:file_id>")
@requires(P.ORGANIZATION_EDIT)
def import_check(file_id: int) -> Page:
    """What the uploaded workbook would do, as things stand now."""
    actor = current_actor()
    stored = get_import_file(actor, file_id)
    return _check_page(stored, judge_import(actor, _table(stored))), 200


def _table(stored: StoredFile) -> Table:
    """What stands in a kept workbook. It was read once; a machine under load may fail to."""
    try:
        return read_table_of(files.read(stored))
    except SpreadsheetRefused as refusal:
        raise Refused(describe(refusal)) from refusal


@bp.get("/organizations/import/<int:file_id>/marked")
@requires(P.ORGANIZATION_EDIT)
def import_marked(file_id: int) -> Response:
    """The user's own workbook, with what is wrong marked in it."""
    actor = current_actor()
    stored = get_import_file(actor, file_id)
    plan = judge_import(actor, _table(stored))
    marked = mark_up(files.read(stored), plan.marks(), title=TITLE, head_row=plan.head_row)
    return send_file(BytesIO(marked), mimetype=XLSX, as_attachment=True, download_name=stored.name)


@bp.post("/organizations/import/<int:file_id>")
@requires(P.ORGANIZATION_EDIT)
def import_confirm(file_id: int) -> Page:
    """Write what was shown, all of it or nothing."""
    actor = current_actor()
    stored = get_import_file(actor, file_id)
    form = ConfirmImportForm()
    table = _table(stored)
    if not form.validate() or form.sha256.data != stored.sha256:
        return _check_page(stored, judge_import(actor, table), again=True), 422
    if len(table.rows) > AT_ONCE:
        return _ask_for_it(actor, form, stored)
    try:
        once(actor, form.key.data, lambda: _write(actor, table, form.digest.data, file_id))
    except PlanChanged as changed:
        return _check_page(get_import_file(actor, file_id), changed.plan, again=True), 409
    flash(_("The organizations were imported."))
    return redirect(url_for("organizations.index"))


def _ask_for_it(actor: Actor, form: ConfirmImportForm, stored: StoredFile) -> Response:
    """A worker writes it; the page of the task shows how far it is."""
    params = {"file_id": stored.id, "digest": form.digest.data}
    code = once(actor, form.key.data, lambda: queue.ask(actor, IMPORT, params, stored.name).code)
    return redirect(url_for("tasks.show", code=code))


def _write(actor: Actor, table: Table, digest: str, file_id: int) -> str:
    counts = import_organizations(actor, table, digest, file_id)
    return f"{counts[Verdict.NEW]}+{counts[Verdict.CHANGED]}"


def _check_page(stored: StoredFile, plan: ImportPlan, *, again: bool = False) -> str:
    form = ConfirmImportForm(formdata=None, sha256=stored.sha256, digest=plan.digest)
    return render_template(
        "organizations/import_check.html",
        form=form,
        file=stored,
        plan=plan,
        rows=sorted(plan.rows, key=lambda row: row.verdict is not Verdict.WRONG),
        counts=[(verdict, plan.counts[verdict]) for verdict in Verdict],
        again=again,
    )
