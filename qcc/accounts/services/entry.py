"""Signing in and out.

An attempt is counted and committed before the password is looked at, and taken back when it was
right: of any number of attempts at the same time, no more than allowed pass. The password itself is
verified between the two transactions, because its hash takes long on purpose.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from qcc.accounts import sessions
from qcc.accounts.models import (
    ActivationLink,
    FailedSignIn,
    RoleAssignment,
    User,
    UserSession,
    UserState,
)
from qcc.accounts.passwords import matches
from qcc.accounts.queries import find_user_by_name, last_desk, list_desks
from qcc.accounts.sessions import hash_token
from qcc.infra import audit, clock
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.locks import one_at_a_time
from qcc.kernel.permissions import Actor

FAILURES_ALLOWED = 5
FAILURES_WITHIN = timedelta(minutes=15)
KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=184)
"""Who signed in from where is kept for six months (网络安全法第二十一条), and not for ever."""


class Throttled(Exception):
    """This account was tried too often from this source; *wait* until it may be tried again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt of one account from one source."""

    account: str
    source: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a password proved: whose account it opens, and the hash that it fitted."""

    user_id: int
    password_hash: str


def begin_attempt(username: str, source: str) -> Attempt:
    """Count an attempt, as failed until it succeeds; to be committed before going on.

    Counted by account and source together, so that nobody elsewhere can lock a hospital out.
    Raises Throttled.
    """
    account = sha256(username.strip().lower().encode()).hexdigest()
    attempt = Attempt(account, source[:64])
    one_at_a_time(f"sign-in {attempt.account} {attempt.source}")
    _require_not_throttled(attempt)
    db.session.add(FailedSignIn(account=attempt.account, source=attempt.source, at=clock.now()))
    db.session.flush()
    return attempt


def _require_not_throttled(attempt: Attempt) -> None:
    now = clock.now()
    failures = db.session.scalars(
        sa.select(FailedSignIn.at)
        .filter_by(account=attempt.account, source=attempt.source)
        .where(FailedSignIn.at > now - FAILURES_WITHIN)
        .order_by(FailedSignIn.at.desc())
        .limit(FAILURES_ALLOWED)
    ).all()
    if len(failures) == FAILURES_ALLOWED:
        raise Throttled(failures[-1] + FAILURES_WITHIN - now)


def prove(username: str, password: str) -> Proof | None:
    """Whose account the password opens. Takes the same time when there is no such user."""
    user = find_user_by_name(username)
    password_hash = user.password_hash if user else ""
    fits = matches(password_hash, password)
    return Proof(user.id, password_hash) if user and password_hash and fits else None


def sign_in(attempt: Attempt, proof: Proof | None, browser: str) -> str | None:
    """Start a session and return its token; None for whatever does not fit together.

    Raises Refused for a user who has no role to act in.
    """
    user = _proven(proof)
    if user is None:
        known = proof.user_id if proof else "-"
        audit.record(None, "user.sign_in_failed", "user", known, {"source": attempt.source})
        return None
    desk = last_desk(user)
    if desk is None:
        raise Refused(_l("Your account has no role yet. Ask your security administrator for one."))
    token = sessions.start_session(user, desk.id, attempt.source, browser)
    db.session.execute(
        sa.delete(FailedSignIn).filter_by(account=attempt.account, source=attempt.source)
    )
    audit.record(_at(desk, user, attempt.source), "user.signed_in", "user", user.id)
    return token


def _proven(proof: Proof | None) -> User | None:
    """The user, if active and still with the password that was proven."""
    if proof is None:
        return None
    user = db.session.get(User, proof.user_id, with_for_update=ROW)
    if user is None or user.state is not UserState.ACTIVE:
        return None
    return user if user.password_hash == proof.password_hash else None


def _at(desk: RoleAssignment, user: User, source: str) -> Actor:
    return Actor(
        user_id=user.id,
        person_id=user.person_id,
        name=user.person.name,
        assignment_id=desk.id,
        role=desk.role,
        organization_id=desk.organization_id,
        organization_name=desk.organization.name,
        place=desk.organization.place,
        center_id=desk.center_id,
        source=source,
    )


def sign_out(actor: Actor, token: str) -> None:
    """End the session on the server; the cookie is worth nothing afterwards."""
    sessions.end_session(token)
    audit.record(actor, "user.signed_out", "user", actor.user_id)


def switch_desk(actor: Actor, token: str, assignment_id: int) -> None:
    """Sit down at another of one's own desks; raises NotFound for any other."""
    if assignment_id not in {desk.id for desk in list_desks(actor.person_id)}:
        raise NotFound
    db.session.execute(
        sa.update(UserSession)
        .filter_by(token_hash=hash_token(token), user_id=actor.user_id)
        .values(assignment_id=assignment_id)
    )
    audit.record(actor, "user.switched_desk", "user", actor.user_id, {"desk": assignment_id})


def forget_old_attempts() -> int:
    """Delete failed attempts that count no more; returns how many."""
    forgotten = db.session.execute(
        sa.delete(FailedSignIn).where(FailedSignIn.at < clock.now() - KEPT)
    )
    return int(forgotten.rowcount)  # type: ignore[attr-defined]


def forget_old_sessions() -> int:
    """Delete sessions and activation links that are dead since long; returns how many."""
    limit = clock.now() - SESSIONS_KEPT
    sessions_dead = sa.delete(UserSession).where(UserSession.seen_at < limit)
    links_dead = sa.delete(ActivationLink).where(ActivationLink.made_at < limit)
    return _deleted(sessions_dead) + _deleted(links_dead)


def _deleted(rows: sa.Delete) -> int:
    return int(db.session.execute(rows).rowcount)  # type: ignore[attr-defined]
