"""What everybody may know of a center and its panel."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting, Officer
from qcc.experts.models import (
    Expert,
    Panel,
    PanelMember,
)
from qcc.experts.queries.panels import IS_MEMBER
from qcc.experts.workflow import SERVING
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.organizations.models import Organization, Person

_PUBLIC = ("established", "rectifying")


def get_public_center(center_id: int) -> Any:
    """Name and host of an established center; raises NotFound."""
    row = db.session.execute(
        sa.select(Center.id, Center.name, Organization.name.label("host"))
        .join(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
        .join(Organization, Organization.id == Hosting.institution_id)
        .where(Center.id == center_id, Center.state.in_(_PUBLIC))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def list_public_officers(center_id: int) -> Sequence[Any]:
    """Present officers of a center by name, employer and post only."""
    return db.session.execute(
        sa.select(Officer.post, Person.name, Organization.name.label("employer"))
        .join(Hosting, Hosting.id == Officer.hosting_id)
        .join(Person, Person.id == Officer.person_id)
        .outerjoin(Organization, Organization.id == Person.employer_id)
        .where(
            Hosting.center_id == center_id, Hosting.ended_on.is_(None), Officer.ended_on.is_(None)
        )
        .order_by(Officer.id)
    ).all()


def list_public_members(center_id: int) -> Sequence[Any]:
    """Members of the panel that serves today, by name, employer and role only."""
    today = clock.today()
    return db.session.execute(
        sa.select(PanelMember.role, Person.name, Organization.name.label("employer"))
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Organization, Organization.id == Person.employer_id)
        .where(
            Panel.center_id == center_id,
            Panel.state.in_(SERVING),
            Panel.term_start <= today,
            Panel.term_end >= today,
            sa.or_(PanelMember.joins.is_(None), PanelMember.joins <= today),
            IS_MEMBER,
        )
        .order_by(PanelMember.id)
    ).all()
