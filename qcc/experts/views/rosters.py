"""Rosters from Excel: template, upload, what it would do, confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for

from qcc.experts.composition import composition
from qcc.experts.forms import RosterFileForm, VersionForm
from qcc.experts.models import Panel
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import get_own_upload, get_panel
from qcc.experts.roster.columns import COLUMNS
from qcc.experts.roster.facts import panel_facts
from qcc.experts.roster.messages import describe_cell
from qcc.experts.roster.parsing import Rejected, Roster, parse_roster
from qcc.experts.roster.template import roster_template
from qcc.experts.rules import ROSTER_RULES
from qcc.experts.services.facts import panel_rulebook, stored_panel_facts
from qcc.experts.services.loading import employers_of, keep_upload, load_roster
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import findings_by_member
from qcc.experts.views.roster_edits import edited
from qcc.experts.workflow import PanelState
from qcc.infra import files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _
from qcc.infra.rule_messages import describe as describe_finding
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Finding, check
from qcc.organizations.queries import names_of_places

COLUMN_OF = {
    "expert.age": "birth_date",
    "expert.age_within_term": "birth_date",
    "expert.title": "title",
    "expert.experience": "practised_since",
    "expert.standing": "standing",
    "expert.health": "health",
    "panel.duplicate_member": "name",
}
"""In which column the reason of a finding about one person stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands against one cell: its address, its row, the title of its column, a sentence;
    *blocks* means that the roster cannot be taken over with it."""

    cell: str
    row: int
    column: str
    sentence: str
    blocks: bool = True


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
                file_id = keep_upload(actor, panel_id, data, name).id
            return redirect(url_for("experts.check_roster", panel_id=panel_id, file_id=file_id))
        except SpreadsheetRefused as refusal:
            form.refuse(Refused(describe(refusal), "file"))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("experts/upload_roster.html", panel=_own_draft(panel_id), form=form)
    return page, 422 if form.errors else 200


def _read(stored: StoredFile, panel: Panel) -> Roster | Rejected:
    try:
        return parse_roster(files.read(stored), on=panel.term_start)
    except SpreadsheetRefused as refusal:
        raise Refused(describe(refusal)) from refusal


def _titles() -> dict[str, str]:
    return {column.key: column.title for column in COLUMNS}


def _rejected(read: Rejected) -> list[Fault]:
    titles = _titles()
    return [
        Fault(each.cell, each.row, titles.get(each.key, ""), str(describe_cell(each.error)))
        for each in read.errors
    ]


def _unregistered(read: Roster) -> list[Fault]:
    """Cells that name an employer whom nobody has registered."""
    known, letter = employers_of(read), read.columns["employer"]
    sentence = _(
        "No organization of this name is registered. Write its full official name, or ask the"
        " commission to register it."
    )
    return [
        Fault(f"{letter}{row.number}", row.number, _titles()["employer"], str(sentence))
        for row in read.rows
        if known[row.employer] is None
    ]


def _found(read: Roster, findings: Sequence[Finding]) -> list[Fault]:
    """The cells of the persons whom the rules' findings concern, with article and arithmetic."""
    faults = []
    for key, found in findings_by_member(list(findings)).items():
        for finding in found:
            column = COLUMN_OF.get(finding.rule, "name")
            letter = read.columns.get(column) or read.columns["name"]
            sentence = f"{describe_finding(finding)}（{finding.limit.article}）"
            twice = finding.rule == "panel.duplicate_member"
            faults.append(Fault(f"{letter}{key}", int(key), _titles()[column], sentence, twice))
    return faults


def _judged(panel: Panel, read: Roster) -> tuple[list[Finding], Any]:
    book = panel_rulebook(panel)
    hosts = stored_panel_facts(panel).host_names
    facts = panel_facts(read, host_names=hosts, on=panel.term_start)
    return check(ROSTER_RULES, facts, book), composition(facts, book)


def _faults(panel: Panel, read: Roster | Rejected) -> list[Fault]:
    if isinstance(read, Rejected):
        return _rejected(read)
    findings, _numbers = _judged(panel, read)
    return sorted([*_unregistered(read), *_found(read, findings)], key=lambda each: each.row)


def _preview(panel: Panel, stored: StoredFile) -> dict[str, Any]:
    """What the uploaded roster would do."""
    read = _read(stored, panel)
    faults = _faults(panel, read)
    page: dict[str, Any] = {
        "panel": panel,
        "file": stored,
        "faults": faults,
        "blocking": [fault for fault in faults if fault.blocks],
        "roster": None,
    }
    if isinstance(read, Rejected):
        return page
    findings, numbers = _judged(panel, read)
    form = VersionForm(formdata=None)
    form.version.data = panel.version
    by_row = findings_by_member(findings)
    concerned = {id(each) for several in by_row.values() for each in several}
    return {
        **page,
        "roster": read,
        "warnings": [(each.cell, describe_cell(each.error)) for each in read.warnings],
        "findings": [each for each in findings if id(each) not in concerned],
        "by_row": by_row,
        "in_rows": len(concerned),
        "numbers": numbers,
        "places": names_of_places(code for code, _count in numbers.cities),
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
    marks: dict[str, str] = {}
    for fault in _faults(panel, read):
        said = marks.get(fault.cell)
        marks[fault.cell] = f"{said}\n{fault.sentence}" if said else fault.sentence
    if not marks:
        raise NotFound
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
    answer = edited(panel_id, lambda: load_roster(actor, panel_id, form.version.data, read), form)
    if not isinstance(answer, tuple):
        flash(_("The roster was taken over."), "done")
    elif answer[1] == 409:
        flash(_("Your roster was not taken over. It is kept: open it again below."), "error")
        return redirect(url_for("experts.check_roster", panel_id=panel_id, file_id=file_id))
    return answer
