"""The register of major incidents."""

from datetime import date

from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.organizations.models import MajorIncident, OrganizationKind
from qcc.organizations.queries import get_incident, get_organization


def register_incident(
    actor: Actor, organization_id: int, happened_on: date, specialty: str, summary: str
) -> MajorIncident:
    """Register a major incident of an institution in the actor's jurisdiction (M.7(3))."""
    organization = get_organization(actor, organization_id)
    if organization.kind is not OrganizationKind.INSTITUTION:
        raise Refused(_l("Incidents are registered for medical institutions."), "organization")
    if happened_on > clock.today():
        raise Refused(_l("The date lies in the future."), "happened_on")
    if not summary.strip():
        raise Refused(_l("Fill this in."), "summary")
    incident = MajorIncident(
        organization_id=organization.id,
        happened_on=happened_on,
        specialty=specialty,
        summary=summary,
        registered_at=clock.now(),
        registered_by=actor.user_id,
    )
    db.session.add(incident)
    db.session.flush()
    audit.record(
        actor,
        "incident.registered",
        "incident",
        incident.id,
        {
            "organization": organization.id,
            "on": happened_on,
            "specialty": specialty,
            "summary": summary,
        },
    )
    return incident


def withdraw_incident(actor: Actor, incident_id: int, version: int, reason: str) -> MajorIncident:
    """Take back an incident that was registered wrongly; the record stays.

    Raises NotFound, StaleEdit or Refused.
    """
    incident = get_incident(actor, incident_id, lock=True)
    require_version(incident, version)
    if incident.withdrawn:
        raise Refused(_l("This incident was taken off already."))
    if not reason.strip():
        raise Refused(_l("Give the reason."), "reason")
    incident.withdrawn = True
    db.session.flush()
    audit.record(
        actor,
        "incident.withdrawn",
        "incident",
        incident.id,
        {"organization": incident.organization_id, "reason": reason},
    )
    return incident
