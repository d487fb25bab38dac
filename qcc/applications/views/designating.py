"""The steps of a direct designation, each taken on the page of the designation itself."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qcc.applications.forms import ApproveForm, FileForm, ProposeDesignationForm, ReasonForm
from qcc.applications.services import designating as services
from qcc.applications.views import bp
from qcc.applications.views.deciding import why_not
from qcc.applications.views.designations import designation_page
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused, RulesBroken
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response

WITH_REASON = ("return", "pass", "send_back", "refuse", "withdraw")


def _page(code: str, **shown: Form) -> Answer:
    page = designation_page(code)
    blank = {name: ReasonForm(formdata=None, prefix=f"{name}-") for name in WITH_REASON}
    forms: dict[str, Form] = {**blank, "approve": ApproveForm(formdata=None), **shown}
    findings = page["findings"]
    html = render_template(
        "applications/designation.html",
        **page,
        step_forms=forms,
        file_form=FileForm(formdata=None),
        blocked=any(finding.blocks for finding in findings),
        needs_justification=any(finding.needs_justification for finding in findings),
    )
    return html, 422 if any(form.errors for form in shown.values()) else 200


@bp.get("/designations/<code>")
@requires(P.APPLICATION_VIEW)
def designation(code: str) -> Answer:
    """One designation: what it says, what the rules say, its life, and what the reader can do."""
    return _page(code)


@bp.post("/designations/<code>/propose")
@requires(P.CALL_EDIT)
def propose_designation(code: str) -> Answer:
    """Lay the draft before the check."""
    form = ProposeDesignationForm()
    if not form.validate_on_submit():
        return _page(code, propose=form)
    try:
        with transaction():
            services.propose_designation(current_actor(), code, form.version.data)
    except Refused as refusal:
        form.refuse(Refused(refusal.message))
        return _page(code, propose=form)
    except RulesBroken:
        form.refuse(Refused(_("Mandatory rules stand against the designation.")))
        return _page(code, propose=form)
    flash(_("The designation was proposed; now it is checked."), "done")
    return redirect(url_for("applications.designation", code=code))


def _with_reason(
    code: str, action: str, act: Callable[[Actor, str, str], object], done: str
) -> Answer:
    form = ReasonForm(prefix=f"{action}-")
    if not form.validate_on_submit():
        return _page(code, **{action: form})
    with transaction():
        act(current_actor(), code, form.reason.data)
    flash(done, "done")
    return redirect(url_for("applications.designation", code=code))


@bp.post("/designations/<code>/return")
@requires(P.APPLICATION_CHECK)
def return_designation(code: str) -> Answer:
    """Give it back to be put right."""
    done = _("The designation was returned to the commission.")
    return _with_reason(code, "return", services.return_designation, done)


@bp.post("/designations/<code>/pass")
@requires(P.APPLICATION_CHECK)
def pass_designation(code: str) -> Answer:
    """The formal check is done."""
    done = _("The designation now lies before the commission.")
    return _with_reason(code, "pass", services.pass_designation, done)


@bp.post("/designations/<code>/send-back")
@requires(P.APPLICATION_DECIDE)
def send_back_designation(code: str) -> Answer:
    """Have the check looked at again."""
    done = _("The designation was sent back to the check.")
    return _with_reason(code, "send_back", services.send_back_designation, done)


@bp.post("/designations/<code>/refuse")
@requires(P.APPLICATION_DECIDE)
def refuse_designation(code: str) -> Answer:
    """Refuse, with the reason."""
    done = _("The designation was refused; the center is free again.")
    return _with_reason(code, "refuse", services.refuse_designation, done)


@bp.post("/designations/<code>/withdraw")
@requires(P.CALL_EDIT)
def withdraw_designation(code: str) -> Answer:
    """Give the designation up."""
    done = _("The designation was given up; the center is free again.")
    return _with_reason(code, "withdraw", services.withdraw_designation, done)


@bp.post("/designations/<code>/approve")
@requires(P.APPLICATION_DECIDE)
def approve_designation(code: str) -> Answer:
    """Approve: the center stands."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _page(code, approve=form)
    try:
        with transaction():
            services.approve_designation(current_actor(), code, form.justification.data or "")
    except RulesBroken as broken:
        form.refuse(why_not(broken))
        return _page(code, approve=form)
    flash(_("Approved. The center is established; the decision is being made as a paper."), "done")
    return redirect(url_for("applications.designation", code=code))
