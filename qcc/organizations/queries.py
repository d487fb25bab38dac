"""Reads about places, organizations, people and incidents, within the actor's jurisdiction."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.places import NATION_CODE, parent_code, subtree_prefix
from qcc.organizations.models import (
    FormerName,
    Jurisdiction,
    MajorIncident,
    Organization,
    OrganizationKind,
    Person,
)
from qcc.organizations.permissions import in_own_subtree


def list_places(root: str) -> Sequence[Jurisdiction]:
    """A jurisdiction and all below it, in the order of their codes."""
    return db.session.scalars(
        sa.select(Jurisdiction)
        .where(Jurisdiction.code.startswith(subtree_prefix(root)))
        .order_by(Jurisdiction.code)
    ).all()


def get_place(code: str) -> Jurisdiction:
    """One place by its code; raises NotFound."""
    place = db.session.get(Jurisdiction, code)
    if place is None:
        raise NotFound
    return place


def organizations_visible_to(actor: Actor) -> sa.Select[tuple[Organization]]:
    """Organizations seated in the actor's jurisdiction."""
    return sa.select(Organization).where(in_own_subtree(actor, Organization.place))


def list_organizations(
    actor: Actor,
    *,
    search: str = "",
    kind: OrganizationKind | None = None,
    place: str = "",
    after: int = 0,
    limit: int = 50,
) -> Sequence[Organization]:
    """A page of organizations by id, those after *after*."""
    found = organizations_visible_to(actor).where(Organization.id > after)
    if search:
        found = found.where(Organization.search_text.contains(search.lower(), autoescape=True))
    if kind:
        found = found.where(Organization.kind == kind)
    if place:
        found = found.where(Organization.place.startswith(subtree_prefix(place)))
    return db.session.scalars(found.order_by(Organization.id).limit(limit)).all()


def get_organization(actor: Actor, organization_id: int) -> Organization:
    """One organization in the actor's jurisdiction; raises NotFound."""
    organization = db.session.scalars(
        organizations_visible_to(actor).where(Organization.id == organization_id)
    ).one_or_none()
    if organization is None:
        raise NotFound
    return organization


def find_organization_by_name(name: str) -> Organization | None:
    """The organization of that present or former name."""
    return db.session.scalars(
        sa.select(Organization).where(
            sa.or_(
                Organization.name == name,
                Organization.id.in_(
                    sa.select(FormerName.organization_id).where(FormerName.name == name)
                ),
            )
        )
    ).first()


def own_organization(actor: Actor) -> Organization:
    """The organization that the actor acts for."""
    return db.session.get_one(Organization, actor.organization_id)


def find_commission(place: str) -> Organization | None:
    """The health commission of exactly that place."""
    return db.session.scalars(
        sa.select(Organization).filter_by(kind=OrganizationKind.COMMISSION, place=place)
    ).first()


def find_reception(place: str) -> Organization | None:
    """Who receives applications at a place: its evaluation center, else its commission (M.10)."""
    center = db.session.scalars(
        sa.select(Organization).filter_by(kind=OrganizationKind.EVALUATION_CENTER, place=place)
    ).first()
    return center or find_commission(place)


def list_people(
    actor: Actor, *, search: str = "", after: int = 0, limit: int = 50
) -> Sequence[Person]:
    """A page of people whose employer is in the actor's jurisdiction."""
    found = (
        sa.select(Person)
        .join(Person.employer)
        .where(in_own_subtree(actor, Organization.place), Person.id > after)
    )
    if search:
        found = found.where(Person.search_text.contains(search.lower(), autoescape=True))
    return db.session.scalars(
        found.options(joinedload(Person.employer)).order_by(Person.id).limit(limit)
    ).all()


def get_person(actor: Actor, person_id: int) -> Person:
    """One person employed in the actor's jurisdiction; raises NotFound."""
    person = db.session.scalars(
        sa.select(Person)
        .join(Person.employer)
        .where(in_own_subtree(actor, Organization.place), Person.id == person_id)
    ).one_or_none()
    if person is None:
        raise NotFound
    return person


def list_namesakes(name: str, employer_id: int | None) -> Sequence[Person]:
    """Everybody of that name at that employer."""
    return db.session.scalars(
        sa.select(Person).filter_by(name=name, employer_id=employer_id).order_by(Person.id)
    ).all()


def list_incidents(actor: Actor, organization_id: int | None = None) -> Sequence[MajorIncident]:
    """Registered incidents of institutions in the actor's jurisdiction, newest first."""
    found = (
        sa.select(MajorIncident)
        .join(MajorIncident.organization)
        .where(in_own_subtree(actor, Organization.place))
    )
    if organization_id:
        found = found.where(MajorIncident.organization_id == organization_id)
    return db.session.scalars(
        found.options(joinedload(MajorIncident.organization))
        .order_by(MajorIncident.happened_on.desc(), MajorIncident.id.desc())
        .limit(500)
    ).all()


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


def full_name_of(code: str, names: dict[str, str]) -> str:
    """浙江省杭州市上城区: the names from the province down."""
    parts = []
    at: str | None = code
    while at and at != NATION_CODE:
        parts.append(names[at])
        at = parent_code(at)
    return "".join(reversed(parts)) or names[code]
