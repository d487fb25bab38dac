"""Rectification orders: the list, issuing one, its page, and the steps of both sides."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

import qcc.evaluations.rectification_labels  # noqa: F401  (registers how states are shown)
from qcc.centers.queries import get_center
from qcc.evaluations.forms import StepForm
from qcc.evaluations.permissions import CENTER_ROLES, orders, verifies
from qcc.evaluations.queries import get_assessment
from qcc.evaluations.queries.rectifications import (
    get_rectification,
    get_rectification_evidence,
    list_rectifications,
)
from qcc.evaluations.rectification_forms import (
    LONGEST_WANT,
    FreeOrderForm,
    OrderForm,
    PostponeForm,
    VerifyForm,
    too_long,
    typed_effects,
    typed_wants,
)
from qcc.evaluations.services import ordering, rectifying
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.workflow import (
    OPEN,
    OWED,
    RECTIFICATION,
    AssessmentState,
    Effect,
    RectificationState,
)
from qcc.infra import audit, clock, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.papers import list_papers_of
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P


@bp.get("/rectifications")
@requires(P.RECTIFICATION_VIEW)
def rectifications() -> Answer:
    """Orders in the reader's scope, the newest first."""
    actor, after = current_actor(), listing.after()
    state = listing.chosen("state", RectificationState)
    overdue = bool(request.args.get("overdue"))
    rows = list_rectifications(
        actor,
        state,
        overdue_on=clock.today() if overdue else None,
        center_id=listing.key("center"),
        after=after,
        limit=PAGE + 1,
    )
    return render_template(
        "evaluations/rectifications/index.html",
        page=page_of(rows, after),
        states=list(RectificationState),
        state=state,
        overdue=overdue,
        owed=OWED,
        today=clock.today(),
    )


@bp.route("/assessments/<code>/rectification", methods=["GET", "POST"])
@requires(P.RECTIFICATION_ORDER)
def order_rectification(code: str) -> Answer:
    """Order the rectification of who failed, item by item."""
    actor = current_actor()
    found = get_assessment(actor, code)
    if not orders(actor, found.round) or found.state is not AssessmentState.FINAL:
        raise NotFound
    lost, form = ordering.lost_items(found), OrderForm()
    typed = {want.item: want.wanted for want in lost}
    if request.method == "POST":
        wants = typed_wants(request.form, lost)
        typed = {want.item: "" for want in lost} | {want.item: want.wanted for want in wants}
        if any(len(want.wanted) > LONGEST_WANT for want in wants):
            form.refuse(Refused(too_long()))
        elif form.validate_on_submit():
            try:
                made = once(
                    actor,
                    form.key.data,
                    lambda: ordering.order_after(actor, code, form.terms(wants)).code,
                )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                return _issued(made)
    else:
        form.reason.data = str(
            _("%(round)s: %(total)s points, pass mark %(mark)s; the result is final.",
              round=found.round.title, total=found.total, mark=found.round.pass_mark)
        )  # fmt: skip
    page = {"form": form, "center": found.center, "lost": lost, "typed": typed}
    status = 200 if request.method == "GET" else 422
    return render_template("evaluations/rectifications/order.html", **page), status


@bp.route("/centers/<int:center_id>/rectification", methods=["GET", "POST"])
@requires(P.CENTER_PLAN)
def order_freely(center_id: int) -> Answer:
    """The commission orders a center of its level to put right what a visit found."""
    actor, form = current_actor(), FreeOrderForm()
    center = get_center(actor, center_id)
    if center.place != actor.place:
        raise NotFound
    if form.validate_on_submit():
        try:
            made = once(
                actor,
                form.key.data,
                lambda: ordering.order_freely(actor, center_id, form.free_terms).code,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _issued(made)
    page = {"form": form, "center": center, "lost": (), "typed": {}}
    status = 200 if request.method == "GET" else 422
    return render_template("evaluations/rectifications/order.html", **page), status


def _issued(code: str) -> Answer:
    flash(_("The rectification is ordered; the center and its host have been told."), "done")
    return redirect(url_for("evaluations.rectification", code=code))


@bp.get("/rectifications/<code>")
@requires(P.RECTIFICATION_VIEW)
def rectification(code: str) -> Answer:
    """What is to be put right, how far it has come, and what the reader can do."""
    return show_rectification(code)


def show_rectification(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page of an order."""
    actor = current_actor()
    found = get_rectification(actor, code)
    own = actor.role in CENTER_ROLES and actor.center_id == found.center_id
    verifier = verifies(actor, found)
    possible = {t.action for t in RECTIFICATION.possible(found.state, actor.permissions)}
    theirs = {"plan", "hand_in"}
    actions = possible & theirs if own else set[str]()
    if verifier and not own:
        actions |= possible - theirs
    moment = rectifying.moment_of(found, actor)
    blocked = moment.person in moment.involved or moment.is_of_host
    version = {"version": found.version}
    page = {
        "order": found,
        "own": own,
        "today": clock.today(),
        "is_open": found.state in OPEN,
        "is_overdue": found.state in OWED and found.due_on < clock.today(),
        "actions": actions,
        "moment": moment,
        "verifies": "close" in actions and not blocked,
        "is_barred": "close" in actions and blocked,
        "effects": list(Effect),
        "chosen": {},
        "papers": list_papers_of("rectification", found.id),
        "steps": history(RECTIFICATION, found.id),
        "verify_form": VerifyForm(formdata=None, data=version),
        "postpone_form": PostponeForm(formdata=None, data=version),
        "step_form": StepForm(formdata=None, data=version),
        "failed": None,
        **more,
    }
    return render_template("evaluations/rectifications/show.html", **page), status


TYPED = {"extended_to_a_later_day": "later", "nothing_is_ineffective": "verdict"}
"""Conditions about what is typed, and the field of each."""


def _act(
    code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "", **more: Any
) -> Answer:
    if succeeds(form, step, done, TYPED):
        return redirect(url_for("evaluations.rectification", code=code))
    return show_rectification(code, 422, failed=form, **({name: form} if name else {}), **more)


@bp.post("/rectifications/<code>/<any(plan,hand_in):action>")
@requires(P.RECTIFICATION_SUBMIT)
def submit_rectification(code: str, action: str) -> Answer:
    """The director hands in the plan, or the evidence."""
    actor, form = current_actor(), StepForm()
    step = rectifying.submit_plan if action == "plan" else rectifying.hand_in
    return _act(
        code,
        form,
        lambda: step(actor, code, form.version.data),
        _("The plan is handed in.") if action == "plan" else _("It is handed in for verification."),
    )


@bp.post("/rectifications/<code>/verify")
@requires(P.RECTIFICATION_ORDER)
def verify_rectification(code: str) -> Answer:
    """Judge the effect: closed, or extended."""
    actor, form = current_actor(), VerifyForm()
    chosen = typed_effects(request.form, get_rectification(actor, code).items)
    return _act(
        code,
        form,
        lambda: rectifying.verify(
            actor,
            code,
            form.version.data,
            chosen,
            form.opinion.data,
            closes=form.verdict.data == "close",
            later=form.later.data,
        ),
        _("The verification is on record; the center was told."),
        "verify_form",
        chosen=chosen,
    )


@bp.post("/rectifications/<code>/postpone")
@requires(P.RECTIFICATION_ORDER)
def postpone_rectification(code: str) -> Answer:
    """A later day, before the evidence was handed in."""
    actor, form = current_actor(), PostponeForm()
    return _act(
        code,
        form,
        lambda: ordering.postpone(
            actor, code, form.version.data, form.later.data, form.reason.data
        ),
        _("The day is put off; the center was told."),
        "postpone_form",
    )


@bp.post("/rectifications/<code>/withdraw")
@requires(P.RECTIFICATION_ORDER)
def withdraw_rectification(code: str) -> Answer:
    """Take the order back."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: ordering.withdraw(actor, code, form.version.data, form.reason.data or ""),
        _("The order is withdrawn; the center was told."),
        "step_form",
    )


@bp.get("/rectifications/<code>/evidence/<int:key>")
@requires(P.RECTIFICATION_VIEW)
def rectification_evidence(code: str, key: int) -> Answer:
    """A file that was handed in; the download is on record."""
    actor = current_actor()
    with transaction():
        found = get_rectification(actor, code)
        stored = get_rectification_evidence(found, key).file
        detail = {"sha256": stored.sha256}
        audit.record(actor, "file.downloaded", RECTIFICATION.name, found.id, detail)
        data, name, media = files.read(stored), stored.name, MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
