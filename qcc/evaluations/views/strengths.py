"""Strengths that the organizer shares with all centers of a round."""

from flask import request

from qcc.evaluations.queries import get_assessment
from qcc.evaluations.services import sharing
from qcc.evaluations.views.assessments import act, strength_form
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.infra.access import current_actor, requires
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P
from qcc.regulations.rubrics import get_rubric


@bp.post("/assessments/<code>/strengths")
@requires(P.ROUND_EDIT)
def note_strength(code: str) -> Answer:
    """Share a strength of the center."""
    actor = current_actor()
    rubric = get_rubric(get_assessment(actor, code).round.rubric_id)
    form = strength_form(rubric, formdata=request.form)
    return act(
        code,
        form,
        lambda: sharing.note_strength(actor, code, form.item.data, form.text.data),
        _("The strength is shown to all centers of the round."),
        "strength_form",
    )


@bp.post("/assessments/<code>/strengths/<int:strength_id>/withdraw")
@requires(P.ROUND_EDIT)
def withdraw_strength(code: str, strength_id: int) -> Answer:
    """Show it no more."""
    actor = current_actor()
    return act(
        code,
        Form(),
        lambda: sharing.withdraw_strength(actor, code, strength_id),
        _("The strength is shown no more."),
    )
