"""Calls: the list, one call, publishing one, and beginning an application in it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.applications import services
from qcc.applications.forms import CallForm, ExtendForm, ReasonForm
from qcc.applications.models import Call
from qcc.applications.permissions import is_decider, is_reception
from qcc.applications.queries import (
    Wanted,
    count_applications,
    get_call,
    list_calls,
    list_competitions_of,
    list_invitable,
    list_own_applications,
)
from qcc.applications.queries.calls import (
    find_last_call,
    list_calls_of_same_centers,
    list_endings,
    list_extensions,
    list_reopenable,
)
from qcc.applications.services import CallPlan, extend_call, publish_call, start_application
from qcc.applications.views import bp
from qcc.centers.models import Center
from qcc.centers.queries import list_callable_centers
from qcc.centers.workflow import CenterState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import find_outcome, new_key, once
from qcc.infra.papers import list_papers_of
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor
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
    return day_before(call.closes_at)


def day_before(moment: datetime) -> date:
    """The day that ends at the moment."""
    return legal_date(moment - timedelta(seconds=1))


@bp.get("/calls/<int:call_id>")
@requires(P.CALL_VIEW)
def call(call_id: int) -> Answer:
    """One call; an institution begins its application here."""
    actor, now = current_actor(), clock.now()
    found = get_call(actor, call_id)
    own = {a.center_id: a for a in list_own_applications(actor, call_id)}
    endings = list_endings(call_id)
    wanted = {c.id for c in found.centers if c.state is CenterState.IN_CALL} - set(endings)
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
        extensions=list_extensions(found.id),
        others=list_calls_of_same_centers(actor, found),
        competitions=list_competitions_of(call_id) if actor.may(P.COMPETITION_VIEW) else {},
        may_plan=actor.may(P.COMPETITION_EDIT)
        and is_reception(actor, found)
        and now < found.opens_at,
        may_extend=_may_extend(actor, found, now),
        may_reopen=_may_reopen(actor, found, now),
        last_day=last_day(found),
        day_before=day_before,
        may_apply=actor.may(P.APPLICATION_EDIT),
        wanted=wanted,
        endings=endings,
        may_end=wanted if _may_extend(actor, found, now) else set(),
        key=new_key(),
        papers=list_papers_of("call", call_id),
    )


def _may_extend(actor: Actor, call: Call, now: datetime) -> bool:
    return actor.may(P.CALL_EDIT) and is_decider(actor, call) and now < call.closes_at


def _may_reopen(actor: Actor, call: Call, now: datetime) -> bool:
    """Whether the call is over and one of its centers can be called again."""
    if not (actor.may(P.CALL_EDIT) and is_decider(actor, call) and now >= call.closes_at):
        return False
    free = {center.id for center in callable_centers(actor)}
    return any(center.id in free for center in call.centers)


def callable_centers(actor: Actor) -> list[Center]:
    """The centers for which the actor may publish a call, in the order of the directory."""
    found = [*list_callable_centers(actor), *list_reopenable(actor, clock.now())]
    return sorted(found, key=lambda center: center.id)


@bp.route("/calls/<int:call_id>/extend", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def extend(call_id: int) -> Answer:
    """Put the closing of an open call off to a later day."""
    actor, form = current_actor(), ExtendForm()
    found = get_call(actor, call_id)
    if not is_decider(actor, found):
        raise NotFound
    if find_outcome(actor, form.key.data or ""):
        return redirect(url_for("applications.call", call_id=call_id))
    if request.method == "GET" and not _may_extend(actor, found, clock.now()):
        raise NotFound
    before = last_day(found)
    if form.validate_on_submit():
        try:
            once(
                actor,
                form.key.data,
                lambda: extend_call(actor, call_id, form.closes_on.data, form.reason.data).id,
            )
            flash(_("The closing day was put off; everybody who is addressed is told."), "done")
            return redirect(url_for("applications.call", call_id=call_id))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("applications/extend.html", call=found, last_day=before, form=form)
    return page, 422 if form.errors else 200


@bp.route("/calls/<int:call_id>/centers/<int:center_id>/end", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def end_call(call_id: int, center_id: int) -> Answer:
    """Call off the call for one center, after the consequence was read."""
    actor, form = current_actor(), ReasonForm()
    found = get_call(actor, call_id)
    center = next((each for each in found.centers if each.id == center_id), None)
    if center is None or not is_decider(actor, found):
        raise NotFound
    if form.validate_on_submit():
        try:
            with transaction():
                services.end_call(actor, call_id, center_id, form.reason.data)
            flash(_("The call for %(center)s is called off.", center=center.name), "done")
            return redirect(url_for("applications.call", call_id=call_id))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("applications/end_call.html", call=found, center=center, form=form)
    return page, 422 if form.errors else 200


@bp.route("/calls/new", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def new_call() -> Answer:
    """Publish a call; sent a second time, it leads to the one that was published."""
    actor = current_actor()
    published = find_outcome(actor, request.form.get("key", ""))
    if published:
        return redirect(url_for("applications.call", call_id=published))
    centers = callable_centers(actor)
    form = CallForm()
    form.center_ids.choices = [(center.id, center.name) for center in centers]
    form.invited_ids.choices = list_invitable(actor)
    if request.method == "GET":
        _prefill(form, actor, centers)
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


def _prefill(form: CallForm, actor: Actor, centers: Sequence[Center]) -> None:
    """What the form proposes: the centers that the address names, or those of the earlier call that
    are free again; title, conditions and addressees as they were in the earlier call."""
    form.opens_on.data = clock.today()
    names = {center.id: center.name for center in centers}
    wanted = [key for key in request.args.getlist("center", type=int) if key in names]
    before = _earlier_call(actor, wanted)
    if before is not None and not wanted:
        wanted = [center.id for center in before.centers if center.id in names]
    form.center_ids.data = wanted
    if before is not None:
        form.title.data, form.conditions.data = before.title, before.conditions
        form.invited_ids.data = [each.id for each in before.addressees]
    elif len(wanted) == 1:
        form.title.data = f"{names[wanted[0]]}挂靠单位申报"


def _earlier_call(actor: Actor, centers: Sequence[int]) -> Call | None:
    """The call that the address names, else the last one for the only center; none of others'."""
    named = listing.key("from")
    if named:
        found = get_call(actor, named)
        if not is_decider(actor, found):
            raise NotFound
        return found
    return find_last_call(actor, centers[0]) if len(centers) == 1 else None


@bp.post("/calls/<int:call_id>/apply")
@requires(P.APPLICATION_EDIT)
def start(call_id: int) -> Answer:
    """Begin an application; a second click leads to the same one."""
    actor = current_actor()
    center_id = request.form.get("center_id", 0, type=int)
    key = request.form.get("key", "")
    code = once(actor, key, lambda: start_application(actor, call_id, center_id).code)
    return redirect(url_for("applications.show", code=code))
