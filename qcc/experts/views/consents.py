"""Consents: those the reader's organization is asked for, and answers that came on paper."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for

from qcc.experts.forms import AnswerForm, TogetherForm
from qcc.experts.models import MemberConsent
from qcc.experts.permissions import may_read_consents
from qcc.experts.queries import get_consent, get_panel, get_panel_summary, list_consents
from qcc.experts.services.consents import Answer as Said
from qcc.experts.services.consents import answer_consent, may_be_answered, record_consent
from qcc.experts.services.consents import consent_together as give_together
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import show_panel
from qcc.infra import audit, clock, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P


@bp.get("/consents")
@requires(P.CONSENT_ANSWER)
def consents() -> Answer:
    """Requests for consent to the reader's organization, those that wait longest first."""
    after = listing.after()
    rows = list_consents(current_actor(), after=after, limit=PAGE + 1)
    page = page_of(rows, after, key="turn")
    return render_template("experts/consents.html", page=page, now=clock.now())


@bp.post("/consents/together")
@requires(P.CONSENT_ANSWER)
def consent_together() -> Answer:
    """Consent to the chosen requests with one document number."""
    form = TogetherForm()
    if not form.validate_on_submit():
        flash(_("A document number has at most 60 characters."), "error")
        return redirect(url_for("experts.consents"))
    try:
        with transaction():
            count = give_together(current_actor(), form.chosen, form.number.data or "")
        flash(_("Consent to %(count)s experts was recorded.", count=count), "done")
    except Refused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for("experts.consents"))


def _said(form: AnswerForm) -> Said:
    upload = form.file.data
    return Said(
        given=form.given.data == "yes",
        reason=form.reason.data or "",
        number=form.number.data or "",
        data=upload.read() if upload else b"",
        filename=(upload.filename or "") if upload else "",
    )


@bp.route("/consents/<int:consent_id>", methods=["GET", "POST"])
@requires(P.CONSENT_ANSWER)
def consent(consent_id: int) -> Answer:
    """Answer one request."""
    actor = current_actor()
    found = get_consent(actor, consent_id)
    form = AnswerForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            with transaction():
                answer_consent(actor, consent_id, form.version.data, _said(form))
            flash(_("The answer was recorded."), "done")
            return redirect(url_for("experts.consents"))
        except Refused as refusal:
            form.refuse(refusal)
            found = get_consent(actor, consent_id)
    page = render_template(
        "experts/consent.html",
        consent=found,
        form=form,
        panel=get_panel_summary(found.member.panel_id),
        is_open=may_be_answered(found.member.panel, found),
        now=clock.now(),
    )
    return page, 422 if form.errors else 200


@bp.post("/panels/<int:panel_id>/consents/<int:consent_id>")
@requires(P.PANEL_EDIT)
def record(panel_id: int, consent_id: int) -> Answer:
    """Record an answer that came on paper."""
    actor, form = current_actor(), AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction():
                record_consent(actor, panel_id, consent_id, form.version.data, _said(form))
            flash(_("The answer was recorded."), "done")
            return redirect(url_for("experts.panel", panel_id=panel_id))
        except Refused as refusal:
            form.refuse(refusal)
    return show_panel(get_panel(actor, panel_id), 422, record_form=form, record_id=consent_id)


def _sent(actor: Actor, found: MemberConsent) -> Any:
    if found.file is None:
        raise NotFound
    data, name, kind = files.read(found.file), found.file.name, found.file.kind
    with transaction():
        audit.record(actor, "consent.file_read", "consent", found.id, {"name": name})
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES[kind], as_attachment=True,
                     download_name=name)  # fmt: skip


@bp.get("/consents/<int:consent_id>/file")
@requires(P.CONSENT_ANSWER)
def consent_file(consent_id: int) -> Answer:
    """The scan of one's own answer."""
    actor = current_actor()
    answer: Answer = _sent(actor, get_consent(actor, consent_id))
    return answer


@bp.get("/panels/<int:panel_id>/consents/<int:consent_id>/file")
@requires(P.PANEL_VIEW)
def panel_consent_file(panel_id: int, consent_id: int) -> Answer:
    """The scan of an answer, for those who see the panel."""
    actor = current_actor()
    panel = get_panel(actor, panel_id)
    found = next(
        (c for member in panel.members for c in member.consents if c.id == consent_id), None
    )
    if found is None or not may_read_consents(actor, panel):
        raise NotFound
    answer: Answer = _sent(actor, found)
    return answer
