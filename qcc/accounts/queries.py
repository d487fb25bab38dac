"""Reads about users, desks and sessions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.accounts.models import RoleAssignment, User, UserSession, UserState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, Person


def list_desks(person_id: int) -> Sequence[RoleAssignment]:
    """The present roles of a person, in the order they were given."""
    return db.session.scalars(
        sa.select(RoleAssignment)
        .filter_by(person_id=person_id, ended_on=None)
        .options(joinedload(RoleAssignment.organization))
        .order_by(RoleAssignment.id)
    ).all()


def _visible(actor: Actor) -> sa.Select[tuple[User]]:
    """Users whose employer or desk lies in the administrator's jurisdiction."""
    prefix = subtree_prefix(actor.place)
    here = sa.select(Organization.id).where(Organization.place.startswith(prefix))
    return (
        sa.select(User)
        .join(User.person)
        .where(
            sa.or_(
                Person.employer_id.in_(here),
                sa.exists(
                    sa.select(1).where(
                        RoleAssignment.person_id == Person.id,
                        RoleAssignment.organization_id.in_(here),
                    )
                ),
            )
        )
    )


def list_users(actor: Actor, search: str = "", after: int = 0, limit: int = 50) -> Sequence[User]:
    """A page of users by id, those after *after*."""
    found = _visible(actor).where(User.id > after)
    if search:
        wanted = f"%{search.lower()}%"
        found = found.where(
            sa.or_(Person.search_text.like(wanted), sa.func.lower(User.username).like(wanted))
        )
    return db.session.scalars(
        found.options(contains_eager(User.person).joinedload(Person.employer))
        .order_by(User.id)
        .limit(limit)
    ).all()


def get_user(actor: Actor, user_id: int) -> User:
    """One user within the administrator's jurisdiction; raises NotFound."""
    user = db.session.scalars(_visible(actor).where(User.id == user_id)).one_or_none()
    if user is None:
        raise NotFound
    return user


def list_sessions(user_id: int) -> Sequence[UserSession]:
    """The sessions of a user that have not been ended, newest first."""
    return db.session.scalars(
        sa.select(UserSession)
        .filter_by(user_id=user_id, ended_at=None)
        .order_by(UserSession.started_at.desc())
        .limit(50)
    ).all()


def list_addresses(organization_id: int, role: Role) -> Sequence[str]:
    """The mail addresses of those who hold a desk and can sign in."""
    return db.session.scalars(
        sa.select(Person.email)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(User, User.person_id == Person.id)
        .where(
            RoleAssignment.organization_id == organization_id,
            RoleAssignment.role == role,
            RoleAssignment.ended_on.is_(None),
            User.state == UserState.ACTIVE,
            Person.email != "",
        )
        .order_by(Person.id)
    ).all()
