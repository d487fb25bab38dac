"""Reads about organizations."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import FormerName, Organization, OrganizationKind
from qcc.organizations.permissions import in_own_subtree

AT_ONCE = 2_000
"""How many names one statement may ask for: databases limit the values of a statement."""


def organizations_visible_to(actor: Actor) -> sa.Select[Organization]:
    """Organizations seated in the actor's jurisdiction."""
    return sa.select(Organization).where(in_own_subtree(actor, Organization.place))


def _filtered(
    actor: Actor, search: str, kind: OrganizationKind | None, place: str, grade: str
) -> sa.Select[Organization]:
    found = organizations_visible_to(actor)
    if search:
        found = found.where(Organization.search_text.contains(search.lower(), autoescape=True))
    if kind:
        found = found.where(Organization.kind == kind)
    if place:
        found = found.where(begins(Organization.place, subtree_prefix(place)))
    if grade:
        found = found.where(Organization.grade == grade)
    return found


def list_organizations(
    actor: Actor,
    *,
    search: str = "",
    kind: OrganizationKind | None = None,
    place: str = "",
    grade: str = "",
    after: int = 0,
    limit: int = 50,
) -> Sequence[Organization]:
    """A page of organizations by place and name, those that follow the organization *after*."""
    found = _filtered(actor, search, kind, place, grade)
    order = (Organization.place, Organization.name, Organization.id)
    if after:
        anchor = sa.select(*order).where(Organization.id == after)
        found = found.where(sa.tuple_(*order) > anchor.scalar_subquery())
    return db.session.scalars(
        found.options(joinedload(Organization.seat)).order_by(*order).limit(limit)
    ).all()


def count_organizations(
    actor: Actor,
    *,
    search: str = "",
    kind: OrganizationKind | None = None,
    place: str = "",
    grade: str = "",
) -> int:
    """How many organizations there are of that description."""
    found = _filtered(actor, search, kind, place, grade).with_only_columns(sa.func.count())
    return db.session.scalar(found) or 0


def list_organization_names(actor: Actor, search: str, limit: int = 12) -> Sequence[str]:
    """Names to choose from while one is being typed."""
    found = _filtered(actor, search, None, "", "").with_only_columns(Organization.name)
    return db.session.scalars(found.order_by(Organization.name).limit(limit)).all()


def get_organization(actor: Actor, organization_id: int, *, lock: bool = False) -> Organization:
    """One organization in the actor's jurisdiction; raises NotFound.

    *lock*: nobody else writes it until the transaction ends.
    """
    found = organizations_visible_to(actor).where(Organization.id == organization_id)
    if lock:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    organization = db.session.scalars(found).one_or_none()
    if organization is None:
        raise NotFound
    return organization


def find_organization_by_name(name: str) -> Organization | None:
    """The organization of that present or, if there is none, former name."""
    formerly = sa.select(FormerName.organization_id).where(FormerName.name == name)
    return db.session.scalars(
        sa.select(Organization)
        .where(sa.or_(Organization.name == name, Organization.id.in_(formerly)))
        .order_by((Organization.name == name).desc(), Organization.id)
        .limit(1)
    ).first()


def list_holders_of(
    names: Iterable[str], codes: Iterable[str], *, lock: bool = False
) -> list[Organization]:
    """Whoever, anywhere, has or had one of the names, or has one of the credit codes.

    *lock*: nobody else writes them until the transaction ends.
    """
    found = {}
    for condition in (*_by_name(sorted(set(names))), *_by_code(sorted(set(codes)))):
        some = sa.select(Organization).where(condition).order_by(Organization.id)
        some = some.options(selectinload(Organization.former_names))
        if lock:
            some = some.with_for_update(key_share=True).execution_options(populate_existing=True)
        found.update({row.id: row for row in db.session.scalars(some)})
    return [found[key] for key in sorted(found)]


def _by_name(names: Sequence[str]) -> Iterable[sa.ColumnElement[bool]]:
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        formerly = sa.select(FormerName.organization_id).where(FormerName.name.in_(some))
        yield sa.or_(Organization.name.in_(some), Organization.id.in_(formerly))


def _by_code(codes: Sequence[str]) -> Iterable[sa.ColumnElement[bool]]:
    for start in range(0, len(codes), AT_ONCE):
        yield Organization.credit_code.in_(codes[start : start + AT_ONCE])


def list_parents_of(organization_id: int) -> list[int]:
    """The ids of an organization and of all that stand above it."""
    above = (
        sa.select(Organization.id, Organization.parent_id)
        .where(Organization.id == organization_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        sa.select(Organization.id, Organization.parent_id).join(
            above, Organization.id == above.c.parent_id
        )
    )
    return list(db.session.scalars(sa.select(above.c.id)))


def list_parent_names() -> dict[str, str]:
    """By the name of each organization that has one: the name of the one above it."""
    parent = aliased(Organization)
    rows = db.session.execute(
        sa.select(Organization.name, parent.name).join(parent, parent.id == Organization.parent_id)
    )
    return {row[0]: row[1] for row in rows}


def list_authorities(place: str) -> Sequence[Organization]:
    """The commissions and evaluation centers of a place and all below it."""
    return db.session.scalars(
        sa.select(Organization)
        .where(
            Organization.kind.in_(
                (OrganizationKind.COMMISSION, OrganizationKind.EVALUATION_CENTER)
            ),
            begins(Organization.place, subtree_prefix(place)),
        )
        .order_by(Organization.place, Organization.id)
    ).all()


def list_children(actor: Actor, organization_id: int) -> Sequence[Organization]:
    """The organizations of the actor's jurisdiction directly under one."""
    return db.session.scalars(
        organizations_visible_to(actor)
        .where(Organization.parent_id == organization_id)
        .order_by(Organization.name)
        .limit(200)
    ).all()


def own_organization(actor: Actor) -> Organization:
    """The organization that the actor acts for."""
    return db.session.get_one(Organization, actor.organization_id)


def find_commission(place: str) -> Organization | None:
    """The health commission of exactly that place."""
    return _authority(OrganizationKind.COMMISSION, place)


def find_reception(place: str) -> Organization | None:
    """Who receives applications at a place: its evaluation center, else its commission (M.10)."""
    return _authority(OrganizationKind.EVALUATION_CENTER, place) or find_commission(place)


def _authority(kind: OrganizationKind, place: str) -> Organization | None:
    return db.session.scalars(
        sa.select(Organization).filter_by(kind=kind, place=place)
    ).one_or_none()
