"""Reads about desks: who acts in which role, for which organization."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.accounts.models import RoleAssignment, User, UserSession, UserState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization


def list_desks(person_id: int) -> Sequence[RoleAssignment]:
    """The present roles of a person, in the order they were given."""
    return db.session.scalars(
        sa.select(RoleAssignment)
        .filter_by(person_id=person_id, ended_on=None)
        .options(joinedload(RoleAssignment.organization))
        .order_by(RoleAssignment.id)
    ).all()


def list_desks_of(person_ids: Sequence[int]) -> dict[int, list[RoleAssignment]]:
    """Person → the present roles, of those whose account is active."""
    found = db.session.scalars(
        sa.select(RoleAssignment)
        .join(User, User.person_id == RoleAssignment.person_id)
        .where(
            RoleAssignment.person_id.in_(person_ids),
            RoleAssignment.ended_on.is_(None),
            User.state == UserState.ACTIVE,
        )
        .order_by(RoleAssignment.id)
    )
    desks: dict[int, list[RoleAssignment]] = {}
    for desk in found:
        desks.setdefault(desk.person_id, []).append(desk)
    return desks


def last_desk(user: User) -> RoleAssignment | None:
    """The desk at which the user sat last, if it still is one; else the first."""
    desks = {desk.id: desk for desk in list_desks(user.person_id)}
    last = db.session.scalar(
        sa.select(UserSession.assignment_id)
        .filter_by(user_id=user.id)
        .order_by(UserSession.started_at.desc())
        .limit(1)
    )
    return desks.get(last or 0) or next(iter(desks.values()), None)


def list_assignments(person_id: int) -> Sequence[RoleAssignment]:
    """All roles a person has or had, present ones first."""
    return db.session.scalars(
        sa.select(RoleAssignment)
        .filter_by(person_id=person_id)
        .options(joinedload(RoleAssignment.organization))
        .order_by(RoleAssignment.ended_on.is_not(None), RoleAssignment.id)
    ).all()


def get_assignment(actor: Actor, assignment_id: int) -> RoleAssignment:
    """A role held at an organization in the actor's jurisdiction; raises NotFound."""
    assignment = db.session.scalars(
        sa.select(RoleAssignment)
        .join(RoleAssignment.organization)
        .where(
            RoleAssignment.id == assignment_id,
            begins(Organization.place, subtree_prefix(actor.place)),
        )
        .options(contains_eager(RoleAssignment.organization))
    ).one_or_none()
    if assignment is None:
        raise NotFound
    return assignment


def get_desk_actor(assignment_id: int, source: str) -> Actor | None:
    """Who sits at a desk, as if signed in; None once the role has ended or the account is not
    active."""
    found = (
        sa.select(RoleAssignment, User.id)
        .join(User, User.person_id == RoleAssignment.person_id)
        .where(
            RoleAssignment.id == assignment_id,
            RoleAssignment.ended_on.is_(None),
            User.state == UserState.ACTIVE,
        )
        .options(joinedload(RoleAssignment.organization), joinedload(RoleAssignment.person))
    )
    row = db.session.execute(found).one_or_none()
    if row is None:
        return None
    desk, user_id = row
    return Actor(
        user_id=user_id,
        person_id=desk.person_id,
        name=desk.person.name,
        assignment_id=desk.id,
        role=desk.role,
        organization_id=desk.organization_id,
        organization_name=desk.organization.name,
        place=desk.organization.place,
        center_id=desk.center_id,
        source=source,
    )
