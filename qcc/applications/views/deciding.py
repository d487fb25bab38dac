"""The commission's decision."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qcc.applications import services
from qcc.applications.forms import ApproveForm, ReasonForm
from qcc.applications.queries import list_submitters
from qcc.applications.views import bp
from qcc.applications.views.reading import record_reading, steps_for, whole_page
from qcc.applications.workflow import APPLICATION
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.i18n import _
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def _page(
    code: str,
    approve_form: ApproveForm | None = None,
    refuse_form: ReasonForm | None = None,
    back_form: ReasonForm | None = None,
) -> Answer:
    competition = record_reading(code).competition
    page = whole_page(code)
    application = page["application"]
    if not page["is_decider"]:
        raise NotFound
    findings = services.findings_at_decision(application)
    html = render_template(
        "applications/decide.html",
        **page,
        competition=competition,
        approve_form=approve_form or ApproveForm(formdata=None),
        refuse_form=refuse_form or ReasonForm(formdata=None, prefix="refuse-"),
        back_form=back_form or ReasonForm(formdata=None, prefix="back-"),
        findings=findings,
        blocked=any(finding.blocks for finding in findings),
        needs_justification=any(finding.needs_justification for finding in findings),
        is_submitter=current_actor().person_id in list_submitters(application.id),
        is_proposer=application.proposed_by == current_actor().person_id,
        steps=steps_for(page, history(APPLICATION, page["application"].id)),
    )
    wrong = any(f is not None and f.errors for f in (approve_form, refuse_form, back_form))
    return html, 422 if wrong else 200


@bp.get("/applications/<code>/decide")
@requires(P.APPLICATION_DECIDE)
def decide(code: str) -> Answer:
    """What the commission sees before it decides: everything, with the findings of today."""
    return _page(code)


@bp.post("/applications/<code>/approve")
@requires(P.APPLICATION_DECIDE)
def approve(code: str) -> Answer:
    """Approve: the center stands."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _page(code, approve_form=form)
    try:
        with transaction():
            services.approve(current_actor(), code, form.justification.data or "")
    except RulesBroken as broken:
        form.refuse(why_not(broken))
        return _page(code, approve_form=form)
    flash(_("Approved. The center is established; the decision is being made as a paper."), "done")
    return redirect(url_for("applications.show", code=code))


def why_not(broken: RulesBroken) -> Refused:
    """What the page says besides the findings, which it shows anew."""
    if any(finding.blocks for finding in broken.findings):
        return Refused(_("Mandatory rules stand against an approval. They cannot be overridden."))
    return Refused(
        _("A rule of principle is broken: say why the exception is right."), "justification"
    )


@bp.post("/applications/<code>/refuse")
@requires(P.APPLICATION_DECIDE)
def refuse(code: str) -> Answer:
    """Refuse, with the reason."""
    form = ReasonForm(prefix="refuse-")
    if not form.validate_on_submit():
        return _page(code, refuse_form=form)
    with transaction():
        services.refuse(current_actor(), code, form.reason.data)
    flash(_("The application was refused."), "done")
    return redirect(url_for("applications.show", code=code))


@bp.post("/applications/<code>/send-back")
@requires(P.APPLICATION_DECIDE)
def send_back(code: str) -> Answer:
    """Send the application back to the check."""
    form = ReasonForm(prefix="back-")
    if not form.validate_on_submit():
        return _page(code, back_form=form)
    with transaction():
        services.send_back(current_actor(), code, form.reason.data)
    flash(_("The application was sent back to the check."), "done")
    return redirect(url_for("applications.show", code=code))
