"""The decision on an appeal."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.evaluations.forms import AppealDecisionForm, typed_points
from qcc.evaluations.models import Appeal, Assessment
from qcc.evaluations.queries import find_appeal, get_assessment, list_evidence
from qcc.evaluations.services.appealing import decide_appeal, involved_in
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.views.shown import known_words
from qcc.evaluations.workflow import AssessmentState
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.pages import put_at_field
from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import GuardFailed
from qcc.regulations.rubrics import get_rubric


def _pending(code: str) -> tuple[Assessment, Appeal]:
    """An appeal that the reader's commission decides; raises NotFound."""
    actor = current_actor()
    found = get_assessment(actor, code)
    raised = find_appeal(found.id)
    if actor.place != found.round.place or raised is None:
        raise NotFound
    if found.state is not AssessmentState.APPEALED:
        raise NotFound
    return found, raised


def _page(code: str, form: AppealDecisionForm, status: int, **more: Any) -> tuple[str, int]:
    found, raised = _pending(code)
    rubric = get_rubric(found.round.rubric_id)
    evidence: dict[str, list[Any]] = {}
    for piece in list_evidence(found.id):
        evidence.setdefault(piece.item, []).append(piece)
    page = {
        "assessment": found,
        "round": found.round,
        "appeal": raised,
        "rubric": rubric,
        "evidence": evidence,
        "known": {item.code: known_words(found, item) for item in rubric.items},
        "is_involved": current_actor().person_id in involved_in(found),
        "form": form,
        "typed": {},
        "errors": {},
        **more,
    }
    return render_template("evaluations/appeal.html", **page), status


@bp.get("/assessments/<code>/appeal")
@requires(P.APPEAL_DECIDE)
def decide_on_appeal(code: str) -> Answer:
    """The appeal beside the result, and what can be decided."""
    _found, raised = _pending(code)
    form = AppealDecisionForm(formdata=None, data={"version": raised.version})
    return _page(code, form, 200)


@bp.post("/assessments/<code>/appeal/decide")
@requires(P.APPEAL_DECIDE)
def decide_appeal_now(code: str) -> Answer:
    """Uphold with other points, or reject."""
    found, _raised = _pending(code)
    form, actor = AppealDecisionForm(), current_actor()
    names = [f"points-{item.code}" for item in get_rubric(found.round.rubric_id).items]
    points, errors = typed_points(request.form, names)
    typed = {name: request.form.get(name, "")[:20] for name in names}
    corrected: dict[str, Decimal] = {
        name.removeprefix("points-"): value for name, value in points.items() if value is not None
    }
    if not form.validate_on_submit() or errors:
        return _page(code, form, 422, typed=typed, errors=errors)
    try:
        with transaction():
            decide_appeal(
                actor,
                code,
                form.version.data,
                upheld=form.verdict.data == "uphold",
                reason=form.reason.data or "",
                corrected=corrected,
            )
    except Refused as refusal:
        form.refuse(refusal)
        at = {refusal.field: refusal.message} if refusal.field in names else {}
        return _page(code, form, 422, typed=typed, errors=at)
    except GuardFailed as failure:
        put_at_field(form, failure, {"something_is_corrected": "verdict"})
        return _page(code, form, 422, typed=typed, errors={})
    flash(_("The appeal is decided; the result is final."), "done")
    return redirect(url_for("evaluations.assessment", code=code))
