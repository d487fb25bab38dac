"""Revocations of hostings: the list, and the commission's decision."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for

from qcc.evaluations.forms import RevokeForm, StepForm
from qcc.evaluations.queries import get_revocation, list_revocations
from qcc.evaluations.services import revoking
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.workflow import REVOCATION, RevocationState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.papers import list_papers_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P
from qcc.regulations.rulebooks import rulebook_for


@bp.get("/revocations")
@requires(P.REVOCATION_VIEW)
def revocations() -> Answer:
    """What is proposed and decided."""
    return render_template("evaluations/revocations.html", rows=list_revocations(current_actor()))


@bp.get("/revocations/<code>")
@requires(P.REVOCATION_VIEW)
def revocation(code: str) -> Answer:
    """Both results, and the decision."""
    return _page(code)


def _page(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    actor = current_actor()
    found = get_revocation(actor, code)
    decides = (
        actor.may(P.REVOCATION_DECIDE)
        and actor.place == found.center.place
        and found.state is RevocationState.PROPOSED
    )
    book = rulebook_for(found.center.place, clock.today())
    revoke_form = RevokeForm(formdata=None, data={"version": found.version})
    revoke_form.ends_on.data = revoke_form.opens_on.data = clock.today()
    revoke_form.call_title.data = f"{found.center.name}挂靠单位重新遴选"
    page = {
        "revocation": found,
        "decides": decides,
        "limit": book["assessment.consecutive_failures"],
        "steps": history(REVOCATION, found.id),
        "papers": list_papers_of("revocation", found.id) if found.decided_at else (),
        "revoke_form": revoke_form,
        "step_form": StepForm(formdata=None, data={"version": found.version}),
        "failed": None,
        **more,
    }
    return render_template("evaluations/revocation.html", **page), status


def _act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str) -> Answer:
    if succeeds(form, step, done):
        return redirect(url_for("evaluations.revocation", code=code))
    return _page(code, 422, failed=form, **{name: form})


@bp.post("/revocations/<code>/approve")
@requires(P.REVOCATION_DECIDE)
def approve_revocation(code: str) -> Answer:
    """Revoke the hosting and call for a new host."""
    actor, form = current_actor(), RevokeForm()
    return _act(
        code,
        form,
        lambda: revoking.approve_revocation(
            actor, code, form.version.data, form.reason.data, form.succession
        ),
        _("The hosting is revoked; the center is called for anew."),
        "revoke_form",
    )


@bp.post("/revocations/<code>/decline")
@requires(P.REVOCATION_DECIDE)
def decline_revocation(code: str) -> Answer:
    """Keep the host, with the reason."""
    actor, form = current_actor(), StepForm()
    return _act(
        code,
        form,
        lambda: revoking.decline_revocation(actor, code, form.version.data, form.reason.data or ""),
        _("The host stays."),
        "step_form",
    )
