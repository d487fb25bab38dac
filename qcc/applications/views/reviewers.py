"""Who reviews: candidates with what keeps them out, the draw, the choice, the release."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.applications import services
from qcc.applications.forms import ReasonForm
from qcc.applications.forms.competitions import ChooseForm, DrawForm
from qcc.applications.permissions import is_reception
from qcc.applications.queries import get_competition, list_draws, list_entries
from qcc.applications.services.reviewers import CHOOSING, names_of
from qcc.applications.views import bp
from qcc.applications.views.competitions import seats_of
from qcc.applications.views.parts import Answer
from qcc.applications.workflow import SEATED
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key, once
from qcc.infra.templating import label
from qcc.kernel.permissions import Permission as P


@bp.get("/competitions/<code>/reviewers")
@requires(P.COMPETITION_EDIT)
def reviewers(code: str) -> Answer:
    """The seats, who sits on them, and who could: with what keeps the others out."""
    return _page(code, request.args.get("specialty"))


def _page(
    code: str,
    wanted: str | None,
    choose_form: ChooseForm | None = None,
    release_form: ReasonForm | None = None,
) -> Answer:
    actor = current_actor()
    competition = get_competition(actor, code)
    if not is_reception(actor, competition.call):
        raise NotFound
    seats = seats_of(competition)
    specialty = _wanted(seats, wanted)
    of_all = specialty == "" or "all" in request.args
    may_choose = competition.state in CHOOSING
    possible = (
        services.list_possible(actor, competition, "" if of_all else specialty)
        if may_choose
        else []
    )
    names = names_of(list_entries(competition))
    html = render_template(
        "applications/competition/reviewers.html",
        competition=competition,
        seats=seats,
        specialty=specialty,
        lacking={name: lacking for name, _count, lacking in seats}.get(specialty, 0),
        of_all=of_all,
        may_choose=may_choose,
        possible=possible,
        free=sum(one.is_free for one in possible),
        why=lambda one: _why(one, names),
        seated=[r for r in competition.reviewers if r.state in SEATED],
        replaced=[r for r in competition.reviewers if r.state not in SEATED],
        draws=list_draws(competition.id),
        names={one.expert.code: one.expert.name for one in possible},
        choose_form=choose_form or ChooseForm(formdata=None),
        release_form=release_form,
        key=new_key(),
    )
    wrong = any(form is not None and form.errors for form in (choose_form, release_form))
    return html, 422 if wrong else 200


def _wanted(seats: list[tuple[str, int, int]], wanted: str | None) -> str:
    """The specialty that is asked for, else the first whose seats are not all taken."""
    known = [specialty for specialty, _count, _lacking in seats]
    if wanted in known:
        return str(wanted)
    free = (specialty for specialty, _count, lacking in seats if lacking)
    return next(free, known[0] if known else "")


def _why(one: services.Possible, names: Any) -> list[str]:
    """What keeps an expert out, in words, with the applicant it binds to."""
    found = [
        _("%(bar)s: %(name)s", bar=label(barred.bar), name=names[barred.applicant_id])
        if barred.applicant_id in names
        else label(barred.bar)
        for barred in one.bars
    ]
    if one.is_seated:
        found.append(_("Takes part already, or was replaced"))
    if not one.has_account:
        found.append(_("Has no account as an expert"))
    return found


@bp.post("/competitions/<code>/reviewers/draw")
@requires(P.COMPETITION_EDIT)
def draw_reviewers(code: str) -> Answer:
    """Draw the reviewers that a specialty's seats lack, by chance that anybody can follow."""
    actor, form = current_actor(), DrawForm()
    specialty = form.specialty.data or ""
    try:
        once(
            actor,
            form.key.data or "",
            lambda: services.draw_reviewers(actor, code, specialty).id,
        )
        flash(_("The reviewers were drawn. Seed and candidates are on record below."), "done")
    except Refused as refusal:
        flash(str(refusal.message), "error")
    return _back(code, specialty)


@bp.post("/competitions/<code>/reviewers/choose")
@requires(P.COMPETITION_EDIT)
def choose_reviewer(code: str) -> Answer:
    """Choose a reviewer with a reason, instead of drawing."""
    actor, form = current_actor(), ChooseForm()
    specialty = form.specialty.data or ""
    if form.validate_on_submit():
        try:
            once(
                actor,
                form.key.data,
                lambda: (
                    services.choose_reviewer(
                        actor, code, form.expert.data, specialty, form.reason.data
                    ).code
                ),
            )
            flash(_("The reviewer was chosen; the reason is on record."), "done")
            return _back(code, specialty)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(code, specialty, choose_form=form)


@bp.route("/competitions/<code>/reviewers/<reviewer_code>/release", methods=["GET", "POST"])
@requires(P.COMPETITION_EDIT)
def release_reviewer(code: str, reviewer_code: str) -> Answer:
    """Release a reviewer who has not lodged, after the consequence was read."""
    actor, form = current_actor(), ReasonForm()
    competition = get_competition(actor, code)
    reviewer = next((r for r in competition.reviewers if r.code == reviewer_code), None)
    if reviewer is None or not is_reception(actor, competition.call):
        raise NotFound
    if form.validate_on_submit():
        with transaction():
            services.release_reviewer(actor, code, reviewer_code, form.reason.data)
        flash(_("The reviewer was released; the seat is free again."), "done")
        return redirect(url_for("applications.reviewers", code=code))
    html = render_template(
        "applications/competition/release.html",
        competition=competition,
        reviewer=reviewer,
        form=form,
    )
    return html, 422 if form.errors else 200


def _back(code: str, specialty: str) -> Answer:
    address = url_for("applications.reviewers", code=code, specialty=specialty)
    return redirect(address)
