"""Action items: the list, one of them, what was done, what the center says to that."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import ReportForm, StepForm
from qcc.meetings.models import ActionItem
from qcc.meetings.permissions import is_own, may_report
from qcc.meetings.queries import get_action, list_actions
from qcc.meetings.rules.agenda import days_late
from qcc.meetings.services import following
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.workflow import ACTION, UNCLOSED, ActionState


@bp.get("/actions")
@requires(P.MEETING_VIEW)
def actions() -> Answer:
    """The tasks that the reader gave, owes or governs."""
    wanted, after = listing.chosen("state", ActionState), listing.after()
    rows = list_actions(current_actor(), state=wanted, after=after, limit=PAGE + 1)
    return render_template(
        "meetings/actions.html",
        page=page_of(rows, after),
        states=list(ActionState),
        state=wanted,
        late={row.id: _late(row) for row in rows},
    )


def _late(item: ActionItem) -> int:
    return days_late(item.due_on, clock.today()) if item.state in UNCLOSED else 0


def _show(item: ActionItem, status: int = 200, **more: Any) -> tuple[str, int]:
    actor = current_actor()
    possible = {t.action for t in ACTION.possible(item.state, actor.permissions)}
    page = {
        "item": item,
        "meeting": item.section.meeting,
        "late": _late(item),
        "may_report": "report" in possible and may_report(actor, item),
        "actions": possible if is_own(actor, item.center_id) else set(),
        "steps": history(ACTION, item.id),
        "report_form": ReportForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("meetings/action.html", **page), status


@bp.get("/actions/<int:action_id>")
@requires(P.MEETING_VIEW)
def action(action_id: int) -> Answer:
    """One task."""
    return _show(get_action(current_actor(), action_id))


@bp.post("/actions/<int:action_id>/report")
@requires(P.ACTION_REPORT)
def report(action_id: int) -> Answer:
    """Say what was done."""
    actor, form = current_actor(), ReportForm()
    if form.validate_on_submit():
        try:
            with transaction():
                upload = form.file.data
                following.report_done(
                    actor,
                    action_id,
                    form.version.data,
                    form.evidence.data,
                    upload.read() if upload else b"",
                    upload.filename or "" if upload else "",
                )
            flash(_("The task is reported done; the center will answer."), "done")
            return redirect(url_for("meetings.action", action_id=action_id))
        except Refused as refusal:
            form.refuse(refusal)
    return _show(get_action(actor, action_id), 422, failed=form, report_form=form)


@bp.post("/actions/<int:action_id>/<any(accept,return,drop):decision>")
@requires(P.MEETING_EDIT)
def decide(action_id: int, decision: str) -> Answer:
    """The center accepts, returns or drops."""
    actor, form = current_actor(), StepForm()
    if form.validate_on_submit():
        try:
            with transaction():
                following.decide_action(
                    actor, action_id, form.version.data, decision, form.reason.data or ""
                )
            return redirect(url_for("meetings.action", action_id=action_id))
        except Refused as refusal:
            form.refuse(refusal)
    return _show(
        get_action(actor, action_id), 422, failed=form, typed=request.form.get("reason", "")
    )
