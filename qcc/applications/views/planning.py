"""The plan of a competition: made before the call opens, changed until then (M.11)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.applications import services
from qcc.applications.forms.competitions import PlanForm
from qcc.applications.models import Call, Competition
from qcc.applications.permissions import is_reception
from qcc.applications.queries import (
    find_competition,
    get_call,
    get_competition,
    list_earlier_plans,
)
from qcc.applications.rules.plan import Plan, faults_of
from qcc.applications.views import bp
from qcc.applications.views.parts import Answer, status
from qcc.centers.queries import list_specialties
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import Difference
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import find_outcome, once
from qcc.kernel.permissions import Permission as P


@bp.route("/calls/<int:call_id>/centers/<int:center_id>/plan", methods=["GET", "POST"])
@requires(P.COMPETITION_EDIT)
def make_plan(call_id: int, center_id: int) -> Answer:
    """Make the plan by which the applications for a center compete."""
    actor, form = current_actor(), PlanForm()
    call = get_call(actor, call_id)
    center = next((each for each in call.centers if each.id == center_id), None)
    if center is None or not is_reception(actor, call):
        raise NotFound
    made = find_outcome(actor, form.key.data or "")
    if made:
        return redirect(url_for("applications.competition", code=made))
    competition = find_competition(call_id, center_id)
    if competition and request.method == "GET":
        return redirect(url_for("applications.competition", code=competition.code))
    if request.method == "GET":
        _prefill(form)
    form.offer(_specialties())
    if _is_whole(form):
        plan = form.plan
        try:
            code = once(
                actor,
                form.key.data,
                lambda: services.make_plan(actor, call_id, center_id, plan).code,
            )
            flash(_("The competition plan is made. It is fixed when the call opens."), "done")
            return redirect(url_for("applications.competition", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    earlier = list_earlier_plans(actor)
    return _page(form, call, center.name, earlier=earlier), status(form)


@bp.route("/competitions/<code>/plan", methods=["GET", "POST"])
@requires(P.COMPETITION_EDIT)
def change_plan(code: str) -> Answer:
    """Change the plan; once the call is open it is only read."""
    actor, form = current_actor(), PlanForm()
    competition = get_competition(actor, code)
    if not is_reception(actor, competition.call):
        raise NotFound
    if request.method == "GET":
        if clock.now() >= competition.call.opens_at:
            return redirect(url_for("applications.competition", code=code))
        form.fill(services.plan_of(competition))
        form.version.data = competition.version
    form.offer(_specialties())
    if _is_whole(form):
        plan, version = form.plan, form.version.data or 0
        try:
            with transaction():
                services.change_plan(actor, code, version, plan)
            flash(_("The competition plan was changed."), "done")
            return redirect(url_for("applications.competition", code=code))
        except StaleEdit as stale:
            _confront(form, stale.current, plan)
        except Refused as refusal:
            form.refuse(refusal)
    competition = get_competition(actor, code)
    page = _page(form, competition.call, competition.center.name, competition=competition)
    return page, status(form)


def _page(form: PlanForm, call: Call, center: str, **more: Any) -> str:
    return render_template(
        "applications/competition/plan.html",
        form=form,
        call=call,
        center_name=center,
        is_open=clock.now() >= call.opens_at,
        **more,
    )


def _prefill(form: PlanForm) -> None:
    """An earlier plan that the address names, else empty rows."""
    earlier = request.args.get("from", "")
    if earlier:
        form.fill(services.plan_of(get_competition(current_actor(), earlier)))
    else:
        form.fill_blank()


def _specialties() -> list[str]:
    return list(dict.fromkeys(specialty.name for specialty in list_specialties()))


def _is_whole(form: PlanForm) -> bool:
    """Whether a plan was sent that can be used; every fault is told at the form."""
    if not form.is_submitted() or form.change_rows(request.form.get("rows", "")):
        form.offer(_specialties())
        return False
    if not form.validate():
        return False
    faults = faults_of(form.plan)
    form.tell(faults, services.FAULTS)
    return not faults


def _confront(form: PlanForm, competition: Competition, typed: Plan) -> None:
    """Both versions; the form goes on from what is saved now, and keeps what was typed."""
    form.version.raw_data, form.version.data = None, competition.version
    theirs, ours = _said(services.plan_of(competition)), _said(typed)
    form.theirs = [
        Difference(label, theirs[label], ours[label])
        for label in theirs
        if theirs[label] != ours[label]
    ]


def _said(plan: Plan) -> dict[str, str]:
    """A plan in words, by what they are about."""
    return {
        _("Criteria"): "\n".join(
            f"{c.title} · {c.weight} % · {c.most}" + (f" · {c.levels}" if c.levels else "")
            for c in plan.criteria
        ),
        _("Reviewers"): "\n".join(
            f"{seat.specialty or _('Any specialty')} · {seat.count}" for seat in plan.seats
        ),
        _("Highest and lowest score"): _("dropped") if plan.drops_extremes else _("kept"),
        _("Minimum total"): "—" if plan.minimum is None else str(plan.minimum),
        _("Bound for a reviewer's distance"): "—" if plan.bound is None else str(plan.bound),
        _("Minutes of each presentation"): str(plan.slot_minutes or "—"),
        _("Days for the review"): str(plan.review_days or "—"),
    }
