"""Personnel changes of officers: the list, reporting, one change, the evidence."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.centers.forms import ReportForm
from qcc.centers.permissions import is_of_host, may_report_change
from qcc.centers.queries import (
    current_hosting,
    get_center,
    get_change,
    list_changes,
    list_officers,
)
from qcc.centers.services import read_evidence, report_change
from qcc.centers.views import bp
from qcc.centers.views.decisions import possible_decisions, proposed_in
from qcc.centers.workflow import CHANGE, ChangeState
from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, choices, label, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response
WAITS = {
    ChangeState.OPEN: _l(
        "Waits for the host: it proposes who is to follow, or that the person stays."
    ),
    ChangeState.PROPOSED: _l("Waits for the commission's decision."),
}


@bp.get("/changes")
@requires(P.OFFICER_REPORT)
def changes() -> str:
    """The personnel changes that concern the reader, newest first."""
    state, before = listing.chosen("state", ChangeState), listing.after()
    rows = list_changes(current_actor(), state, before=before, limit=PAGE + 1)
    return render_template(
        "centers/changes.html",
        page=page_of(rows, before),
        state=state,
        states=choices(ChangeState, _l("All states")),
    )


@bp.route("/centers/<int:center_id>/changes/new", methods=["GET", "POST"], endpoint="report_change")
@requires(P.OFFICER_REPORT)
def report(center_id: int) -> Answer:
    """Report that the employment of an officer changed."""
    actor = current_actor()
    center = get_center(actor, center_id)
    hosting = current_hosting(center.id)
    if hosting is None or not may_report_change(actor, center, hosting):
        raise NotFound
    form = ReportForm()
    form.officer_id.choices = [
        (officer.id, f"{officer.person.name}（{label(officer.post)}）")
        for officer in list_officers(hosting.id)
    ]
    if request.method == "GET":
        form.officer_id.data = request.args.get("officer", type=int)
    if form.validate_on_submit():
        try:
            change_id = once(actor, form.key.data, lambda: _report(actor, center_id, form))
            flash(_("The change is reported; the post waits for a proposal."), "done")
            return redirect(url_for("centers.change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("centers/report_change.html", center=center, form=form)
    return page, 422 if form.errors else 200


def _report(actor: Actor, center_id: int, form: ReportForm) -> int:
    return report_change(
        actor, center_id, form.officer_id.data, form.what.data, form.happened_on.data
    ).id


@bp.get("/changes/<int:change_id>")
@requires(P.OFFICER_REPORT)
def change(change_id: int) -> str:
    """One change: what happened, what is proposed, and what the reader can do."""
    actor = current_actor()
    found = get_change(actor, change_id)
    is_proposer = is_of_host(actor, found.center, found.officer.hosting)
    return render_template(
        "centers/change.html",
        change=found,
        may_propose=is_proposer and found.state is ChangeState.OPEN,
        waits_for=WAITS.get(found.state),
        decisions=possible_decisions(actor, found),
        steps=history(CHANGE, found.id),
        **proposed_in(found),
    )


@bp.get("/changes/<int:change_id>/evidence")
@requires(P.OFFICER_REPORT)
def change_file(change_id: int) -> Response:
    """The employer's consent, as an attachment; the download is on record."""
    actor = current_actor()
    with transaction():
        found = get_change(actor, change_id)
        data = read_evidence(actor, found)
        name, kind = (found.evidence.name, found.evidence.kind) if found.evidence else ("", "")
    return send_file(
        BytesIO(data), mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=name
    )
