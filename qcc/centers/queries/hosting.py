"""Reads about single centers, their hosts and officers."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.accounts.models import RoleAssignment
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.permissions import in_own_province
from qcc.centers.rules import OfficerPost
from qcc.centers.workflow import CenterState
from qcc.infra.db import db, read
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person
from qcc.regulations.catalogs import CenterKind

POST_ORDER = sa.case({post: at for at, post in enumerate(OfficerPost)}, value=Officer.post)


def get_center(actor: Actor, center_id: int) -> Center:
    """One center of the actor's directory, with specialty and place; raises NotFound."""
    center = db.session.scalars(
        sa.select(Center)
        .where(Center.id == center_id, in_own_province(actor, Center.place))
        .options(joinedload(Center.specialty), joinedload(Center.jurisdiction))
    ).one_or_none()
    if center is None:
        raise NotFound
    return center


def lock_center(center_id: int) -> Center:
    """A center, locked until the transaction ends and read anew; raises NotFound.

    For services, which check their own scope.
    """
    center = db.session.scalars(
        sa.select(Center)
        .where(Center.id == center_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if center is None:
        raise NotFound
    return center


def find_active_center(kind: CenterKind, specialty_id: int, place: str) -> Center | None:
    """The center of the kind that the specialty has in the place, if one is not closed."""
    return db.session.scalars(
        sa.select(Center).where(
            Center.kind == kind,
            Center.specialty_id == specialty_id,
            Center.place == place,
            Center.state != CenterState.CLOSED,
        )
    ).one_or_none()


def count_rivals(center: Center) -> int:
    """How many other centers of the kind the specialty has in the place that are not closed."""
    found = find_active_center(center.kind, center.specialty_id, center.place)
    return int(found is not None and found.id != center.id)


def current_hosting(center_id: int) -> Hosting | None:
    """The hosting that has not ended, with its institution."""
    return db.session.scalars(
        sa.select(Hosting)
        .filter_by(center_id=center_id, ended_on=None)
        .options(joinedload(Hosting.institution))
    ).one_or_none()


def find_host_id(center_id: int) -> int | None:
    """The institution that hosts the center now."""
    hosts = sa.select(Hosting.institution_id).filter_by(center_id=center_id, ended_on=None)
    found: int | None = read(hosts).scalar()
    return found


def has_been_hosted(center_id: int) -> bool:
    """Whether the center ever had a host."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Hosting.center_id == center_id))))


def list_hostings(center_id: int) -> Sequence[Hosting]:
    """All hostings of a center, newest first."""
    return db.session.scalars(
        sa.select(Hosting)
        .filter_by(center_id=center_id)
        .options(joinedload(Hosting.institution))
        .order_by(Hosting.started_on.desc(), Hosting.id.desc())
    ).all()


def list_officers(hosting_id: int) -> Sequence[Officer]:
    """The present officers of a hosting, by post, with their persons and employers."""
    return db.session.scalars(
        sa.select(Officer)
        .filter_by(hosting_id=hosting_id, ended_on=None)
        .options(joinedload(Officer.person).joinedload(Person.employer))
        .order_by(POST_ORDER, Officer.id)
    ).all()


def list_former_officers(center_id: int) -> Sequence[Officer]:
    """Everybody who once held a post of the center, the last to leave first."""
    return db.session.scalars(
        sa.select(Officer)
        .join(Officer.hosting)
        .where(Hosting.center_id == center_id, Officer.ended_on.is_not(None))
        .options(joinedload(Officer.person))
        .order_by(Officer.ended_on.desc(), POST_ORDER, Officer.id)
    ).all()


def list_callable_centers(actor: Actor) -> Sequence[Center]:
    """Planned or vacant centers of exactly the actor's own place: those a call may open."""
    return db.session.scalars(
        sa.select(Center)
        .where(
            Center.place == actor.place,
            Center.state.in_((CenterState.PLANNED, CenterState.VACANT)),
            in_own_province(actor, Center.place),
        )
        .options(joinedload(Center.specialty))
        .order_by(Center.id)
    ).all()


def list_center_desks(center_id: int, person_id: int | None = None) -> Sequence[RoleAssignment]:
    """The present desks at a center, of one person or of everybody."""
    found = sa.select(RoleAssignment).filter_by(center_id=center_id, ended_on=None)
    if person_id is not None:
        found = found.filter_by(person_id=person_id)
    return db.session.scalars(found.order_by(RoleAssignment.id)).all()


def list_hosts_served_by(person_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """Person → the institutions whose centers they serve as officers now."""
    found = db.session.execute(
        sa.select(Officer.person_id, Hosting.institution_id)
        .join(Hosting, Hosting.id == Officer.hosting_id)
        .where(
            Officer.person_id.in_(person_ids),
            Officer.ended_on.is_(None),
            Hosting.ended_on.is_(None),
        )
    )
    hosts: dict[int, frozenset[int]] = {}
    for person_id, institution_id in found:
        hosts[person_id] = hosts.get(person_id, frozenset()) | {institution_id}
    return hosts
