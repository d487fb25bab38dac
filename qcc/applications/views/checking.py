"""The receiving body's pages: the formal check, return, acceptance, proposal."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.applications import services
from qcc.applications.forms import JudgeForm, ProposeForm, ReturnForm
from qcc.applications.queries import list_submitters
from qcc.applications.views import bp
from qcc.applications.views.reading import record_reading, steps_for, whole_page
from qcc.applications.views.submissions import corrected_page
from qcc.applications.workflow import APPLICATION
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def _page(
    code: str,
    judged: dict[str, JudgeForm] | None = None,
    return_form: ReturnForm | None = None,
    propose_form: ProposeForm | None = None,
) -> Answer:
    competition = record_reading(code).competition
    page = whole_page(code)
    if not page["is_reception"]:
        raise NotFound
    application = page["application"]
    judge_forms = {
        answer.item.value: JudgeForm(formdata=None, obj=answer, prefix="")
        for answer in application.answers
        if answer.item in page["items"]
    }
    for answer in application.answers:
        if answer.item.value in judge_forms and answer.confirmed is not None:
            chosen = "yes" if answer.confirmed else "no"
            judge_forms[answer.item.value].confirmed.data = chosen
    judge_forms |= judged or {}
    forms = [*(judged or {}).values(), return_form, propose_form]
    html = render_template(
        "applications/check.html",
        **page,
        competition=competition,
        judge_forms=judge_forms,
        return_form=return_form or ReturnForm(formdata=None),
        propose_form=propose_form or ProposeForm(formdata=None),
        findings=services.findings_at_decision(application),
        **corrected_page(page),
        is_submitter=current_actor().person_id in list_submitters(application.id),
        steps=steps_for(page, history(APPLICATION, page["application"].id)),
        judged=sum(a.confirmed is not None for a in application.answers if a.item in page["items"]),
    )
    return html, 422 if any(form is not None and form.errors for form in forms) else 200


@bp.get("/applications/<code>/check")
@requires(P.APPLICATION_CHECK)
def check(code: str) -> Answer:
    """Everything the check needs on one page."""
    return _page(code)


@bp.post("/applications/<code>/conditions/<item>/judge")
@requires(P.APPLICATION_CHECK)
def judge(code: str, item: str) -> Answer:
    """Confirm or refuse one condition."""
    form = JudgeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.judge_item(
                    current_actor(),
                    code,
                    item,
                    form.version.data,
                    form.confirmed.data == "yes",
                    form.remark.data or "",
                )
            return redirect(url_for("applications.check", code=code, _anchor=f"item-{item}"))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit:
            flash(_("The condition was changed in the meantime. Look at it again."), "error")
            return redirect(url_for("applications.check", code=code))
    return _page(code, judged={item: form})


@bp.post("/applications/<code>/return")
@requires(P.APPLICATION_CHECK)
def return_(code: str) -> Answer:
    """Return for correction, with remarks at the parts."""
    form = ReturnForm()
    if form.validate_on_submit():
        remarks = {
            name.removeprefix("remark-"): text
            for name, text in request.form.items()
            if name.startswith("remark-")
        }
        try:
            with transaction():
                services.return_for_correction(
                    current_actor(), code, form.reason.data, remarks, form.correct_by.data
                )
            flash(_("The application was returned to the applicant."), "done")
            return redirect(url_for("applications.show", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(code, return_form=form)


@bp.post("/applications/<code>/accept")
@requires(P.APPLICATION_CHECK)
def accept(code: str) -> Answer:
    """The formal check is done."""
    with transaction():
        services.accept(current_actor(), code)
    flash(_("The application passed the formal check. Now lay it before the commission."), "done")
    return redirect(url_for("applications.check", code=code))


@bp.post("/applications/<code>/propose")
@requires(P.APPLICATION_CHECK)
def propose(code: str) -> Answer:
    """Lay the application before the commission."""
    form = ProposeForm()
    if form.validate_on_submit():
        with transaction():
            services.propose(current_actor(), code, form.recommends.data == "yes", form.reason.data)
        flash(_("The application now lies before the commission."), "done")
        return redirect(url_for("applications.show", code=code))
    return _page(code, propose_form=form)
