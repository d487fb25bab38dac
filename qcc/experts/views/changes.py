"""Personnel changes of members (M.12(7)): reported, answered by the center, decided."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from qcc.experts.forms import (
    ApprovePanelForm,
    ReasonForm,
    ReportForm,
    StayForm,
    SuccessorForm,
    VersionForm,
)
from qcc.experts.models import MemberChange
from qcc.experts.permissions import is_deciding, is_of_center
from qcc.experts.queries import (
    ExpertFilter,
    get_expert,
    get_member,
    get_member_change,
    get_panel,
    list_experts,
)
from qcc.experts.services import changes
from qcc.experts.services.consents import Answer as Said
from qcc.experts.services.facts import consents_in_force
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.workflow import MEMBER_CHANGE
from qcc.infra import audit, clock, files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import Form, VersionedForm
from qcc.infra.i18n import _
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P


@bp.route("/panels/<int:panel_id>/members/<int:member_id>/change", methods=["GET", "POST"])
@requires(P.PANEL_EDIT)
def report_change(panel_id: int, member_id: int) -> Answer:
    """Report that the employment of a member changed."""
    actor, form = current_actor(), ReportForm()
    panel = get_panel(actor, panel_id)
    member = get_member(panel, member_id)
    if not is_of_center(actor, panel):
        raise NotFound
    if form.validate_on_submit():
        try:
            with transaction():
                change_id = changes.report_member_change(
                    actor, panel_id, member_id, form.what.data, form.happened_on.data
                ).id
            return redirect(url_for("experts.member_change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
            panel = get_panel(actor, panel_id)
            member = get_member(panel, member_id)
    page = render_template("experts/report_change.html", panel=panel, member=member, form=form)
    return page, 422 if form.errors else 200


def _show(change: MemberChange, status: int = 200, **more: Any) -> tuple[str, int]:
    actor = current_actor()
    text = request.args.get("q", "").strip()[:60]
    own = is_of_center(actor, change.panel)
    possible = {t.action for t in MEMBER_CHANGE.possible(change.state, actor.permissions)}
    candidate = change.candidate
    if candidate is not None and candidate.removed_at is not None:
        candidate = None
    forms = {
        "successor_form": SuccessorForm(formdata=None),
        "stay_form": StayForm(formdata=None),
        "approve_form": ApprovePanelForm(formdata=None),
        "reason_form": ReasonForm(formdata=None),
    }
    findings = changes.replacement_findings(change)
    page = {
        "change": change,
        "panel": change.panel,
        "candidate": candidate,
        "consents": consents_in_force(candidate) if candidate else {},
        "findings": findings,
        "moment": changes.change_moment(change),
        "is_center": own,
        "is_deciding": is_deciding(actor, change.panel),
        "actions": possible,
        "found": list_experts(actor, ExpertFilter(search=text), limit=10) if own and text else [],
        "text": text,
        "steps": history(MEMBER_CHANGE, change.id),
        "today": clock.today(),
        "now": clock.now(),
        "needs_justification": any(f.needs_justification for f in findings),
        **forms,
        **more,
    }
    return render_template("experts/member_change.html", **page), status


@bp.get("/member-changes/<int:change_id>")
@requires(P.PANEL_VIEW)
def member_change(change_id: int) -> Answer:
    """One change: what happened, what is proposed, who has consented."""
    return _show(get_member_change(current_actor(), change_id))


def _take(change_id: int, form: Form, act: Callable[[], Any], done: str, name: str = "") -> Answer:
    """Take one step; what cannot be done comes back with what was typed."""
    if form.validate_on_submit():
        try:
            with transaction():
                act()
            flash(done, "done")
            return redirect(url_for("experts.member_change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
        except RulesBroken:
            form.refuse(Refused(_("Rules of the regulation stand against this.")))
    more = {name: form} if name else {}
    return _show(get_member_change(current_actor(), change_id), 422, failed=form, **more)


@bp.post("/member-changes/<int:change_id>/successor")
@requires(P.PANEL_NOMINATE)
def name_successor(change_id: int) -> Answer:
    """The director names who is to follow."""
    actor, form = current_actor(), SuccessorForm()
    return _take(
        change_id,
        form,
        lambda: changes.name_successor(
            actor, change_id, form.version.data, get_expert(actor, form.expert.data),
            form.joins.data,
        ),
        _("The successor is named; the employer is asked for consent."),
        "successor_form",
    )  # fmt: skip


@bp.post("/member-changes/<int:change_id>/withdraw")
@requires(P.PANEL_NOMINATE)
def withdraw_successor(change_id: int) -> Answer:
    """The director takes back who was named."""
    actor, form = current_actor(), VersionForm()
    return _take(
        change_id,
        form,
        lambda: changes.withdraw_successor(actor, change_id, form.version.data),
        _("The proposal was taken back."),
    )


@bp.post("/member-changes/<int:change_id>/stay")
@requires(P.PANEL_EDIT)
def propose_stay(change_id: int) -> Answer:
    """The center proposes that the member stays."""
    actor, form = current_actor(), StayForm()
    upload = form.file.data

    def act() -> MemberChange:
        proof = Said(given=True, data=upload.read(), filename=upload.filename or "")
        return changes.propose_stay(
            actor, change_id, form.version.data, form.reason.data, form.is_not_retired.data, proof
        )

    done = _("The exception is proposed with its proof. The director now presents it.")
    return _take(change_id, form, act, done, "stay_form")


@bp.post("/member-changes/<int:change_id>/present")
@requires(P.PANEL_NOMINATE)
def present_change(change_id: int) -> Answer:
    """The director lays the answer before the commission."""
    actor, form = current_actor(), VersionForm()
    return _take(
        change_id,
        form,
        lambda: changes.present_change(actor, change_id, form.version.data),
        _("The change lies before the commission."),
    )


_DECISIONS: dict[str, tuple[type[VersionedForm], Callable[[Any, int, Any], Any]]] = {
    "replace": (
        ApprovePanelForm,
        lambda actor, key, form: changes.replace_member(
            actor, key, form.version.data, form.justification.data or ""
        ),
    ),
    "except": (
        VersionForm,
        lambda actor, key, form: changes.except_member(actor, key, form.version.data),
    ),
    "return": (
        ReasonForm,
        lambda actor, key, form: changes.return_change(
            actor, key, form.version.data, form.reason.data
        ),
    ),
    "dismiss": (
        ReasonForm,
        lambda actor, key, form: changes.dismiss_member_change(
            actor, key, form.version.data, form.reason.data
        ),
    ),
}


@bp.post("/member-changes/<int:change_id>/decide/<action>")
@requires(P.PANEL_DECIDE)
def decide_change(change_id: int, action: str) -> Answer:
    """The commission decides."""
    if action not in _DECISIONS:
        raise NotFound
    actor, (kind, act) = current_actor(), _DECISIONS[action]
    form = kind()
    return _take(
        change_id, form, lambda: act(actor, change_id, form), _("The decision is recorded.")
    )


@bp.get("/member-changes/<int:change_id>/file")
@requires(P.PANEL_VIEW)
def change_file(change_id: int) -> Answer:
    """The employer's consent to an exception; the download is in the audit."""
    actor = current_actor()
    stored = get_member_change(actor, change_id).evidence
    if stored is None:
        raise NotFound
    data, name, kind = files.read(stored), stored.name, stored.kind
    with transaction():
        audit.record(actor, "member_change.file_read", "member_change", change_id, {"name": name})
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES[kind], as_attachment=True,
                     download_name=name)  # fmt: skip
