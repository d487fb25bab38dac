"""Rosters from Excel: template, upload, what it would do, confirm."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for

from qcc.experts.composition import composition
from qcc.experts.forms import RosterFileForm, VersionForm
from qcc.experts.models import Panel
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import get_own_upload, get_panel
from qcc.experts.roster.facts import panel_facts
from qcc.experts.roster.messages import describe_cell
from qcc.experts.roster.parsing import Rejected, Roster, parse_roster
from qcc.experts.roster.template import roster_template
from qcc.experts.rules import ROSTER_RULES
from qcc.experts.services.facts import panel_rulebook, stored_panel_facts
from qcc.experts.services.rosters import load_roster, unknown_employers
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.panels import edited
from qcc.experts.workflow import PanelState
from qcc.infra import files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import check


@bp.get("/panels/roster-template")
@requires(P.PANEL_EDIT)
def roster_file_template() -> Answer:
    """The workbook to fill in."""
    return send_file(BytesIO(roster_template()), mimetype=MEDIA_TYPES["xlsx"], as_attachment=True,
                     download_name="专家组名单模板.xlsx")  # fmt: skip


def _own_draft(panel_id: int) -> Panel:
    panel = get_panel(current_actor(), panel_id)
    if not is_of_center(current_actor(), panel) or panel.state is not PanelState.DRAFT:
        raise NotFound
    return panel


@bp.route("/panels/<int:panel_id>/roster", methods=["GET", "POST"])
@requires(P.PANEL_EDIT)
def upload_roster(panel_id: int) -> Answer:
    """Upload a roster. Nothing is written from it yet."""
    actor, panel, form = current_actor(), _own_draft(panel_id), RosterFileForm()
    if form.is_submitted() and form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            parse_roster(data, on=panel.term_start)
            with transaction():
                stored = files.accept_upload(data, name, actor.organization_id, actor.user_id)
                file_id = stored.id
            return redirect(url_for("experts.check_roster", panel_id=panel_id, file_id=file_id))
        except SpreadsheetRefused as refusal:
            form.refuse(Refused(describe(refusal), "file"))
        except Refused as refusal:
            form.refuse(refusal)
    elif not form.is_submitted():
        form.version.data = panel.version
    page = render_template("experts/upload_roster.html", panel=panel, form=form)
    return page, 422 if form.errors else 200


def _read(stored: StoredFile, panel: Panel) -> Roster | Rejected:
    try:
        return parse_roster(files.read(stored), on=panel.term_start)
    except SpreadsheetRefused as refusal:
        raise Refused(describe(refusal)) from refusal


def _preview(panel: Panel, stored: StoredFile) -> dict[str, Any]:
    """What the uploaded roster would do."""
    read = _read(stored, panel)
    page: dict[str, Any] = {"panel": panel, "file": stored, "describe_cell": describe_cell}
    if isinstance(read, Rejected):
        return {**page, "errors": read.errors, "roster": None, "form": None}
    book = panel_rulebook(panel)
    hosts = stored_panel_facts(panel).host_names
    facts = panel_facts(read, host_names=hosts, on=panel.term_start)
    form = VersionForm(formdata=None)
    form.version.data = panel.version
    return {
        **page,
        "errors": (),
        "roster": read,
        "unknown": unknown_employers(read),
        "findings": check(ROSTER_RULES, facts, book),
        "numbers": composition(facts, book),
        "form": form,
    }


@bp.get("/panels/<int:panel_id>/roster/<int:file_id>")
@requires(P.PANEL_EDIT)
def check_roster(panel_id: int, file_id: int) -> Answer:
    """What the uploaded roster would do, as things stand now."""
    panel = _own_draft(panel_id)
    page = _preview(panel, get_own_upload(current_actor(), file_id))
    return render_template("experts/check_roster.html", **page)


@bp.get("/panels/<int:panel_id>/roster/<int:file_id>/marked")
@requires(P.PANEL_EDIT)
def marked_roster(panel_id: int, file_id: int) -> Answer:
    """The user's own workbook with the bad cells red and a column of reasons."""
    panel = _own_draft(panel_id)
    stored = get_own_upload(current_actor(), file_id)
    read = _read(stored, panel)
    if not isinstance(read, Rejected):
        raise NotFound
    marks = {fault.cell: str(describe_cell(fault.error)) for fault in read.errors}
    try:
        data = mark_up(files.read(stored), marks, title=read.title, head_row=read.head_row)
    except SpreadsheetRefused as refusal:
        raise Refused(describe(refusal)) from refusal
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES["xlsx"], as_attachment=True,
                     download_name=stored.name)  # fmt: skip


@bp.post("/panels/<int:panel_id>/roster/<int:file_id>")
@requires(P.PANEL_EDIT)
def confirm_roster(panel_id: int, file_id: int) -> Answer:
    """Put the uploaded roster in place of the panel's: all of it or nothing."""
    actor, form = current_actor(), VersionForm()
    panel = _own_draft(panel_id)
    read = _read(get_own_upload(actor, file_id), panel)
    if isinstance(read, Rejected) or not form.validate_on_submit():
        return redirect(url_for("experts.check_roster", panel_id=panel_id, file_id=file_id))
    answer = edited(panel_id, lambda: load_roster(actor, panel_id, form.version.data, read))
    if not isinstance(answer, tuple):
        flash(_("The roster was taken over."), "done")
    return answer
