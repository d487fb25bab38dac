"""Reads about calls: which there are for the actor, and what a call could name."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.applications.models import Application, Call
from qcc.applications.permissions import call_is_visible_to
from qcc.applications.workflow import ApplicationState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, OrganizationKind


def list_calls(actor: Actor, *, now: datetime, only_open: bool = False) -> Sequence[Call]:
    """The calls that the actor may see, those that close last first, with their centers."""
    found = sa.select(Call).where(call_is_visible_to(actor))
    if only_open:
        found = found.where(Call.opens_at <= now, Call.closes_at > now)
    return db.session.scalars(
        found.options(selectinload(Call.centers), joinedload(Call.issuer))
        .order_by(Call.closes_at.desc(), Call.id.desc())
        .limit(200)
    ).all()


def get_call(actor: Actor, call_id: int) -> Call:
    """One call that the actor may see; raises NotFound."""
    call = db.session.scalars(
        sa.select(Call)
        .where(Call.id == call_id, call_is_visible_to(actor))
        .options(joinedload(Call.issuer), joinedload(Call.reception), selectinload(Call.centers))
    ).one_or_none()
    if call is None:
        raise NotFound
    return call


def list_own_applications(actor: Actor, call_id: int) -> Sequence[Application]:
    """What the actor's institution has under way in a call."""
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == call_id,
            Application.institution_id == actor.organization_id,
            Application.state != ApplicationState.WITHDRAWN,
        )
        .order_by(Application.id)
    ).all()


def list_invitable(actor: Actor) -> list[tuple[int, str]]:
    """The institutions that a call of the actor's could name: id and name."""
    found = db.session.execute(
        sa.select(Organization.id, Organization.name)
        .where(
            Organization.kind == OrganizationKind.INSTITUTION,
            Organization.place.startswith(subtree_prefix(actor.place)),
        )
        .order_by(Organization.place, Organization.name)
    )
    return [(row.id, row.name) for row in found]
