"""Reads of the register of major incidents."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import MajorIncident, Organization
from qcc.organizations.permissions import in_own_subtree


def _visible(actor: Actor) -> sa.Select[MajorIncident]:
    return (
        sa.select(MajorIncident)
        .join(MajorIncident.organization)
        .where(in_own_subtree(actor, Organization.place))
        .options(contains_eager(MajorIncident.organization))
    )


def list_incidents(
    actor: Actor, organization_id: int | None = None, *, after: int = 0, limit: int = 50
) -> Sequence[MajorIncident]:
    """A page of incidents of institutions in the actor's jurisdiction, last registered first;
    those that follow the incident *after*."""
    found = _visible(actor)
    if organization_id:
        found = found.where(MajorIncident.organization_id == organization_id)
    if after:
        found = found.where(MajorIncident.id < after)
    return db.session.scalars(found.order_by(MajorIncident.id.desc()).limit(limit)).all()


def get_incident(actor: Actor, incident_id: int, *, lock: bool = False) -> MajorIncident:
    """One incident in the actor's jurisdiction; raises NotFound.

    *lock*: nobody else writes it until the transaction ends.
    """
    found = _visible(actor).where(MajorIncident.id == incident_id)
    if lock:
        found = found.with_for_update(of=MajorIncident, key_share=True).execution_options(
            populate_existing=True
        )
    incident = db.session.scalars(found).one_or_none()
    if incident is None:
        raise NotFound
    return incident


def list_incident_dates(organization_id: int, specialty: str) -> list[date]:
    """When an institution had incidents that count for a specialty: its own, or of the whole."""
    return list(
        db.session.scalars(
            sa.select(MajorIncident.happened_on)
            .where(
                MajorIncident.organization_id == organization_id,
                MajorIncident.specialty.in_(("", specialty)),
                MajorIncident.withdrawn.is_(False),
            )
            .order_by(MajorIncident.happened_on)
        )
    )
