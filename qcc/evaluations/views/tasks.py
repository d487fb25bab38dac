"""Assigned tasks: the list, giving one, the report of a center, the commission's judgement."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from qcc.evaluations.document_forms import AssignForm, StepForm, TaskReportForm
from qcc.evaluations.permissions import CENTER_ROLES
from qcc.evaluations.queries.tasks import get_task, list_assignable_centers, list_tasks
from qcc.evaluations.services import tasks
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.workflow import TASK, TaskMoment, TaskState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P


@bp.get("/assigned-tasks")
@requires(P.TASK_VIEW)
def assigned_tasks() -> Answer:
    """The tasks that the reader's centers have, center by center."""
    actor = current_actor()
    wanted, after = listing.chosen("state", TaskState), listing.after()
    states = (wanted,) if wanted else ()
    rows = list_tasks(actor, *states, after=after, limit=PAGE + 1)
    return render_template(
        "evaluations/documents/tasks.html",
        page=page_of(rows, after),
        states=list(TaskState),
        state=wanted,
        today=clock.today(),
        may_assign=actor.may(P.TASK_ASSIGN),
    )


@bp.route("/assigned-tasks/new", methods=["GET", "POST"])
@requires(P.TASK_ASSIGN)
def assign_task() -> Answer:
    """Give a task to centers of the own level."""
    actor, form = current_actor(), AssignForm()
    form.centers.choices = [(row.id, row.name) for row in list_assignable_centers(actor)]
    if form.validate_on_submit():
        words = (form.title.data, form.text.data, form.due_on.data)
        try:
            once(
                actor,
                form.key.data,
                lambda: tasks.assign_task(actor, *words, form.centers.data).id,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The task is assigned."), "done")
            return redirect(url_for("evaluations.assigned_tasks"))
    status = 200 if request.method == "GET" else 422
    return render_template("evaluations/documents/assign.html", form=form), status


@bp.get("/assigned-tasks/<code>")
@requires(P.TASK_VIEW)
def assigned_task(code: str) -> Answer:
    """A task at one center."""
    return _show(code)


def _show(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    actor = current_actor()
    found = get_task(actor, code)
    concerned = actor.role in CENTER_ROLES or found.task.commission_id == actor.organization_id
    facts = TaskMoment(is_overdue=found.task.due_on < clock.today())
    possible = TASK.possible(found.state, actor.permissions) if concerned else []
    page = {
        "share": found,
        "is_overdue": facts.is_overdue and found.state is TaskState.ASSIGNED,
        "actions": {t.action for t in possible if not TASK.failed_guard(t, facts)},
        "steps": history(TASK, found.id),
        "report_form": TaskReportForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("evaluations/documents/task.html", **page), status


def _act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "") -> Answer:
    if succeeds(form, step, done):
        return redirect(url_for("evaluations.assigned_task", code=code))
    return _show(code, 422, failed=form, **({name: form} if name else {}))


@bp.post("/assigned-tasks/<code>/report")
@requires(P.TASK_REPORT)
def report_task(code: str) -> Answer:
    """The center says what it did."""
    actor, form = current_actor(), TaskReportForm()
    upload = form.file.data
    data, name = (upload.read(), upload.filename or "") if upload else (b"", "")
    return _act(
        code,
        form,
        lambda: tasks.report_task(actor, code, form.version.data, form.report.data, data, name),
        _("The task is reported; the commission judges."),
        "report_form",
    )


@bp.post("/assigned-tasks/<code>/<any(accept,return,refuse,withdraw):action>")
@requires(P.TASK_ASSIGN)
def judge_task(code: str, action: str) -> Answer:
    """The commission judges, returns or takes back."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: tasks.judge_task(actor, code, form.version.data, action, form.reason.data or ""),
        _("The center was told."),
    )


@bp.get("/assigned-tasks/<code>/file")
@requires(P.TASK_VIEW)
def task_file(code: str) -> Answer:
    """The file of the report; the download is on record."""
    with transaction():
        stored, data = tasks.read_report_file(current_actor(), code)
        name, media = stored.name, MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
