"""Rounds: the list, a new one, one of them with all that is done in it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.evaluations.forms import RoundForm, ScaleForm, SeatForm, StepForm
from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.permissions import AUTHORITIES, is_of_commission, is_organizer
from qcc.evaluations.queries import (
    find_seat,
    get_round,
    list_assessable_centers,
    list_assessments_of_round,
    list_own_assessments,
    list_possible_assessors,
    list_rounds,
    list_totals_of,
)
from qcc.evaluations.rules.scoring import Result
from qcc.evaluations.rules.standing import distribution, ranks
from qcc.evaluations.services import commending, planning, running
from qcc.evaluations.services.commending import commendable, list_commended
from qcc.evaluations.services.running import results_of, round_moment
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.views.guidance import next_step
from qcc.evaluations.workflow import ROUND, RoundState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import Form
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.papers import list_papers_of
from qcc.infra.templating import PAGE, choices, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rubrics import AssessmentKind
from qcc.regulations.catalogs import CenterKind
from qcc.regulations.rubrics import get_rubric

MOST_REASON = 400
"""Characters that say for what a center is commended."""


@bp.get("/rounds")
@requires(P.ROUND_VIEW)
def index() -> Answer:
    """The rounds that the reader may see, and the assessments of the own center."""
    actor, after = current_actor(), listing.after()
    rows = list_rounds(actor, after=after, limit=PAGE + 1)
    may_plan = actor.role in AUTHORITIES or actor.role is Role.CENTER_DIRECTOR
    return render_template(
        "evaluations/rounds.html",
        page=page_of(rows, after),
        own=list_own_assessments(actor),
        may_plan=may_plan,
        sees_board=P.REVOCATION_VIEW in actor.permissions,
    )


@bp.route("/rounds/new", methods=["GET", "POST"])
@requires(P.ROUND_EDIT)
def plan() -> Answer:
    """Plan a round."""
    actor, form = current_actor(), RoundForm()
    form.center_kind.choices = choices(CenterKind, _("Both kinds"))
    form.repeats.choices = [("", "—"), *_repeatable()]
    if request.method == "GET":
        form.year.data = clock.today().year
    if form.validate_on_submit():
        try:
            code = once(actor, form.key.data, lambda: planning.plan_round(actor, form.plan).code)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The round is planned. Now seat the assessors."), "done")
            return redirect(url_for("evaluations.show", code=code))
    is_debrief = actor.role not in AUTHORITIES
    page = render_template("evaluations/plan.html", form=form, is_debrief=is_debrief)
    return page, 422 if form.errors else 200


def _repeatable() -> list[tuple[str, str]]:
    """Own rounds that could be repeated."""
    actor = current_actor()
    rows = list_rounds(actor, after=0, limit=PAGE)
    return [
        (row.code, row.title)
        for row in rows
        if is_organizer(actor, row) and row.state is RoundState.PUBLISHED
    ]


@bp.get("/rounds/<code>")
@requires(P.ROUND_VIEW)
def show(code: str) -> Answer:
    """One round: calendar, scale, assessors, centers, what is next."""
    return show_round(code)


def _sees_results(round_: Round) -> bool:
    """After publication whoever sees the round; before, only the organizer, once all lodged."""
    if round_.state is RoundState.PUBLISHED:
        return True
    lodged = all(seat.lodged_at for seat in round_.assessors) and bool(round_.assessors)
    is_open = round_.state is RoundState.SCORING and lodged
    return is_open and is_organizer(current_actor(), round_)


def _results(round_: Round, assessments: Sequence[Assessment]) -> dict[int, Result]:
    if round_.state is RoundState.SCORING and _sees_results(round_):
        return results_of(round_, assessments)
    return {}


def _standing(round_: Round, assessments: Sequence[Assessment]) -> dict[str, Any]:
    """Ranks, bands and last year's totals, once the results are published."""
    if round_.state is not RoundState.PUBLISHED or round_.scale is None:
        return {"ranks": {}, "bands": [], "failed_count": 0, "last_totals": {}}
    totals = {each.center_id: each.total for each in assessments if each.total is not None}
    kinds = {each.center_id: each.center.kind.value for each in assessments}
    return {
        "ranks": ranks(totals, kinds),
        "bands": distribution(list(totals.values()), round_.scale),
        "failed_count": sum(not round_.scale.has_passed(each) for each in totals.values()),
        "last_totals": list_totals_of(round_.kind, round_.year - 1, list(totals)),
    }


def show_round(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page of a round."""
    actor = current_actor()
    round_ = get_round(actor, code)
    organizes = is_organizer(actor, round_)
    assessments = list_assessments_of_round(round_.id)
    results = _results(round_, assessments)
    moment = round_moment(round_, assessments, results)
    is_planning = organizes and round_.state in (RoundState.PLANNED, RoundState.OPEN)
    seat_form = SeatForm(formdata=None)
    if is_planning:
        seat_form.person.choices = [
            (person.id, f"{person.name}（{person.employer.name if person.employer else '—'}）")
            for person in list_possible_assessors(round_)
        ]
    possible = ROUND.possible(round_.state, actor.permissions) if organizes else []
    sets_scale = actor.role is Role.COMMISSION_OFFICER and actor.place == round_.place
    page = {
        "round": round_,
        "rubric": get_rubric(round_.rubric_id),
        "organizes": organizes,
        "is_planning": is_planning,
        "sets_scale": sets_scale and round_.state in (RoundState.PLANNED, RoundState.OPEN),
        "assessments": assessments,
        "centers": list_assessable_centers(round_) if round_.state is RoundState.PLANNED else [],
        "results": results,
        "sees_results": _sees_results(round_),
        **_standing(round_, assessments),
        "moment": moment,
        "seat": find_seat(round_.id, actor.person_id),
        "actions": {t.action for t in possible if not ROUND.failed_guard(t, moment)},
        "next_step": next_step(round_, moment) if organizes else "",
        "steps": history(ROUND, round_.id),
        "is_debrief": round_.kind is AssessmentKind.DEBRIEF,
        **_commendations(actor, round_, assessments),
        "scale_form": _scale_form(round_),
        "seat_form": seat_form,
        "step_form": StepForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("evaluations/round.html", **page), status


def _typed_reasons() -> dict[int, str]:
    """By assessment, for what it is to be commended."""
    pairs = ((name.partition("-"), text) for name, text in request.form.items())
    return {
        int(key): text[:MOST_REASON]
        for (word, _dash, key), text in pairs
        if word == "reason" and key.isdecimal() and len(key) < 10
    }


def _commendations(
    actor: Actor, round_: Round, assessments: Sequence[Assessment]
) -> dict[str, Any]:
    """Who may be commended, who was, and the circulars."""
    if round_.state is not RoundState.PUBLISHED or not round_.grades:
        return {"commendable": (), "commended": (), "circulars": ()}
    commended = list_commended(round_)
    keys = sorted({entry.commendation_id for entry in commended})
    return {
        "commendable": commendable(round_, assessments, commended)
        if is_of_commission(actor, round_)
        else (),
        "commended": commended,
        "typed_reasons": _typed_reasons(),
        "circulars": [paper for key in keys for paper in list_papers_of("commendation", key)],
    }


def _scale_form(round_: Round) -> ScaleForm:
    form = ScaleForm(formdata=None)
    form.version.data, form.pass_mark.data = round_.version, round_.pass_mark
    form.grades.data = "\n".join(f"{name} {least}" for name, least in round_.grades)
    return form


def act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "") -> Answer:
    """Take a step in a transaction and lead back to the round."""
    if succeeds(form, step, done):
        return redirect(url_for("evaluations.show", code=code))
    return show_round(code, 422, failed=form, **({name: form} if name else {}))


@bp.post("/rounds/<code>/scale")
@requires(P.ROUND_SCALE)
def scale(code: str) -> Answer:
    """The commission sets pass mark and grades."""
    actor, form = current_actor(), ScaleForm()
    return act(
        code,
        form,
        lambda: planning.set_scale(actor, code, form.version.data, form.pass_mark.data, form.bands),
        _("Pass mark and grades are set."),
        "scale_form",
    )


@bp.post("/rounds/<code>/assessors")
@requires(P.ROUND_EDIT)
def seat(code: str) -> Answer:
    """Seat an assessor."""
    actor, form = current_actor(), SeatForm()
    round_ = get_round(actor, code)
    if not is_organizer(actor, round_):
        raise NotFound
    people = list_possible_assessors(round_)
    form.person.choices = [(person.id, person.name) for person in people]
    return act(
        code,
        form,
        lambda: planning.seat_assessor(actor, code, form.person.data, form.side.data),
        _("The assessor is seated."),
        "seat_form",
    )


@bp.post("/rounds/<code>/assessors/<int:person_id>/remove")
@requires(P.ROUND_EDIT)
def unseat(code: str, person_id: int) -> Answer:
    """An assessor leaves the round."""
    actor = current_actor()
    done = _("The assessor has left the round.")
    return act(code, Form(), lambda: planning.unseat_assessor(actor, code, person_id), done)


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "open": (running.open_round, _l("The centers were asked for their accounts.")),
    "start_scoring": (running.start_scoring, _l("The assessors were asked to score.")),
    "publish": (running.publish, _l("The results are published; the days of appeal run.")),
}


@bp.post("/rounds/<code>/<any(open,start_scoring,publish):action>")
@requires(P.ROUND_EDIT)
def step(code: str, action: str) -> Answer:
    """A step without words."""
    actor, form = current_actor(), StepForm()
    take, done = STEPS[action]
    return act(code, form, lambda: take(actor, code, form.version.data), done)


@bp.post("/rounds/<code>/cancel")
@requires(P.ROUND_EDIT)
def cancel(code: str) -> Answer:
    """Cancel the round, with a reason."""
    actor, form = current_actor(), StepForm()
    return act(
        code,
        form,
        lambda: running.cancel_round(actor, code, form.version.data, form.reason.data or ""),
        _("The round is cancelled; nothing of it counts."),
        "step_form",
    )


@bp.post("/rounds/<code>/commend")
@requires(P.ROUND_SCALE)
def commend(code: str) -> Answer:
    """The commission commends centers, each for its reason."""
    actor, form = current_actor(), Form()
    reasons = _typed_reasons()
    return act(
        code,
        form,
        lambda: commending.commend(actor, code, reasons),
        _("The centers are commended; the circular is being made."),
    )
