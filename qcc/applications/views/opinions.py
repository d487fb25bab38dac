"""The opinion of a refused applicant, and the commission's answer, on one page for both."""

from datetime import timedelta
from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from qcc.applications.forms import OpinionAnswerForm, OpinionForm
from qcc.applications.permissions import is_applicant, is_decider
from qcc.applications.queries import get_application
from qcc.applications.queries.opinions import decision_on, find_opinion
from qcc.applications.services import opinions as services
from qcc.applications.views import bp
from qcc.applications.workflow import ApplicationState
from qcc.infra import audit, clock, files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def _page(
    code: str, form: OpinionForm | None = None, answer_form: OpinionAnswerForm | None = None
) -> Answer:
    actor = current_actor()
    application = get_application(actor, code)
    mine = is_applicant(actor, application)
    found = find_opinion(application.id)
    if application.state is not ApplicationState.REFUSED or not (found or mine):
        raise NotFound
    decision = decision_on(application.id)
    due = services.opinion_is_due(
        application.rulebook_version, application.center.place, decision.decided_at
    )
    decides = is_decider(actor, application.call) and actor.may(P.APPLICATION_DECIDE)
    html = render_template(
        "applications/opinion.html",
        application=application,
        decision=decision,
        opinion=found,
        last_day=due and due - timedelta(seconds=1),
        may_send=mine and found is None and due is not None and clock.now() < due,
        may_answer=decides and found is not None and found.answered_at is None,
        is_decider_of_refusal=decision.decided_by == actor.person_id,
        form=form or OpinionForm(formdata=None),
        answer_form=answer_form or OpinionAnswerForm(formdata=None),
    )
    return html, 422 if any(f is not None and f.errors for f in (form, answer_form)) else 200


@bp.get("/applications/<code>/opinion")
@requires(P.APPLICATION_VIEW)
def opinion(code: str) -> Answer:
    """The opinion on the refusal with its answer, or the form for whose turn it is."""
    return _page(code)


@bp.post("/applications/<code>/opinion/send")
@requires(P.APPLICATION_EDIT)
def send_opinion(code: str) -> Answer:
    """Send the opinion."""
    actor, form = current_actor(), OpinionForm()
    if form.validate_on_submit():
        uploads = [(each.read(), each.filename or "") for each in form.files.data or () if each]
        try:
            text = form.text.data
            once(actor, form.key.data, lambda: services.send_opinion(actor, code, text, uploads).id)
            flash(_("Your opinion was sent to the commission."), "done")
            return redirect(url_for("applications.opinion", code=code))
        except Refused as refusal:
            form.refuse(
                Refused(refusal.message, None if refusal.field == "file" else refusal.field)
            )
    return _page(code, form=form)


@bp.post("/applications/<code>/opinion/answer")
@requires(P.APPLICATION_DECIDE)
def answer_opinion(code: str) -> Answer:
    """Answer the opinion; the decision stands."""
    form = OpinionAnswerForm()
    if not form.validate_on_submit():
        return _page(code, answer_form=form)
    with transaction():
        services.answer_opinion(current_actor(), code, form.answer.data)
    flash(_("The opinion was answered; the institution has been told."), "done")
    return redirect(url_for("applications.opinion", code=code))


@bp.get("/applications/<code>/opinion/files/<file_code>")
@requires(P.APPLICATION_VIEW)
def opinion_file(code: str, file_code: str) -> Answer:
    """Download a file that came with the opinion."""
    actor = current_actor()
    application = get_application(actor, code)
    found = find_opinion(application.id)
    file = next((f for f in found.files if f.code == file_code), None) if found else None
    if file is None:
        raise NotFound
    stored = file.file
    data, name, media = files.read(stored), stored.name, MEDIA_TYPES[stored.kind]
    with transaction():
        detail = {"name": name, "sha256": stored.sha256}
        audit.record(actor, "opinion.file_read", "application", application.id, detail)
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
