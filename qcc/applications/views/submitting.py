"""The applicant checks, submits, gets the receipt, withdraws."""

from flask import flash, redirect, render_template, request, url_for

from qcc.applications import services
from qcc.applications.forms import ReasonForm, SubmitForm
from qcc.applications.queries import list_submissions, read_papers
from qcc.applications.services.facts import canonical, content_of
from qcc.applications.tasks import url_where_mended
from qcc.applications.views import bp
from qcc.applications.views.parts import Answer, editable_page, status
from qcc.applications.views.reading import papers_shown, whole_page
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P


@bp.get("/applications/<code>/review")
@requires(P.APPLICATION_EDIT)
def review(code: str) -> Answer:
    """Check answers: everything on one page with all findings, before it is submitted."""
    page = editable_page(code)
    application = page["application"]
    findings = services.findings_at_submission(application)
    return render_template(
        "applications/review.html",
        **page,
        findings=findings,
        link_of=lambda finding: url_where_mended(code, finding),
        is_blocked=any(finding.blocks for finding in findings),
        obstacle=services.obstacle_to_submission(current_actor(), application),
        seen=canonical(content_of(application))[1],
    )


@bp.get("/applications/<code>/receipt")
@requires(P.APPLICATION_EDIT)
def receipt(code: str) -> Answer:
    """Confirmation after a submission: number, time, hash, what comes next."""
    page = whole_page(code)
    submissions = list_submissions(page["application"].id)
    if not submissions or not page["is_applicant"]:
        raise NotFound
    return render_template(
        "applications/receipt.html",
        **page,
        submission=submissions[0],
        **papers_shown(read_papers(page["application"].id)),
    )


@bp.post("/applications/<code>/submit")
@requires(P.APPLICATION_EDIT)
def submit(code: str) -> Answer:
    """Submit what the check page showed."""
    actor, form = current_actor(), SubmitForm()
    if not form.validate_on_submit():
        flash(_("Confirm that what is stated is true and complete."), "error")
        return redirect(url_for("applications.review", code=code))
    try:
        once(actor, form.key.data, lambda: services.submit(actor, code, form.seen.data or "").id)
    except StaleEdit:
        flash(_("The application was changed after you looked at it. Check it once more."), "error")
        return redirect(url_for("applications.review", code=code))
    return redirect(url_for("applications.receipt", code=code))


@bp.route("/applications/<code>/withdraw", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def withdraw(code: str) -> Answer:
    """Withdraw the application, after the consequence was read."""
    page, form = whole_page(code), ReasonForm()
    if not page["is_applicant"]:
        raise NotFound
    if request.method == "GET" and "withdraw" not in page["actions"]:
        raise NotFound
    if form.validate_on_submit():
        with transaction():
            services.withdraw(current_actor(), code, form.reason.data)
        flash(_("The application was withdrawn."), "done")
        return redirect(url_for("applications.show", code=code))
    return render_template("applications/withdraw.html", **page, form=form), status(form)
