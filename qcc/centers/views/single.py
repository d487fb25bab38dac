"""One center: its page, planning it, and the steps of its life that the commission takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.centers.forms import ActForm, EndHostingForm, PlanForm
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.permissions import (
    is_concerned,
    is_own_level,
    may_report_change,
    require_own_level,
)
from qcc.centers.queries import (
    current_hosting,
    find_active_center,
    get_center,
    get_specialty,
    list_former_officers,
    list_hostings,
    list_officers,
    list_specialties,
    list_undecided_changes,
    lock_center,
)
from qcc.centers.services import (
    book_in_force,
    check_officers,
    close_center,
    end_hosting,
    plan_center,
)
from qcc.centers.views import bp
from qcc.centers.views.conflict import status_of, tell_stale
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.templating import label
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Finding
from qcc.organizations.queries import get_place
from qcc.regulations.catalogs import CenterKind

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Act:
    """A step of the commission: what the button says, what follows from it, and the form."""

    button: Any
    consequence: Any
    done: Any
    service: Callable[..., object]
    form: type[ActForm] = ActForm
    is_grave: bool = False


ACTS = {
    "end_hosting": Act(
        _l("End the hosting"),
        _l(
            "The host loses the center: all its officers leave their posts, their desks at the"
            " center close, and open personnel changes are dismissed. The center stays in the"
            " directory as vacant, and a new call can be opened. This cannot be undone."
        ),
        _l("The hosting has ended; the center is vacant."),
        end_hosting,
        EndHostingForm,
        is_grave=True,
    ),
    "close": Act(
        _l("Close the center"),
        _l(
            "The center leaves the planned directory for good; its history stays. The specialty"
            " can be planned anew as another center. This cannot be undone."
        ),
        _l("The center is closed."),
        close_center,
        is_grave=True,
    ),
}

NEXT_STEPS = {
    CenterState.PLANNED: _l("Planned: the commission opens a call for applications."),
    CenterState.IN_CALL: _l("In call: institutions apply; the commission decides after review."),
    CenterState.UNDER_DESIGNATION: _l(
        "Under designation: the commission designates a host directly; no call can be opened."
    ),
    CenterState.RECTIFYING: _l(
        "Rectifying: the center puts its work right; the commission checks."
    ),
    CenterState.VACANT: _l("Vacant: the commission opens a new call to find a host."),
}


@bp.get("/centers/<int:center_id>")
@requires(P.DIRECTORY_VIEW)
def show(center_id: int) -> str:
    """The facts, host, officers and history of a center, and what the reader can do."""
    actor = current_actor()
    center = get_center(actor, center_id)
    hosting = current_hosting(center.id)
    concerned = is_concerned(actor, center, hosting)
    return render_template(
        "centers/show.html",
        center=center,
        hosting=hosting,
        concerned=concerned,
        acts=_possible_acts(actor, center),
        may_open_call=_may_open_call(actor, center),
        may_order=_may_order(actor, center),
        next_step=NEXT_STEPS.get(center.state) if concerned else None,
        may_report=may_report_change(actor, center, hosting),
        hostings=list_hostings(center.id),
        former=list_former_officers(center.id),
        steps=_steps(center, concerned),
        **_staff(center, hosting, concerned),
    )


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A step of the timeline as everybody may read it: without person and reason."""

    workflow: str
    action: str
    at: datetime
    organization_name: str
    reason: str = ""


def _steps(center: Center, concerned: bool) -> list[Any]:
    steps = history(CENTER, center.id)
    if concerned:
        return list(steps)
    return [PublicStep(s.workflow, s.action, s.at, s.organization_name) for s in steps]


def _staff(center: Center, hosting: Hosting | None, concerned: bool) -> dict[str, Any]:
    """The officers; for those concerned also what the rules find and which changes are open."""
    if hosting is None:
        return {"officers": [], "findings": None, "changes": {}}
    officers = list_officers(hosting.id)
    if not concerned:
        return {"officers": officers, "findings": None, "changes": {}}
    return {
        "officers": officers,
        "findings": _findings(center, hosting, officers),
        "changes": {change.officer_id: change for change in list_undecided_changes(hosting.id)},
    }


def _findings(
    center: Center, hosting: Hosting, officers: Sequence[Officer]
) -> list[Finding] | None:
    """What the rules find in the officers today; None where no regulation holds."""
    try:
        book = book_in_force(center.place, clock.today())
    except Refused:
        return None
    return check_officers(center, hosting, officers, book)


def _possible_acts(actor: Actor, center: Center) -> dict[str, Act]:
    if not is_own_level(actor, center.place):
        return {}
    possible = CENTER.possible(center.state, actor.permissions)
    return {step.action: ACTS[step.action] for step in possible if step.action in ACTS}


def _may_open_call(actor: Actor, center: Center) -> bool:
    possible = CENTER.possible(center.state, actor.permissions)
    return is_own_level(actor, center.place) and any(t.action == "open_call" for t in possible)


def _may_order(actor: Actor, center: Center) -> bool:
    """Whether the reader may order a rectification after a visit (M.18)."""
    at_work = center.state in (CenterState.ESTABLISHED, CenterState.RECTIFYING)
    own = is_own_level(actor, center.place) and center.place == actor.place
    return at_work and own and actor.may(P.CENTER_PLAN)


@bp.route("/centers/new", methods=["GET", "POST"])
@requires(P.CENTER_PLAN)
def plan() -> Answer:
    """Enter a center of the commission's own level in the directory."""
    actor = current_actor()
    if request.args.get("place", actor.place) != actor.place:
        raise NotFound
    form = PlanForm()
    form.specialty_id.choices = _specialty_choices()
    if request.method == "GET":
        form.specialty_id.data = request.args.get("specialty", type=int)
    findings: list[Finding] = []
    if form.validate_on_submit():
        try:
            center_id = once(actor, form.key.data, lambda: _plan(actor, form.specialty_id.data))
            flash(_("The center is planned. Now a call can be opened for it."), "done")
            return redirect(url_for("centers.show", center_id=center_id))
        except Refused as refusal:
            form.refuse(refusal)
        except RulesBroken as broken:
            findings = broken.findings
    page = render_template(
        "centers/plan.html",
        form=form,
        place=get_place(actor.place),
        findings=findings,
        existing=_existing(actor, form.specialty_id.data) if findings else None,
    )
    return page, 422 if form.errors or findings else 200


def _plan(actor: Actor, specialty_id: int) -> int:
    return plan_center(actor, get_specialty(specialty_id).kind, specialty_id, actor.place).id


def _existing(actor: Actor, specialty_id: int) -> Center | None:
    return find_active_center(get_specialty(specialty_id).kind, specialty_id, actor.place)


def _specialty_choices() -> dict[str, list[tuple[int, str]]]:
    """The specialties that the catalog has today, under the kind of their centers."""
    today = clock.today()
    current = [s for s in list_specialties() if not s.valid_until or s.valid_until >= today]
    return {label(kind): [(s.id, s.name) for s in current if s.kind is kind] for kind in CenterKind}


@bp.route("/centers/<int:center_id>/<any(end_hosting,close):action>", methods=["GET", "POST"])
@requires(P.CENTER_PLAN)
def act(center_id: int, action: str) -> Answer:
    """Confirm a step of the center's life, with its reason."""
    actor, chosen = current_actor(), ACTS[action]
    center = get_center(actor, center_id)
    require_own_level(actor, center)
    CENTER.find(action, center.state)
    form = chosen.form()
    status = 200
    if request.method == "GET":
        form.version.data = center.version
    elif form.validate():
        try:
            _take(actor, center_id, chosen, form)
            flash(str(chosen.done), "done")
            return redirect(url_for("centers.show", center_id=center_id))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            status = tell_stale(form, stale)
    page = render_template("centers/act.html", center=center, form=form, act=chosen)
    return page, status_of(form, status)


def _take(actor: Actor, center_id: int, chosen: Act, form: ActForm) -> None:
    more = {"on": form.on.data} if isinstance(form, EndHostingForm) else {}
    with transaction():
        chosen.service(
            actor, lock_center(center_id), form.reason.data, version=form.version.data, **more
        )
