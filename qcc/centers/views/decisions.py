"""What the commission decides about a personnel change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.centers.forms import DecideForm
from qcc.centers.models import OfficerChange
from qcc.centers.permissions import may_decide_change
from qcc.centers.queries import get_change
from qcc.centers.rules import OfficerPost
from qcc.centers.services import (
    Replacement,
    book_in_force,
    check_replacement,
    dismiss_change,
    except_officer,
    replace_officer,
    return_proposal,
)
from qcc.centers.views import bp
from qcc.centers.views.conflict import status_of, tell_stale
from qcc.centers.workflow import CHANGE, ChangeState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Finding
from qcc.kernel.workflow import Reason

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Decision:
    """What the commission can decide: the button, what follows, and the service."""

    button: Any
    consequence: Any
    done: Any
    service: Callable[..., OfficerChange]


DECISIONS = {
    "replace": Decision(
        _l("Approve the replacement"),
        _l(
            "The officer leaves the post today and loses the desk at the center; the proposed"
            " person takes the post. The host is told."
        ),
        _l("The post is filled anew."),
        replace_officer,
    ),
    "except": Decision(
        _l("Grant the exception"),
        _l("The person stays in the post; the exception is recorded. The host is told."),
        _l("The exception is recorded."),
        lambda actor, change_id, version, _reason: except_officer(actor, change_id, version),
    ),
    "return": Decision(
        _l("Return the proposal"),
        _l("The task goes back to the host, with your reason."),
        _l("The proposal was returned to the host."),
        return_proposal,
    ),
    "dismiss": Decision(
        _l("Dismiss the report"),
        _l("The task ends and the officer stays as before. For a report that was made in error."),
        _l("The report was dismissed."),
        dismiss_change,
    ),
}
"""In the order of their buttons."""

ASKED = {
    OfficerPost.DIRECTOR: "host_position",
    OfficerPost.EXECUTIVE_DEPUTY: "is_discipline_leader",
    OfficerPost.DEPUTY: "is_specialist",
    OfficerPost.SECRETARY: "in_host_discipline",
}
"""What M.12(2) to (4) asks about the person in each post, and so the form."""


def proposed_in(change: OfficerChange) -> dict[str, Any]:
    """The proposal in words, and what the rules find in it."""
    waits = change.state is ChangeState.PROPOSED
    return {
        "replacement": Replacement.of(change.replacement) if change.replacement else None,
        "asked": ASKED[change.officer.post],
        "findings": _findings(change) if change.replacement and waits else [],
    }


def _findings(change: OfficerChange) -> list[Finding]:
    return check_replacement(change, book_in_force(change.center.place, clock.today()))


def possible_decisions(actor: Actor, change: OfficerChange) -> dict[str, Decision]:
    """The decisions that fit what was proposed."""
    if not may_decide_change(actor, change.center):
        return {}
    unfit = "except" if change.replacement else "replace"
    possible = {step.action for step in CHANGE.possible(change.state, actor.permissions)}
    return {
        action: decision
        for action, decision in DECISIONS.items()
        if action in possible and action != unfit
    }


@bp.route(
    "/changes/<int:change_id>/<any(replace,except,return,dismiss):action>",
    methods=["GET", "POST"],
    endpoint="decide_change",
)
@requires(P.OFFICER_DECIDE)
def decide(change_id: int, action: str) -> Answer:
    """Confirm a decision about a change."""
    actor, chosen = current_actor(), DECISIONS[action]
    found = get_change(actor, change_id)
    if not may_decide_change(actor, found.center):
        raise NotFound
    step = CHANGE.find(action, found.state)
    form, status = DecideForm(), 200
    if request.method == "GET":
        form.version.data = found.version
    elif form.validate():
        try:
            with transaction():
                chosen.service(actor, change_id, form.version.data, form.reason.data or "")
            flash(str(chosen.done), "done")
            return redirect(url_for("centers.change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
        except RulesBroken:
            status = 422
        except StaleEdit as stale:
            status = tell_stale(form, stale)
    proposed = proposed_in(found)
    findings = proposed["findings"] if action == "replace" else []
    page = render_template(
        "centers/decide_change.html",
        change=found,
        form=form,
        decision=chosen,
        asks_reason=step.reason is Reason.REQUIRED or any(f.needs_justification for f in findings),
        is_barred=any(f.blocks for f in findings),
        **{**proposed, "findings": findings},
    )
    return page, status_of(form, status)
