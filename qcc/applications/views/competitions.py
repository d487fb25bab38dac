"""Competitions as staff sees them: the list, one competition, its opening, review and result."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for

from qcc.applications import services
from qcc.applications.forms.competitions import CloseForm, ScheduleForm, TieForm
from qcc.applications.labels import competition_words
from qcc.applications.models import Competition
from qcc.applications.permissions import is_decider, is_reception
from qcc.applications.queries import (
    ReadStep,
    count_entered,
    get_competition,
    list_competitions,
    list_draws,
    list_entries,
    list_reviewed,
    list_slots,
)
from qcc.applications.services.competing import moment_of
from qcc.applications.services.progress import NextStep, next_step
from qcc.applications.services.results import first_of
from qcc.applications.shown_results import lodged_reviewers, shown_results
from qcc.applications.views import bp
from qcc.applications.views.calls import last_day
from qcc.applications.views.parts import Answer
from qcc.applications.workflow import (
    COMPETITION,
    REVIEWER,
    SEALED,
    SEATED,
    ApplicationState,
    CompetitionState,
)
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key
from qcc.infra.papers import list_papers_of
from qcc.infra.transitions import history, history_of_all
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Permission as P


@bp.get("/competitions")
@requires(P.COMPETITION_VIEW)
def competitions() -> Answer:
    """The competitions of the calls that the reader deals with."""
    found = list_competitions(current_actor())
    return render_template(
        "applications/competition/index.html", competitions=found, last_day=last_day
    )


@bp.get("/competitions/<code>")
@requires(P.COMPETITION_VIEW)
def competition(code: str) -> Answer:
    """One competition: where it stands, what comes next, its plan, reviewers and result."""
    return competition_page(code)


def competition_page(
    code: str,
    close_form: CloseForm | None = None,
    schedule_form: ScheduleForm | None = None,
    tie_form: TieForm | None = None,
) -> Answer:
    """The page, with the form that was refused if one was."""
    actor = current_actor()
    found = get_competition(actor, code)
    moment = moment_of(found, actor)
    is_closed = found.state is CompetitionState.CLOSED
    html = render_template(
        "applications/competition/show.html",
        competition=found,
        call=found.call,
        closing_day=last_day(found.call),
        moment=moment,
        step=next_step(found, moment),
        steps_named=NextStep,
        is_reception=is_reception(actor, found.call),
        is_decider=is_decider(actor, found.call),
        is_sealed=found.state in SEALED,
        is_before_call=moment.now < found.call.opens_at,
        received=count_entered(found),
        entries=list_entries(found),
        reviewed={a.id for a in list_reviewed(found)} if found.state not in SEALED else set(),
        seats=seats_of(found),
        seated=[r for r in found.reviewers if r.state in SEATED],
        replaced=[r for r in found.reviewers if r.state not in SEATED],
        slots=list_slots(found.id),
        first=first_of(found),
        columns=[reviewer.person.name for reviewer in lodged_reviewers(found)],
        results=_results(found) if is_closed else [],
        draws=list_draws(found.id),
        papers=list_papers_of("competition", found.id) if is_closed else [],
        key=new_key(),
        close_form=close_form or CloseForm(formdata=None),
        schedule_form=schedule_form or _next_schedule(),
        tie_form=tie_form or TieForm(formdata=None),
        timeline=_timeline(found),
        words=lambda _workflow, action: action,
        states=CompetitionState,
        ended=(ApplicationState.WITHDRAWN, ApplicationState.REFUSED),
    )
    wrong = any(form is not None and form.errors for form in (close_form, schedule_form, tie_form))
    return html, 422 if wrong else 200


def _next_schedule() -> ScheduleForm:
    return ScheduleForm(formdata=None)


def _results(found: Competition) -> list[Any]:
    names = {reviewer.code: reviewer.person.name for reviewer in lodged_reviewers(found)}
    return shown_results(found, names)


def seats_of(found: Competition) -> list[tuple[str, int, int]]:
    """Specialty, how many seats the plan has, and how many of them lack a reviewer."""
    counts = dict[str, int]()
    for specialty, count in found.seats:
        counts[specialty] = counts.get(specialty, 0) + count
    lacking = services.lacking_seats(found)
    return [(specialty, count, lacking[specialty]) for specialty, count in counts.items()]


def _timeline(found: Competition) -> list[ReadStep]:
    """The steps of the competition and of its reviewers, newest first."""
    names = {reviewer.id: reviewer.person.name for reviewer in found.reviewers}
    rows = [
        *((row, "") for row in history(COMPETITION, found.id)),
        *((row, names[row.subject_id]) for row in history_of_all(REVIEWER, list(names))),
    ]
    return [
        ReadStep(
            row.workflow,
            competition_words(row.action, name),
            row.at,
            row.organization_name,
            row.person_name,
            row.reason,
        )
        for row, name in sorted(rows, key=lambda pair: pair[0].id, reverse=True)
    ]


@bp.post("/competitions/<code>/open")
@requires(P.COMPETITION_OPEN)
def sign_opening(code: str) -> Answer:
    """Sign the opening of the applications; with a second person's signature they are open."""
    with transaction():
        found = services.sign_opening(current_actor(), code)
        is_open = found.state is CompetitionState.OPENED
    flash(
        _("The applications are open. The formal check can begin.")
        if is_open
        else _("You have signed the opening. A second person has to sign."),
        "done",
    )
    return _back(code)


@bp.post("/competitions/<code>/start")
@requires(P.COMPETITION_EDIT)
def start_review(code: str) -> Answer:
    """Begin the review: reviewers may declare and score."""
    with transaction():
        services.start_review(current_actor(), code)
    flash(_("The review has begun. The reviewers find it on their workbench."), "done")
    return _back(code)


@bp.post("/competitions/<code>/close")
@requires(P.COMPETITION_EDIT)
def close_review(code: str) -> Answer:
    """Close the review: the scores are unsealed and the result is made."""
    form = CloseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_review(current_actor(), code, form.reason.data or "")
            flash(_("The review is closed. Here is the result."), "done")
            return _back(code)
        except Refused as refusal:
            form.refuse(refusal)
    return competition_page(code, close_form=form)


@bp.post("/competitions/<code>/schedule")
@requires(P.COMPETITION_EDIT)
def schedule(code: str) -> Answer:
    """Give each applicant a time to present, in an order drawn by chance."""
    form = ScheduleForm()
    if form.validate_on_submit():
        begins: datetime = form.starts_at.data.replace(tzinfo=SHANGHAI)
        try:
            with transaction():
                services.schedule(current_actor(), code, begins, form.place.data)
            flash(_("The order of the presentations was drawn; each applicant is told."), "done")
            return redirect(url_for("applications.competition", code=code, _anchor="slots"))
        except Refused as refusal:
            form.refuse(refusal)
    return competition_page(code, schedule_form=form)


@bp.post("/competitions/<code>/tie")
@requires(P.APPLICATION_DECIDE)
def decide_tie(code: str) -> Answer:
    """The commission chooses among those who lead with the same total, with a reason."""
    form = TieForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.decide_tie(current_actor(), code, form.application.data, form.reason.data)
            flash(_("The choice is on record, with its reason."), "done")
            return _back(code)
        except Refused as refusal:
            form.refuse(refusal)
    return competition_page(code, tie_form=form)


def _back(code: str) -> Answer:
    return redirect(url_for("applications.competition", code=code))
