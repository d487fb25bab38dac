"""The reviewer's pages: declaration, applications beside their sheets, lodging, the result."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for

from qcc.applications import services
from qcc.applications.forms import ReasonForm
from qcc.applications.forms.competitions import DeclareForm, LodgeForm, ScoreForm
from qcc.applications.models import Application, Competition, Reviewer
from qcc.applications.queries import (
    get_assigned,
    get_assigned_file,
    get_own_review,
    list_drafts,
    list_entries,
    list_lodged,
    list_own_reviews,
    list_reviewed,
    list_slots,
    may_read_entries,
    read_last_submitted,
)
from qcc.applications.sections import asked_items
from qcc.applications.services.facts import rulebook_of
from qcc.applications.services.reviewing import is_complete
from qcc.applications.shown_results import lodged_reviewers, shown_results
from qcc.applications.submitted import submitted_content
from qcc.applications.views import bp
from qcc.applications.views.parts import Answer, save, status
from qcc.applications.views.reading import sent
from qcc.applications.workflow import CompetitionState, ReviewerState
from qcc.centers.rules import OfficerPost
from qcc.infra import audit, clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P

Scores = Mapping[tuple[int, int], Any]


@bp.get("/reviews")
@requires(P.REVIEW_SCORE)
def reviews() -> Answer:
    """What the reader was asked to review."""
    found = list_own_reviews(current_actor())
    return render_template("applications/review/index.html", reviews=found, states=ReviewerState)


@bp.get("/reviews/<code>")
@requires(P.REVIEW_SCORE)
def own_review(code: str) -> Answer:
    """The reader's own part: declare first, then score, lodge, and see the result."""
    return _page(code)


def _page(
    code: str, declare_form: DeclareForm | None = None, conflict_form: ReasonForm | None = None
) -> Answer:
    reviewer = get_own_review(current_actor(), code)
    competition = reviewer.competition
    may_read = may_read_entries(reviewer)
    is_asked = reviewer.state is ReviewerState.ASKED
    entries = list_reviewed(competition) if may_read else []
    html = render_template(
        "applications/review/show.html",
        reviewer=reviewer,
        competition=competition,
        states=ReviewerState,
        applicants=list_entries(competition) if is_asked else [],
        entries=entries,
        done=_progress(reviewer, entries),
        slots={slot.application_id: slot for slot in list_slots(competition.id)} if entries else {},
        is_running=competition.state is CompetitionState.REVIEWING,
        is_closed=competition.state is CompetitionState.CLOSED,
        is_late=competition.score_by is not None and clock.now() >= competition.score_by,
        **_shown_result(reviewer),
        declare_form=declare_form or DeclareForm(formdata=None),
        conflict_form=conflict_form or ReasonForm(formdata=None, prefix="conflict-"),
        is_reporting=conflict_form is not None,
    )
    wrong = any(form is not None and form.errors for form in (declare_form, conflict_form))
    return html, 422 if wrong else 200


def _progress(reviewer: Reviewer, entries: Any) -> dict[int, int]:
    """How many criteria of each application are scored, or left with a remark."""
    scores = _scores(reviewer)
    return {
        entry.id: sum(
            _is_said(scores.get((entry.id, criterion.id)))
            for criterion in reviewer.competition.criteria
        )
        for entry in entries
    }


def _is_said(score: Any) -> bool:
    return score is not None and (score.points is not None or bool(score.remark))


def _scores(reviewer: Reviewer) -> Scores:
    """The reviewer's own scores: in the making, or as lodged."""
    if reviewer.state is not ReviewerState.LODGED:
        return list_drafts(reviewer.id)
    return {(row.application_id, row.criterion_id): row for row in list_lodged([reviewer.id])}


def _shown_result(reviewer: Reviewer) -> dict[str, Any]:
    """The result, for who took part in it; the other reviewers are numbers."""
    competition = reviewer.competition
    if competition.state is not CompetitionState.CLOSED or (
        reviewer.state is not ReviewerState.LODGED
    ):
        return {"results": [], "columns": []}
    names = {
        other.code: _("You") if other.id == reviewer.id else _("Reviewer %(number)s", number=number)
        for number, other in enumerate(lodged_reviewers(competition), 1)
    }
    return {"results": shown_results(competition, names), "columns": list(names.values())}


@bp.post("/reviews/<code>/declare")
@requires(P.REVIEW_SCORE)
def declare_free(code: str) -> Answer:
    """Sign the conflict declaration; only then files are open."""
    form = DeclareForm()
    if not form.validate_on_submit():
        return _page(code, declare_form=form)
    with transaction():
        services.declare(current_actor(), code)
    flash(_("The declaration is signed. The applications are open to you."), "done")
    return redirect(url_for("applications.own_review", code=code))


@bp.post("/reviews/<code>/conflict")
@requires(P.REVIEW_SCORE)
def report_conflict(code: str) -> Answer:
    """Report what binds the reader to an applicant; nothing more is seen then."""
    form = ReasonForm(prefix="conflict-")
    if not form.validate_on_submit():
        return _page(code, conflict_form=form)
    with transaction():
        services.report_conflict(current_actor(), code, form.reason.data)
    return redirect(url_for("applications.own_review", code=code))


# --- an application beside its sheet ---


@bp.get("/reviews/<code>/applications/<application_code>")
@requires(P.REVIEW_SCORE)
def sheet(code: str, application_code: str) -> Answer:
    """What was submitted, beside the sheet; the reading is on record."""
    actor = current_actor()
    _reviewer, application = get_assigned(actor, code, application_code)
    detail = {"number": application.number, "review": code}
    with transaction():
        audit.record(actor, "application.read", "application", application.id, detail)
    return _sheet(code, application_code)


def _sheet(code: str, application_code: str, refused: tuple[int, ScoreForm] | None = None) -> str:
    reviewer, application = get_assigned(current_actor(), code, application_code)
    competition, scores = reviewer.competition, _scores(reviewer)
    forms = {
        criterion.id: _score_form(scores.get((application.id, criterion.id)))
        for criterion in competition.criteria
    }
    if refused:
        forms[refused[0]] = refused[1]
    content = read_last_submitted(application.id)
    entries = list(list_reviewed(competition))
    at = [entry.id for entry in entries].index(application.id)
    return render_template(
        "applications/review/sheet.html",
        reviewer=reviewer,
        competition=competition,
        application=application,
        submitted=submitted_content(content) if content else None,
        items=asked_items(rulebook_of(application), application.center.place),
        posts=list(OfficerPost),
        forms=forms,
        refused=refused[0] if refused else 0,
        is_open=_is_open(reviewer),
        done=_progress(reviewer, [application])[application.id],
        at=at + 1,
        count=len(entries),
        following=entries[at + 1] if at + 1 < len(entries) else None,
    )


def _is_open(reviewer: Reviewer) -> bool:
    """Whether the reviewer may still score."""
    return (
        reviewer.state is ReviewerState.DECLARED
        and reviewer.competition.state is CompetitionState.REVIEWING
    )


def _score_form(score: Any) -> ScoreForm:
    points = None if score is None else score.points
    return ScoreForm(
        formdata=None,
        data={
            "points": points,
            "remark": score.remark if score else "",
            "version": getattr(score, "version", 0) if score else 0,
        },
    )


@bp.post("/reviews/<code>/applications/<application_code>/scores/<int:criterion_id>")
@requires(P.REVIEW_SCORE)
def save_score(code: str, application_code: str, criterion_id: int) -> Answer:
    """Keep the score of one criterion while it is being thought over."""
    form = ScoreForm()
    actor = current_actor()
    answer = save(
        form,
        lambda: services.save_score(
            actor,
            code,
            application_code,
            criterion_id,
            form.points.data,
            form.remark.data or "",
            form.version.data,
        ),
        url_for(
            "applications.sheet",
            code=code,
            application_code=application_code,
            _anchor=f"criterion-{criterion_id}",
        ),
        lambda draft: {"points": draft.points, "remark": draft.remark},
    )
    if answer is not None:
        return answer
    return _sheet(code, application_code, refused=(criterion_id, form)), status(form)


@bp.get("/reviews/<code>/applications/<application_code>/files/<file_code>")
@requires(P.REVIEW_SCORE)
def review_file(code: str, application_code: str, file_code: str) -> Answer:
    """Download a file of an application; the reading is on record."""
    actor = current_actor()
    found = get_assigned_file(actor, code, application_code, file_code)
    return sent(actor, found.file, "application.file_read", found.application_id)


# --- lodging ---


@bp.route("/reviews/<code>/lodge", methods=["GET", "POST"])
@requires(P.REVIEW_SCORE)
def lodge(code: str) -> Answer:
    """Look at every score once more, then lodge them: nobody changes them from then on."""
    reviewer, form = get_own_review(current_actor(), code), LodgeForm()
    if not may_read_entries(reviewer):
        raise NotFound
    if form.is_submitted() and form.validate():
        with transaction():
            services.lodge(current_actor(), code)
        flash(_("Your scores are lodged. Thank you for the review."), "done")
        return redirect(url_for("applications.own_review", code=code))
    if not form.is_submitted() and not _is_open(reviewer):
        return redirect(url_for("applications.own_review", code=code))
    return _lodge_page(code, form), status(form)


def _lodge_page(code: str, form: LodgeForm) -> str:
    reviewer = get_own_review(current_actor(), code)
    competition, scores = reviewer.competition, _scores(reviewer)
    entries = list_reviewed(competition)
    return render_template(
        "applications/review/lodge.html",
        reviewer=reviewer,
        competition=competition,
        entries=entries,
        scores=scores,
        totals={entry.id: _own_total(competition, entry, scores) for entry in entries},
        missing=services.missing_scores(reviewer),
        may_lodge=is_complete(reviewer) and _is_open(reviewer),
        form=form,
    )


def _own_total(competition: Competition, entry: Application, scores: Scores) -> Decimal | None:
    """What the reviewer's own points come to; None while a criterion has none."""
    total = Decimal()
    for criterion in competition.criteria:
        score = scores.get((entry.id, criterion.id))
        if score is None or score.points is None:
            return None
        total += criterion.weight * score.points / criterion.most
    return total.quantize(Decimal("0.01"))
