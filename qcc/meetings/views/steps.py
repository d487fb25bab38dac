"""The steps of a meeting's life, from the notice to the director's signature, and amendments."""

from collections.abc import Callable
from typing import Any

from qcc.infra.access import current_actor, requires
from qcc.infra.i18n import _, _l
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import AmendmentForm, StepForm
from qcc.meetings.services import following, holding, preparing
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.pages import act

STEPS: dict[str, tuple[Callable[[Actor, int, int], Any], Any]] = {
    "announce": (preparing.announce, _l("The notice was sent.")),
    "hold": (holding.hold, _l("The meeting is on record as held.")),
    "draft": (holding.draft_minutes, _l("The minutes can be written now.")),
    "circulate": (holding.circulate, _l("The minutes were sent for correction.")),
}


@bp.post("/meetings/<int:meeting_id>/<any(announce,hold,draft,circulate):action>")
@requires(P.MEETING_EDIT)
def step(meeting_id: int, action: str) -> Answer:
    """A step without words."""
    actor, form = current_actor(), StepForm()
    take, done = STEPS[action]
    return act(meeting_id, form, lambda: take(actor, meeting_id, form.version.data), done)


@bp.post("/meetings/<int:meeting_id>/cancel")
@requires(P.MEETING_EDIT)
def cancel(meeting_id: int) -> Answer:
    """Call the meeting off, with a reason."""
    return _reasoned(meeting_id, preparing.cancel, _("The meeting is called off."))


@bp.post("/meetings/<int:meeting_id>/sign")
@requires(P.MEETING_SIGN)
def sign(meeting_id: int) -> Answer:
    """The director signs the minutes."""
    actor, form = current_actor(), StepForm()
    return act(
        meeting_id,
        form,
        lambda: holding.sign_minutes(actor, meeting_id, form.version.data),
        _("The minutes are final and the tasks given out."),
    )


@bp.post("/meetings/<int:meeting_id>/return")
@requires(P.MEETING_SIGN)
def return_minutes(meeting_id: int) -> Answer:
    """The director gives the minutes back, with a reason."""
    done = _("The minutes were returned to the secretary.")
    return _reasoned(meeting_id, holding.return_minutes, done)


def _reasoned(meeting_id: int, take: Callable[[Actor, int, int, str], Any], done: str) -> Answer:
    actor, form = current_actor(), StepForm()
    return act(
        meeting_id,
        form,
        lambda: take(actor, meeting_id, form.version.data, form.reason.data or ""),
        done,
        "step_form",
    )


@bp.post("/meetings/<int:meeting_id>/amendments")
@requires(P.MEETING_EDIT)
def amend(meeting_id: int) -> Answer:
    """Propose an amendment to final minutes."""
    actor, form = current_actor(), AmendmentForm()
    return act(
        meeting_id,
        form,
        lambda: following.propose_amendment(actor, meeting_id, form.text.data, form.reason.data),
        _("The amendment awaits the second person."),
        "amendment_form",
    )


@bp.post("/meetings/<int:meeting_id>/amendments/<int:amendment_id>/<any(approve,refuse):action>")
@requires(P.MEETING_EDIT)
def decide_amendment(meeting_id: int, amendment_id: int, action: str) -> Answer:
    """The second person decides."""
    actor, form = current_actor(), StepForm()
    return act(
        meeting_id,
        form,
        lambda: following.decide_amendment(
            actor, meeting_id, amendment_id, form.version.data, action, form.reason.data or ""
        ),
        _("The amendment was decided."),
    )
