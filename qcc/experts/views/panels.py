"""Panels: the list, starting one, re-election, one panel."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.experts.composition import judge_expert
from qcc.experts.forms import TermForm
from qcc.experts.models import Panel
from qcc.experts.queries import get_panel, last_panel, list_panels
from qcc.experts.services.facts import expert_facts, stored_panel_facts
from qcc.experts.services.loading import start_reelection
from qcc.experts.services.rosters import judged_by, start_panel
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import show_panel
from qcc.experts.workflow import IN_PREPARATION, PanelState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key, once
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P


def _list_page(form: TermForm, **more: Any) -> str:
    actor = current_actor()
    wanted, after = listing.chosen("state", PanelState), listing.after()
    rows = list_panels(actor, state=wanted, after=after, limit=PAGE + 1)
    last = last_panel(actor.center_id) if actor.center_id else None
    return render_template(
        "experts/panels.html",
        page=page_of(rows, after),
        states=list(PanelState),
        state=wanted,
        may_start=actor.may(P.PANEL_EDIT),
        last=last,
        prepared=last if last and last.state in IN_PREPARATION else None,
        form=form,
        key=new_key(),
        ended=(PanelState.EXPIRED, PanelState.DISSOLVED),
        **more,
    )


@bp.get("/panels")
@requires(P.PANEL_VIEW)
def panels() -> Answer:
    """The panels that the reader may see."""
    form = TermForm(formdata=None)
    actor = current_actor()
    last = last_panel(actor.center_id) if actor.center_id else None
    form.term_start.data = _next_start(last)
    return _list_page(form)


def _next_start(last: Panel | None) -> Any:
    """The day after the last term, if that is still to come; else today."""
    today = clock.today()
    return max(today, last.term_end + timedelta(days=1)) if last else today


@bp.post("/panels/start")
@requires(P.PANEL_EDIT)
def start() -> Answer:
    """Begin the next panel with an empty roster."""
    actor, form = current_actor(), TermForm()
    if form.validate_on_submit():
        try:
            panel_id = once(
                actor,
                request.form.get("key", ""),
                lambda: start_panel(actor, form.term_start.data).id,
            )
            return redirect(url_for("experts.panel", panel_id=panel_id))
        except Refused as refusal:
            form.refuse(refusal)
    return _list_page(form), 422


@bp.route("/panels/reelection", methods=["GET", "POST"])
@requires(P.PANEL_EDIT)
def reelection() -> Answer:
    """The roster of the last panel, with what each did and who can no longer be elected and why;
    who is chosen goes on to the next panel (换届)."""
    actor, form = current_actor(), TermForm(formdata=request.form if request.form else None)
    old = last_panel(actor.center_id) if actor.center_id else None
    if old is None or not old.was_approved:
        raise NotFound
    if request.method == "POST" and form.validate_on_submit():
        chosen = {int(each) for each in request.form.getlist("member") if each.isdecimal()}
        try:
            panel_id = once(
                actor,
                request.form.get("key", ""),
                lambda: start_reelection(actor, form.term_start.data, chosen).id,
            )
            flash(_("The roster of the last panel was taken over. Now complete it."), "done")
            return redirect(url_for("experts.panel", panel_id=panel_id))
        except Refused as refusal:
            form.refuse(refusal)
    if request.method == "GET":
        form.term_start.data = listing.day("term_start") or _next_start(old)
    page = _reelection_page(get_panel(actor, old.id), form)
    return render_template("experts/reelection.html", **page), 422 if form.errors else 200


def _reelection_page(old: Panel, form: TermForm) -> dict[str, Any]:
    """Each member beside the rules as they would be on the first day of the next term."""
    start = form.term_start.data or _next_start(old)
    try:
        book = judged_by(old.center.place, start)
    except Refused as refusal:
        form.refuse(refusal)
        start = _next_start(old)
        book = judged_by(old.center.place, start)
    facts = stored_panel_facts(old, term_start=start)
    judged = [
        (member, judge_expert(expert_facts(member.expert), facts, book))
        for member in old.present_members
    ]
    return {
        "old": old,
        "form": form,
        "start": start,
        "judged": judged,
        "barred": {m.id for m, found in judged if any(f.blocks for f in found)},
        "key": new_key(),
    }


@bp.get("/panels/<int:panel_id>")
@requires(P.PANEL_VIEW)
def panel(panel_id: int) -> Answer:
    """One panel: the roster with what the rules say of each, its composition, its life."""
    return show_panel(get_panel(current_actor(), panel_id))
