"""Personnel changes of officers: the list, reporting, proposing, deciding, the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.centers.forms import DecideForm, ExceptionForm, ReplacementForm, ReportForm
from qcc.centers.labels import action_words
from qcc.centers.models import OfficerChange
from qcc.centers.permissions import is_of_host, may_decide_change, may_report_change
from qcc.centers.queries import (
    current_hosting,
    get_center,
    get_change,
    list_changes,
    list_officers,
)
from qcc.centers.rules import OfficerPost
from qcc.centers.services import (
    Replacement,
    book_in_force,
    check_replacement,
    dismiss_change,
    except_officer,
    propose_exception,
    propose_replacement,
    read_evidence,
    replace_officer,
    report_change,
    return_proposal,
)
from qcc.centers.views import bp
from qcc.centers.workflow import CHANGE, ChangeState
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, choices, label, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Finding
from qcc.kernel.workflow import Reason
from qcc.organizations.queries import find_organization_by_name, own_organization

Answer = str | tuple[str, int] | Response
STALE = _l("The change was edited in the meantime. Look at it again; your text is kept.")

WAITS = {
    ChangeState.OPEN: _l(
        "Waits for the host: it proposes who is to follow, or that the person stays."
    ),
    ChangeState.PROPOSED: _l("Waits for the commission's decision."),
}


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
        decisions=_possible_decisions(actor, found),
        steps=history(CHANGE, found.id),
        words=action_words,
        **_proposed(found),
    )


def _proposed(change: OfficerChange) -> dict[str, Any]:
    """The proposal in words, and what the rules find in it."""
    waits = change.state is ChangeState.PROPOSED
    return {
        "replacement": Replacement.of(change.replacement) if change.replacement else None,
        "asked": ASKED[change.officer.post],
        "findings": _findings(change) if change.replacement and waits else [],
    }


def _findings(change: OfficerChange) -> list[Finding]:
    return check_replacement(change, book_in_force(change.center.place, clock.today()))


def _possible_decisions(actor: Actor, change: OfficerChange) -> dict[str, Decision]:
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
    "/changes/<int:change_id>/propose/<any(replacement,exception):way>",
    methods=["GET", "POST"],
    endpoint="propose_change",
)
@requires(P.OFFICER_REPORT)
def propose(change_id: int, way: str) -> Answer:
    """Propose who is to follow, or that the person stays."""
    actor = current_actor()
    found = get_change(actor, change_id)
    if not is_of_host(actor, found.center, found.officer.hosting):
        raise NotFound
    CHANGE.find("propose", found.state)
    form = ReplacementForm() if way == "replacement" else ExceptionForm()
    status = 200
    if request.method == "GET":
        form.version.data = found.version
        if isinstance(form, ReplacementForm):
            form.employer.data = own_organization(actor).name
    elif form.validate():
        try:
            with transaction():
                _propose(actor, change_id, form)
            flash(_("The proposal now lies before the commission."), "done")
            return redirect(url_for("centers.change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            status = _tell_stale(form, stale)
    page = render_template(
        "centers/propose_change.html",
        change=found,
        form=form,
        way=way,
        asked=ASKED[found.officer.post],
    )
    return page, _status(form, status)


def _propose(actor: Actor, change_id: int, form: VersionedForm) -> None:
    if isinstance(form, ExceptionForm):
        propose_exception(
            actor,
            change_id,
            form.version.data,
            form.reason.data,
            form.is_not_retired.data,
            form.consent,
        )
    elif isinstance(form, ReplacementForm):
        employer = find_organization_by_name(form.employer.data)
        if employer is None:
            raise Refused(
                _l("No institution of this name is registered. Write its full name."), "employer"
            )
        propose_replacement(actor, change_id, form.version.data, form.replacement(employer))


def _tell_stale(form: VersionedForm, stale: StaleEdit) -> int:
    form.version.raw_data, form.version.data = None, stale.current.version
    form.refuse(Refused(STALE))
    return 409


def _status(form: VersionedForm, status: int) -> int:
    return 422 if form.errors and status == 200 else status


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
            status = _tell_stale(form, stale)
    proposed = _proposed(found)
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
    return page, _status(form, status)


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
