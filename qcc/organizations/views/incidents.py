"""The register of major medical quality-safety incidents."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.organizations.forms import IncidentForm, WithdrawalForm
from qcc.organizations.queries import (
    find_organization_by_name,
    get_incident,
    get_organization,
    list_incidents,
)
from qcc.organizations.services import register_incident, withdraw_incident
from qcc.organizations.views.blueprint import bp

Page = str | Response | tuple[str, int]


@bp.get("/incidents")
@requires(P.INCIDENT_EDIT)
def incidents() -> str:
    """The register, last registered first."""
    actor, after = current_actor(), listing.after()
    organization = listing.key("organization")
    rows = list_incidents(actor, organization or None, after=after, limit=PAGE + 1)
    return render_template(
        "organizations/incidents.html",
        page=page_of(rows, after),
        organization=get_organization(actor, organization) if organization else None,
    )


@bp.route("/incidents/new", methods=["GET", "POST"], endpoint="register_incident")
@requires(P.INCIDENT_EDIT)
def new_incident() -> Page:
    """Register an incident."""
    actor = current_actor()
    form = IncidentForm(data=_preset(actor))
    if request.method != "POST":
        return render_template("organizations/register_incident.html", form=form), 200
    if form.validate():
        try:
            once(actor, form.key.data, lambda: _register(actor, form))
            flash(_("The incident was registered."))
            return redirect(url_for("organizations.incidents"))
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("organizations/register_incident.html", form=form), 422


def _preset(actor: Actor) -> dict[str, str]:
    try:
        return {"organization": get_organization(actor, listing.key("organization")).name}
    except NotFound:
        return {}


def _register(actor: Actor, form: IncidentForm) -> int:
    named = find_organization_by_name(form.organization.data)
    try:
        return register_incident(
            actor,
            named.id if named else 0,
            form.happened_on.data,
            form.specialty.data or "",
            form.summary.data,
        ).id
    except NotFound:
        raise Refused(
            _l("No organization in your jurisdiction has this name."), "organization"
        ) from None


@bp.route(
    "/incidents/<int:incident_id>/withdraw", methods=["GET", "POST"], endpoint="withdraw_incident"
)
@requires(P.INCIDENT_EDIT)
def withdraw(incident_id: int) -> Page:
    """Take an incident off the register, with the reason; the record stays."""
    actor = current_actor()
    incident = get_incident(actor, incident_id)
    form = WithdrawalForm(data={"version": incident.version})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                withdraw_incident(actor, incident_id, form.version.data, form.reason.data)
            flash(_("The incident was taken off the register."))
            return redirect(url_for("organizations.incidents"))
        except Refused as refusal:
            form.refuse(refusal)
    incident = get_incident(actor, incident_id)
    status = 422 if request.method == "POST" else 200
    page = render_template("organizations/withdraw_incident.html", form=form, incident=incident)
    return page, status
