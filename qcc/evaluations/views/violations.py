"""Cases of prohibited conduct: the register, reporting, inquiry, hearing and decision."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for

import qcc.evaluations.violation_labels  # noqa: F401  (registers how states are shown)
from qcc.centers.queries import get_center
from qcc.evaluations.forms import StepForm
from qcc.evaluations.models import Violation
from qcc.evaluations.permissions import AUTHORITIES, investigates, is_heard
from qcc.evaluations.queries.violations import get_violation, list_violations
from qcc.evaluations.services import violation_decisions as decisions
from qcc.evaluations.services import violations as cases
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.violation_forms import (
    FindingFileForm,
    FindingsForm,
    FoundedForm,
    HearForm,
    ReportForm,
    SeriousForm,
    StatementForm,
)
from qcc.evaluations.workflow import VIOLATION, ViolationState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.papers import list_papers_of
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import TransitionRecord, history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P

OF_CENTER = frozenset({"hear", "state", "dismiss", "uphold", "revoke"})
"""Steps that the center reads, without who took those of the authorities."""


@bp.get("/violations")
@requires(P.VIOLATION_VIEW)
def violations() -> Answer:
    """The register, as far as the reader may know of it."""
    actor, after = current_actor(), listing.after()
    state = listing.chosen("state", ViolationState)
    rows = list_violations(actor, state, after=after, limit=PAGE + 1)
    return render_template(
        "evaluations/violations/index.html",
        page=page_of(rows, after),
        states=list(ViolationState),
        state=state,
        words=_words(rows),
        is_authority=actor.role in AUTHORITIES,
    )


def _words(rows: Any) -> dict[int, str]:
    """By case, its conduct in the words of the rulebook."""
    known = {row.center.place: cases.conduct_of(row.center.place) for row in rows}
    found = {}
    for row in rows:
        limit = known[row.center.place]
        found[row.id] = limit.words.get(row.conduct, row.conduct) if limit else row.conduct
    return found


@bp.route("/centers/<int:center_id>/violations/new", methods=["GET", "POST"])
@requires(P.VIOLATION_REPORT)
def report_violation(center_id: int) -> Answer:
    """Report prohibited conduct of a center."""
    actor, form = current_actor(), ReportForm()
    center = get_center(actor, center_id)
    limit = cases.conduct_of(center.place)
    form.conduct.choices = list(limit.words.items()) if limit else []
    if form.validate_on_submit():
        try:
            code = once(
                actor,
                form.key.data,
                lambda: cases.report_violation(actor, center_id, form.report).code,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The report is with the authorities; they alone know who made it."), "done")
            return redirect(url_for("evaluations.violation", code=code))
    status = 422 if form.errors else 200
    page = {"form": form, "center": center, "limit": limit}
    return render_template("evaluations/violations/report.html", **page), status


@bp.get("/violations/<code>")
@requires(P.VIOLATION_VIEW)
def violation(code: str) -> Answer:
    """A case, as far as the reader may know of it."""
    return _show(code)


def _show(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    actor = current_actor()
    case = get_violation(actor, code)
    authority, heard = actor.role in AUTHORITIES, is_heard(actor, case)
    moment = cases.moment_of(case, actor)
    at_desk = investigates(actor, case)
    possible = VIOLATION.possible(case.state, actor.permissions) if at_desk or heard else []
    actions = {
        t.action
        for t in possible
        if (t.action == "state") == heard and (at_desk or heard)
        and (t.action == "hear" or not VIOLATION.failed_guard(t, moment))
    }  # fmt: skip
    own_inquiry = case.investigator_id == actor.person_id
    if not own_inquiry:
        actions.discard("hear")
    limit = cases.conduct_of(case.center.place)
    page = {
        "case": case,
        "authority": authority,
        "heard": heard,
        "actions": actions,
        "inquires": "hear" in actions,
        "waits_for_statement": at_desk
        and case.state is ViolationState.HEARING
        and not VIOLATION.guards["center_was_heard"](moment),
        "conduct": limit.words.get(case.conduct, case.conduct) if limit else case.conduct,
        "limit": limit,
        "files": cases.files_for(actor, case),
        "papers": list_papers_of("violation", case.id) if authority or heard else [],
        "steps": _steps(actor, case),
        "show_names": authority,
        **_forms(case),
        "failed": None,
        **more,
    }
    return render_template("evaluations/violations/show.html", **page), status


def _steps(actor: Actor, case: Violation) -> list[TransitionRecord]:
    """The timeline: all of it for the authorities; for the center from the hearing on."""
    steps = history(VIOLATION, case.id)
    if actor.role in AUTHORITIES:
        return list(steps)
    if is_heard(actor, case):
        return [step for step in steps if step.action in OF_CENTER]
    return [step for step in steps if step.action in ("report", "decline")]


def _forms(case: Violation) -> dict[str, Form]:
    version, today = {"version": case.version}, clock.today()
    serious = SeriousForm(formdata=None, data=version)
    serious.ends_on.data = serious.opens_on.data = today
    serious.call_title.data = f"{case.center.name}挂靠单位重新遴选"
    written = {**version, "findings": case.findings, "allegation": case.allegation}
    return {
        "findings_form": FindingsForm(formdata=None, data=written),
        "file_form": FindingFileForm(formdata=None),
        "hear_form": HearForm(formdata=None, data=version),
        "statement_form": StatementForm(formdata=None, data=version),
        "founded_form": FoundedForm(formdata=None, data=version),
        "serious_form": serious,
        "step_form": StepForm(formdata=None, data=version),
    }


TYPED = {"statement_lies_ahead": "statement_by"}
"""Conditions about what is typed, and the field of each."""


def _act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "") -> Answer:
    if succeeds(form, step, done, TYPED):
        return redirect(url_for("evaluations.violation", code=code))
    return _show(code, 422, failed=form, **({name: form} if name else {}))


@bp.post("/violations/<code>/investigate")
@requires(P.VIOLATION_INVESTIGATE)
def take_up_violation(code: str) -> Answer:
    """Investigate the case oneself."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: cases.take_up(actor, code, form.version.data),
        _("You investigate this case."),
    )


@bp.post("/violations/<code>/decline")
@requires(P.VIOLATION_INVESTIGATE)
def decline_violation(code: str) -> Answer:
    """Do not take the report up."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: cases.decline_report(actor, code, form.version.data, form.reason.data or ""),
        _("The report is not taken up; who reported was told."),
        "step_form",
    )


@bp.post("/violations/<code>/findings")
@requires(P.VIOLATION_INVESTIGATE)
def write_violation_findings(code: str) -> Answer:
    """Write down what was found."""
    actor, form = current_actor(), FindingsForm()
    return _act(
        code,
        form,
        lambda: cases.write_findings(
            actor, code, form.version.data, form.findings.data, form.allegation.data
        ),
        _("Saved."),
        "findings_form",
    )


@bp.post("/violations/<code>/files")
@requires(P.VIOLATION_INVESTIGATE)
def add_violation_file(code: str) -> Answer:
    """A file of the investigation."""
    actor, form = current_actor(), FindingFileForm()
    return _act(
        code,
        form,
        lambda: cases.add_finding(actor, code, form.file.data.read(), form.file.data.filename),
        _("The file is added."),
        "file_form",
    )


@bp.post("/violations/<code>/hear")
@requires(P.VIOLATION_INVESTIGATE)
def hear_center(code: str) -> Answer:
    """Lay the case before the center."""
    actor, form = current_actor(), HearForm()
    return _act(
        code,
        form,
        lambda: cases.hear(actor, code, form.version.data, form.statement_by.data),
        _("The center is asked for its statement."),
        "hear_form",
    )


@bp.post("/violations/<code>/statement")
@requires(P.VIOLATION_ANSWER)
def give_statement(code: str) -> Answer:
    """What the center has to say."""
    actor, form = current_actor(), StatementForm()
    upload = form.file.data
    data, name = (upload.read(), upload.filename or "") if upload else (b"", "")
    return _act(
        code,
        form,
        lambda: cases.give_statement(actor, code, form.version.data, form.text.data, data, name),
        _("Your statement is with the commission."),
        "statement_form",
    )


@bp.post("/violations/<code>/dismiss")
@requires(P.VIOLATION_DECIDE)
def dismiss_violation(code: str) -> Answer:
    """Not founded."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: decisions.dismiss(actor, code, form.version.data, form.reason.data or ""),
        _("The case is decided; the center was told."),
        "step_form",
    )


@bp.post("/violations/<code>/uphold")
@requires(P.VIOLATION_DECIDE)
def uphold_violation(code: str) -> Answer:
    """Founded: warning or rectification."""
    actor, form = current_actor(), FoundedForm()
    return _act(
        code,
        form,
        lambda: decisions.uphold(actor, code, form.version.data, form.reason.data, form.order),
        _("The case is decided; the center was told."),
        "founded_form",
    )


@bp.post("/violations/<code>/revoke")
@requires(P.VIOLATION_DECIDE)
def revoke_for_violation(code: str) -> Answer:
    """Serious: hosting revoked, panel dissolved, new call."""
    actor, form = current_actor(), SeriousForm()
    return _act(
        code,
        form,
        lambda: decisions.revoke(actor, code, form.version.data, form.reason.data, form.succession),
        _("The hosting is revoked, the panel dissolved; the center is called for anew."),
        "serious_form",
    )


@bp.get("/violations/<code>/files/<int:key>")
@requires(P.VIOLATION_VIEW)
def violation_file(code: str, key: int) -> Answer:
    """A file of the case; the download is on record."""
    actor = current_actor()
    with transaction():
        stored, data = cases.read_violation_file(actor, get_violation(actor, code), key)
        name, media = stored.name, MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
