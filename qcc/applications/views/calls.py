"""Calls: the list, one call, publishing one, and beginning an application in it."""

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.applications.forms import CallForm
from qcc.applications.models import Call
from qcc.applications.queries import (
    Wanted,
    count_applications,
    get_call,
    list_calls,
    list_invitable,
    list_own_applications,
)
from qcc.applications.services import CallPlan, publish_call, start_application
from qcc.applications.views import bp
from qcc.centers.queries import list_callable_centers
from qcc.centers.workflow import CenterState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.errors import Refused
from qcc.infra.idempotency import find_outcome, new_key, once
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


@bp.get("/calls")
@requires(P.CALL_VIEW)
def calls() -> Answer:
    """The calls that the reader may see."""
    now = clock.now()
    found = list_calls(current_actor(), now=now)
    return render_template("applications/calls.html", calls=found, now=now, last_day=last_day)


def last_day(call: Call) -> date:
    """The closing day: the last on which an application is in time."""
    return legal_date(call.closes_at - timedelta(seconds=1))


@bp.get("/calls/<int:call_id>")
@requires(P.CALL_VIEW)
def call(call_id: int) -> Answer:
    """One call; an institution begins its application here."""
    actor, now = current_actor(), clock.now()
    found = get_call(actor, call_id)
    own = {a.center_id: a for a in list_own_applications(actor, call_id)}
    received = None
    if actor.may(P.APPLICATION_CHECK):
        received = count_applications(actor, Wanted(call_id=call_id))
    return render_template(
        "applications/call.html",
        call=found,
        own=own,
        received=received,
        is_open=found.opens_at <= now < found.closes_at,
        is_over=now >= found.closes_at,
        last_day=last_day(found),
        may_apply=actor.may(P.APPLICATION_EDIT),
        wanted={center.id for center in found.centers if center.state is CenterState.IN_CALL},
        key=new_key(),
    )


@bp.route("/calls/new", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def new_call() -> Answer:
    """Publish a call; sent a second time, it leads to the one that was published."""
    actor = current_actor()
    published = find_outcome(actor, request.form.get("key", ""))
    if published:
        return redirect(url_for("applications.call", call_id=published))
    centers = list_callable_centers(actor)
    form = CallForm()
    form.center_ids.choices = [(center.id, center.name) for center in centers]
    form.invited_ids.choices = list_invitable(actor)
    if request.method == "GET":
        form.center_ids.data = request.args.getlist("center", type=int)
        form.opens_on.data = clock.today()
    if form.validate_on_submit():
        plan = CallPlan(
            title=form.title.data,
            center_ids=tuple(form.center_ids.data),
            opens_on=form.opens_on.data,
            closes_on=form.closes_on.data,
            conditions=form.conditions.data or "",
            invited_ids=tuple(form.invited_ids.data or ()),
        )
        try:
            call_id = once(actor, form.key.data, lambda: publish_call(actor, plan).id)
            return redirect(url_for("applications.call", call_id=call_id))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("applications/new_call.html", form=form, centers=centers)
    return page, 422 if form.errors else 200


@bp.post("/calls/<int:call_id>/apply")
@requires(P.APPLICATION_EDIT)
def start(call_id: int) -> Answer:
    """Begin an application; a second click leads to the same one."""
    actor = current_actor()
    center_id = request.form.get("center_id", 0, type=int)
    key = request.form.get("key", "")
    code = once(actor, key, lambda: start_application(actor, call_id, center_id).code)
    return redirect(url_for("applications.show", code=code))
