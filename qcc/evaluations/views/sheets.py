"""Score sheets of an assessor: one center across all items, or one item across all centers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.evaluations.forms import StepForm, typed_points
from qcc.evaluations.models import Assessment, Round, RoundAssessor
from qcc.evaluations.queries import (
    conflicts_of,
    find_seat,
    get_round,
    list_assessments_of_round,
    list_evidence_of_round,
    list_own_scores,
    sheet_of,
)
from qcc.evaluations.services import scoring
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.views.shown import known_words
from qcc.evaluations.workflow import RoundState
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rubrics import Item, Rubric
from qcc.regulations.rubrics import get_rubric


@dataclass(slots=True)
class Cell:
    """One center at one item: what is typed or saved, what is on record, what went wrong."""

    assessment: Assessment
    item: Item
    points: Any = None
    remark: str = ""
    known: Any = None
    error: Any = ""

    @property
    def name(self) -> str:
        """By what the fields of the cell are called."""
        return f"{self.assessment.code}-{self.item.code}"


def _own_round(code: str) -> tuple[Round, RoundAssessor]:
    """A round in which the reader assesses, once the scoring has begun; raises NotFound."""
    actor = current_actor()
    round_ = get_round(actor, code)
    seat = find_seat(round_.id, actor.person_id)
    if seat is None or round_.state not in (RoundState.SCORING, RoundState.PUBLISHED):
        raise NotFound
    return round_, seat


def _scorable(round_: Round, seat: RoundAssessor) -> list[Assessment]:
    """The centers that the assessor may score."""
    excluded = conflicts_of(round_.id)
    return [
        each
        for each in list_assessments_of_round(round_.id)
        if seat.id not in excluded.get(each.id, ())
    ]


@bp.get("/rounds/<code>/sheet")
@requires(P.ASSESSMENT_SCORE)
def sheet(code: str) -> Answer:
    """How far the reader has scored: centers and items, each leading to its sheet."""
    return _overview(code)


def _overview(code: str, form: StepForm | None = None) -> Answer:
    round_, seat = _own_round(code)
    rubric, centers = get_rubric(round_.rubric_id), _scorable(round_, seat)
    own = list_own_scores(seat.id)
    items = list(rubric.items)
    page = render_template(
        "evaluations/sheet.html",
        round=round_,
        seat=seat,
        rubric=rubric,
        centers=centers,
        left_out=[e for e in list_assessments_of_round(round_.id) if e not in centers],
        by_center={each.id: sum((each.id, item.code) in own for item in items) for each in centers},
        by_item={item.code: sum((each.id, item.code) in own for each in centers) for item in items},
        left=len(centers) * len(items) - len(own),
        item_count=len(items),
        is_open=round_.state is RoundState.SCORING and seat.lodged_at is None,
        form=form or StepForm(formdata=None),
    )
    return page, 422 if form and form.errors else 200


@bp.post("/rounds/<code>/lodge")
@requires(P.ASSESSMENT_SCORE)
def lodge(code: str) -> Answer:
    """Lodge the scores: they are fixed."""
    _own_round(code)
    form = StepForm()
    try:
        with transaction():
            scoring.lodge(current_actor(), code)
    except Refused as refusal:
        form.refuse(refusal)
        return _overview(code, form)
    flash(_("Your scores are lodged and fixed."), "done")
    return redirect(url_for("evaluations.sheet", code=code))


@bp.route("/rounds/<code>/centers/<assessment_code>", methods=["GET", "POST"])
@requires(P.ASSESSMENT_SCORE)
def center_sheet(code: str, assessment_code: str) -> Answer:
    """All items of one center."""
    round_, seat = _own_round(code)
    centers = _scorable(round_, seat)
    found = next((each for each in centers if each.code == assessment_code), None)
    if found is None:
        raise NotFound
    rubric = get_rubric(round_.rubric_id)
    cells = _cells(seat, [found], list(rubric.items))
    at = centers.index(found)
    following = centers[at + 1] if at + 1 < len(centers) else None
    after = (
        url_for("evaluations.center_sheet", code=code, assessment_code=following.code)
        if following
        else url_for("evaluations.sheet", code=code)
    )
    return _scored(
        round_, seat, rubric, cells, "evaluations/center_sheet.html", after,
        assessment=found, following=following,
    )  # fmt: skip


@bp.route("/rounds/<code>/items/<item_code>", methods=["GET", "POST"])
@requires(P.ASSESSMENT_SCORE)
def item_sheet(code: str, item_code: str) -> Answer:
    """One item across all centers."""
    round_, seat = _own_round(code)
    rubric = get_rubric(round_.rubric_id)
    items = list(rubric.items)
    try:
        item = rubric[item_code]
    except KeyError:
        raise NotFound from None
    cells = _cells(seat, _scorable(round_, seat), [item])
    at = items.index(item)
    following = items[at + 1] if at + 1 < len(items) else None
    after = (
        url_for("evaluations.item_sheet", code=code, item_code=following.code)
        if following
        else url_for("evaluations.sheet", code=code)
    )
    return _scored(
        round_, seat, rubric, cells, "evaluations/item_sheet.html", after,
        item=item, following=following,
    )  # fmt: skip


def _cells(
    seat: RoundAssessor, assessments: Sequence[Assessment], items: Sequence[Item]
) -> list[Cell]:
    saved = sheet_of(seat.id, [each.id for each in assessments])
    found = []
    for assessment in assessments:
        for item in items:
            score = saved.get((assessment.id, item.code))
            found.append(
                Cell(
                    assessment,
                    item,
                    score.points if score else None,
                    score.remark if score else "",
                    known_words(assessment, item),
                )
            )
    return found


def _scored(
    round_: Round,
    seat: RoundAssessor,
    rubric: Rubric,
    cells: list[Cell],
    template: str,
    after: str,
    **more: Any,
) -> Answer:
    """The sheet; what is sent is saved, and leads on to the next. What cannot be saved comes back
    with all that was typed, and nothing of it is saved."""
    status = 200
    if request.method == "POST":
        if _save(round_, cells):
            flash(_("Saved."), "done")
            return redirect(after)
        status = 422
    page = render_template(
        template,
        round=round_,
        seat=seat,
        rubric=rubric,
        cells=cells,
        by_item={cell.item.code: cell for cell in cells},
        evidence=list_evidence_of_round(round_.id, {cell.assessment.id for cell in cells}),
        is_open=round_.state is RoundState.SCORING and seat.lodged_at is None,
        **more,
    )
    return page, status


def _save(round_: Round, cells: Sequence[Cell]) -> bool:
    """Save what was sent; whether that went well. Errors are put at their cells."""
    points, errors = typed_points(request.form, [cell.name for cell in cells])
    given: dict[tuple[str, str], tuple[Decimal | None, str]] = {}
    for cell in cells:
        cell.remark = request.form.get(f"remark-{cell.name}", "").strip()[:2000]
        cell.error = errors.get(cell.name, "")
        cell.points = request.form.get(cell.name, "")[:20]
        if cell.name in points:
            given[cell.assessment.code, cell.item.code] = (points[cell.name], cell.remark)
    if errors:
        return False
    try:
        with transaction():
            scoring.save_scores(current_actor(), round_.code, given)
    except Refused as refusal:
        at = next((cell for cell in cells if cell.name == refusal.field), cells[0])
        at.error = refusal.message
        return False
    return True
