"""Sessions on the server: made at sign-in, loaded on each request, really ended at sign-out."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from qcc.accounts.models import RoleAssignment, User, UserSession, UserState
from qcc.infra import clock
from qcc.infra.db import db, read, transaction
from qcc.infra.outbox import unread_at
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization, Person

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCHED_EVERY = timedelta(minutes=1)


def hash_token(token: str) -> str:
    """What is stored of a token: a reader of the database cannot use it."""
    return sha256(token.encode()).hexdigest()


def start_session(user: User, assignment_id: int, source: str, browser: str) -> str:
    """Add a session and return its token, which only the browser keeps."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    before = db.session.scalar(
        sa.select(sa.func.max(UserSession.seen_at)).filter_by(user_id=user.id)
    )
    db.session.add(
        UserSession(
            token_hash=hash_token(token),
            user_id=user.id,
            assignment_id=assignment_id,
            started_at=moment,
            seen_at=moment,
            visited_before=before,
            source=source[:64],
            browser=browser[:200],
        )
    )
    return token


def is_live() -> sa.ColumnElement[bool]:
    """The condition that a session stands: not ended, not idle too long, not too old."""
    moment = clock.now()
    return sa.and_(
        UserSession.ended_at.is_(None),
        UserSession.seen_at > moment - IDLE,
        UserSession.started_at > moment - ABSOLUTE,
    )


class Seat(NamedTuple):
    """A signed-in actor, and how many unread messages wait at the desk."""

    actor: Actor
    unread: int


_session, _user = UserSession.__table__, User.__table__
_assignment, _person = RoleAssignment.__table__, Person.__table__
_organization = Organization.__table__
_unread = unread_at(
    _assignment.c.organization_id,
    _assignment.c.role,
    _assignment.c.center_id,
    _assignment.c.person_id,
)

_LOAD = (
    sa.select(
        _user.c.id,
        _person.c.id,
        _person.c.name,
        _assignment.c.id,
        _assignment.c.role,
        _organization.c.id,
        _organization.c.name,
        _organization.c.place,
        _assignment.c.center_id,
        _session.c.seen_at,
        _unread,
    )
    .join_from(_session, _user, _user.c.id == _session.c.user_id)
    .join(_person, _person.c.id == _user.c.person_id)
    .join(_assignment, _assignment.c.id == _session.c.assignment_id)
    .join(_organization, _organization.c.id == _assignment.c.organization_id)
    .where(
        _session.c.token_hash == sa.bindparam("token_hash"),
        _session.c.ended_at.is_(None),
        _session.c.seen_at > sa.bindparam("idle_since"),
        _session.c.started_at > sa.bindparam("started_since"),
        _user.c.state == UserState.ACTIVE,
        _assignment.c.ended_on.is_(None),
        _assignment.c.person_id == _user.c.person_id,
    )
)
"""Everything about who asks, in one query, since every page begins with it."""


def load_seat(token: str, source: str) -> Seat | None:
    """Who holds the token, at which desk; None if the session has ended or run out."""
    moment = clock.now()
    row = read(
        _LOAD,
        token_hash=hash_token(token),
        idle_since=moment - IDLE,
        started_since=moment - ABSOLUTE,
    ).one_or_none()
    if row is None:
        return None
    user, person, name, desk, role, body, body_name, place, center, seen_at, unread = row
    if moment - seen_at > TOUCHED_EVERY:
        _touch(hash_token(token), moment)
    return Seat(
        Actor(user, person, name, desk, role, body, body_name, place, center, source), unread
    )


def _touch(token_hash: str, moment: datetime) -> None:
    with transaction() as session:
        session.execute(
            sa.update(UserSession).filter_by(token_hash=token_hash).values(seen_at=moment)
        )


def end_session(token: str) -> None:
    """The token is worth nothing from now on."""
    _end(UserSession.token_hash == hash_token(token))


def end_sessions_of(user_id: int) -> int:
    """End every session of a user; returns how many."""
    return _end(UserSession.user_id == user_id)


def _end(condition: sa.ColumnElement[bool]) -> int:
    ended = db.session.execute(
        sa.update(UserSession)
        .where(condition, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]
