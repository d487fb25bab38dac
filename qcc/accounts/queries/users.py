"""Reads about users and their sessions, within the administrator's jurisdiction."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.accounts.models import (
    LINK_GOOD_FOR,
    ActivationLink,
    RoleAssignment,
    User,
    UserSession,
    UserState,
)
from qcc.accounts.sessions import hash_token, is_live
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, Person
from qcc.organizations.queries import people_visible_to


def find_user_by_name(username: str) -> User | None:
    """The user of that name, in whatever case it is typed."""
    return db.session.scalars(
        sa.select(User).filter_by(username=username.strip().lower())
    ).one_or_none()


def find_user_of(person_id: int) -> User | None:
    """The account of a person."""
    return db.session.scalars(sa.select(User).filter_by(person_id=person_id)).one_or_none()


def get_own_user(actor: Actor) -> User:
    """The actor's own account."""
    return db.session.get_one(User, actor.user_id)


def get_linked_user(token: str) -> User | None:
    """Whose activation link this is, if it may be used. Looking uses nothing up."""
    link = find_link(token)
    user = db.session.get(User, link.user_id) if link else None
    return None if user is None or user.state is UserState.DISABLED else user


def find_link(token: str) -> ActivationLink | None:
    """The link of a token, if it is unused and younger than 72 hours."""
    return db.session.scalars(
        sa.select(ActivationLink).where(
            ActivationLink.token_hash == hash_token(token),
            ActivationLink.used_at.is_(None),
            ActivationLink.made_at > clock.now() - LINK_GOOD_FOR,
        )
    ).one_or_none()


def _here(actor: Actor) -> sa.Select[int]:
    return sa.select(Organization.id).where(begins(Organization.place, subtree_prefix(actor.place)))


def _desk_of(person: sa.SQLColumnExpression[int], place: sa.ColumnElement[bool]) -> sa.Exists:
    """The condition that a person now holds a desk at an organization that meets another."""
    return sa.exists().where(
        RoleAssignment.person_id == person, RoleAssignment.ended_on.is_(None), place
    )


def _visible(actor: Actor) -> sa.Select[User]:
    """Users whose employer or present desk lies in the administrator's jurisdiction."""
    here = _here(actor)
    return (
        sa.select(User)
        .join(User.person)
        .where(
            sa.or_(
                Person.employer_id.in_(here),
                _desk_of(Person.id, RoleAssignment.organization_id.in_(here)),
            )
        )
    )


def _manageable(actor: Actor) -> sa.Select[User]:
    """Users whose employer and every present desk lie in the administrator's jurisdiction: who
    can make links and end sessions could otherwise become somebody at a higher desk."""
    here = _here(actor)
    return (
        sa.select(User)
        .join(User.person)
        .where(
            Person.employer_id.in_(here),
            ~_desk_of(Person.id, RoleAssignment.organization_id.not_in(here)),
        )
    )


def _searched(found: sa.Select[User], search: str, state: UserState | None) -> sa.Select[User]:
    if search:
        wanted = search.lower()
        found = found.where(
            sa.or_(
                Person.search_text.contains(wanted, autoescape=True),
                User.username.contains(wanted, autoescape=True),
            )
        )
    return found.where(User.state == state) if state else found


def list_users(
    actor: Actor,
    search: str = "",
    after: int = 0,
    limit: int = 50,
    state: UserState | None = None,
) -> Sequence[User]:
    """A page of users by id, those after *after*."""
    found = _searched(_visible(actor), search, state).where(User.id > after)
    return db.session.scalars(
        found.options(contains_eager(User.person).joinedload(Person.employer))
        .order_by(User.id)
        .limit(limit)
    ).all()


def count_users(actor: Actor, search: str = "", state: UserState | None = None) -> int:
    """How many users there are of that description."""
    found = _searched(_visible(actor), search, state)
    return (
        db.session.scalar(found.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
    )


def list_roles_of(person_ids: Iterable[int]) -> dict[int, list[RoleAssignment]]:
    """The present roles of several people, by person."""
    found: dict[int, list[RoleAssignment]] = {}
    for role in db.session.scalars(
        sa.select(RoleAssignment)
        .where(RoleAssignment.person_id.in_(list(person_ids)), RoleAssignment.ended_on.is_(None))
        .options(joinedload(RoleAssignment.organization))
        .order_by(RoleAssignment.id)
    ):
        found.setdefault(role.person_id, []).append(role)
    return found


def get_user(actor: Actor, user_id: int) -> User:
    """One user within the administrator's jurisdiction; raises NotFound."""
    return _one(
        _visible(actor)
        .where(User.id == user_id)
        .options(contains_eager(User.person).joinedload(Person.employer))
    )


def get_manageable_user(actor: Actor, user_id: int, *, lock: bool = False) -> User:
    """One user who is wholly within the administrator's jurisdiction; raises NotFound.

    *lock*: nobody else writes it until the transaction ends.
    """
    found = _manageable(actor).where(User.id == user_id)
    if lock:
        found = found.with_for_update(of=User, key_share=True).execution_options(
            populate_existing=True
        )
    return _one(found)


def _one(found: sa.Select[User]) -> User:
    user = db.session.scalars(found).one_or_none()
    if user is None:
        raise NotFound
    return user


def is_manageable(actor: Actor, user_id: int) -> bool:
    """Whether the user is wholly within the administrator's jurisdiction."""
    found = _manageable(actor).where(User.id == user_id).with_only_columns(User.id)
    return db.session.scalar(found) is not None


def list_people_without_account(actor: Actor, search: str, limit: int = 20) -> Sequence[Person]:
    """People of the jurisdiction who could be invited."""
    accounts = sa.exists().where(User.person_id == Person.id)
    found = people_visible_to(actor).where(~accounts)
    if search:
        found = found.where(Person.search_text.contains(search.lower(), autoescape=True))
    return db.session.scalars(found.order_by(Person.id.desc()).limit(limit)).all()


def list_sessions(user_id: int) -> Sequence[UserSession]:
    """The sessions of a user that still stand, newest first."""
    return db.session.scalars(
        sa.select(UserSession)
        .where(UserSession.user_id == user_id, is_live())
        .order_by(UserSession.started_at.desc())
        .limit(50)
    ).all()


def has_active_administrator(organization_id: int, role: Role) -> bool:
    """Whether somebody who can sign in holds that administrator's role there."""
    found = (
        sa.select(User.id)
        .join(RoleAssignment, RoleAssignment.person_id == User.person_id)
        .where(
            RoleAssignment.organization_id == organization_id,
            RoleAssignment.role == role,
            RoleAssignment.ended_on.is_(None),
            User.state == UserState.ACTIVE,
        )
    )
    return db.session.scalars(found.limit(1)).first() is not None
