"""Writes about users: inviting, activating, signing in and out, roles, disabling."""

import secrets
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
from qcc.accounts.passwords import hash_password, matches, refusals
from qcc.accounts.permissions import OF_A_CENTER, ORGANIZATION_OF, can_stand_together
from qcc.accounts.queries import list_desks
from qcc.accounts.sessions import hash_token
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, Person

LINK_GOOD_FOR = timedelta(hours=72)
FAILURES_ALLOWED = 5
FAILURES_WITHIN = timedelta(minutes=15)


def _account_key(username: str) -> str:
    return sha256(username.strip().lower().encode()).hexdigest()


def is_throttled(username: str, source: str) -> bool:
    """Whether this account was tried too often from this source of late."""
    since = clock.now() - FAILURES_WITHIN
    failures = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(FailedSignIn)
        .where(
            FailedSignIn.account == _account_key(username),
            FailedSignIn.source == source[:64],
            FailedSignIn.at > since,
        )
    )
    return (failures or 0) >= FAILURES_ALLOWED


def sign_in(username: str, password: str, source: str, browser: str) -> str | None:
    """Start a session and return its token; None for whatever does not fit together.

    An unknown user, a wrong password, and a user without a desk look and take the same.
    """
    user = db.session.scalars(
        sa.select(User).where(sa.func.lower(User.username) == username.strip().lower())
    ).one_or_none()
    fits = matches(user.password_hash if user else "", password)
    desks = list_desks(user.person_id) if user else []
    if not (user and fits and user.state is UserState.ACTIVE and desks):
        db.session.add(
            FailedSignIn(account=_account_key(username), source=source[:64], at=clock.now())
        )
        audit.record(None, "user.sign_in_failed", "user", user.id if user else "-",
                     {"source": source})
        return None
    token = sessions.start_session(user, desks[0].id, source, browser)
    db.session.execute(
        sa.delete(FailedSignIn).filter_by(account=_account_key(username), source=source[:64])
    )
    audit.record(None, "user.signed_in", "user", user.id, {"source": source})
    return token


def sign_out(actor: Actor, token: str) -> None:
    """End the session on the server; the cookie is worth nothing afterwards."""
    sessions.end_session(token)
    audit.record(actor, "user.signed_out", "user", actor.user_id)


def switch_desk(actor: Actor, token: str, assignment_id: int) -> None:
    """Sit down at another of one's own desks."""
    if assignment_id not in {desk.id for desk in list_desks(actor.person_id)}:
        raise NotFound
    db.session.execute(
        sa.update(UserSession)
        .filter_by(token_hash=hash_token(token))
        .values(assignment_id=assignment_id)
    )
    audit.record(actor, "user.switched_desk", "user", actor.user_id, {"desk": assignment_id})


def invite_user(actor: Actor | None, person: Person, username: str) -> tuple[User, str]:
    """Make an account without a password, and the token of its activation link."""
    taken = db.session.scalar(
        sa.select(User.id).where(
            sa.or_(sa.func.lower(User.username) == username.lower(), User.person_id == person.id)
        )
    )
    if taken:
        raise Refused(_l("This user name is taken, or the person has an account."), "username")
    user = User(person_id=person.id, username=username, created_at=clock.now(),
                state=UserState.INVITED)
    db.session.add(user)
    db.session.flush()
    audit.record(actor, "user.invited", "user", user.id, {"username": username})
    return user, make_link(actor, user)


def make_link(actor: Actor | None, user: User) -> str:
    """A new activation link for an invited user, or for one who forgot the password.

    Earlier links of the user stop working, and so do sessions once the link is used.
    """
    moment = clock.now()
    db.session.execute(
        sa.update(ActivationLink).filter_by(user_id=user.id, used_at=None).values(used_at=moment)
    )
    token = secrets.token_urlsafe(32)
    db.session.add(ActivationLink(token_hash=hash_token(token), user_id=user.id, made_at=moment))
    audit.record(actor, "user.link_made", "user", user.id)
    return token


def find_link(token: str) -> ActivationLink | None:
    """The link of a token, if it is unused and not older than 72 hours."""
    return db.session.scalars(
        sa.select(ActivationLink).where(
            ActivationLink.token_hash == hash_token(token),
            ActivationLink.used_at.is_(None),
            ActivationLink.made_at > clock.now() - LINK_GOOD_FOR,
        )
    ).one_or_none()


def known_words(user: User) -> list[str]:
    """What others know about a user, and so must not be part of the password."""
    person = user.person
    organizations = [desk.organization for desk in list_desks(person.id)]
    if person.employer:
        organizations.append(person.employer)
    return [
        user.username,
        person.name,
        person.phone,
        *(
            word
            for o in organizations
            for word in (o.name, o.short_name, o.phone, *(f.name for f in o.former_names))
        ),
    ]


def activate(token: str, password: str) -> User:
    """Set the password by a link; raises Refused with the field's sentence."""
    link = find_link(token)
    if link is None:
        raise Refused(_l("This link was used or is older than 72 hours. Ask for a new one."))
    user = db.session.get_one(User, link.user_id)
    if user.state is UserState.DISABLED:
        raise Refused(_l("This link was used or is older than 72 hours. Ask for a new one."))
    for reason in refusals(password, known_words(user)):
        raise Refused(reason, "password")
    used = db.session.execute(
        sa.update(ActivationLink)
        .where(ActivationLink.token_hash == link.token_hash, ActivationLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_l("This link was used or is older than 72 hours. Ask for a new one."))
    user.password_hash, user.state = hash_password(password), UserState.ACTIVE
    sessions.end_sessions_of(user.id)
    audit.record(None, "user.activated", "user", user.id)
    return user


def change_password(actor: Actor, token: str, old: str, new: str) -> None:
    """Replace one's own password; every other session of the user ends."""
    user = db.session.get_one(User, actor.user_id)
    if not matches(user.password_hash, old):
        raise Refused(_l("The present password is not right."), "old")
    for reason in refusals(new, known_words(user)):
        raise Refused(reason, "password")
    user.password_hash = hash_password(new)
    db.session.execute(
        sa.update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.token_hash != hash_token(token),
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )
    audit.record(actor, "user.password_changed", "user", user.id)


def assign_role(
    actor: Actor | None,
    person: Person,
    role: Role,
    organization: Organization,
    center_id: int | None = None,
) -> RoleAssignment:
    """Give a person a desk. Raises Refused where the role does not fit the organization, the
    center is missing, or administrators would mix (三员分立)."""
    if organization.kind not in ORGANIZATION_OF[role]:
        raise Refused(_l("This role does not exist at an organization of this kind."), "role")
    if (role in OF_A_CENTER) != (center_id is not None):
        raise Refused(_l("Directors and secretaries belong to one center."), "center")
    db.session.execute(  # two administrators at work on one person come one after the other
        sa.select(Person.id).where(Person.id == person.id).with_for_update()
    )
    held = list_desks(person.id)
    if any((d.role, d.organization_id, d.center_id) == (role, organization.id, center_id)
           for d in held):
        raise Refused(_l("The person holds this role already."), "role")
    if not can_stand_together([role, *(desk.role for desk in held)]):
        raise Refused(
            _l("An administrator holds no other role, and no two administrator roles."), "role"
        )
    assignment = RoleAssignment(
        person_id=person.id,
        role=role,
        organization_id=organization.id,
        center_id=center_id,
        started_on=clock.today(),
    )
    db.session.add(assignment)
    db.session.flush()
    audit.record(actor, "role.assigned", "person", person.id,
                 {"role": role.value, "organization": organization.id, "center": center_id})
    return assignment


def end_role(actor: Actor | None, assignment: RoleAssignment) -> None:
    """Take a desk away from today on; sessions at it end with it."""
    assignment.ended_on = clock.today()
    db.session.execute(
        sa.update(UserSession)
        .filter_by(assignment_id=assignment.id, ended_at=None)
        .values(ended_at=clock.now())
    )
    audit.record(actor, "role.ended", "person", assignment.person_id,
                 {"role": assignment.role.value, "organization": assignment.organization_id})


def disable_user(actor: Actor, user: User, version: int) -> None:
    """Nobody signs in with this account any more; its sessions end at once."""
    require_version(user, version)
    if user.id == actor.user_id:
        raise Refused(_l("You cannot disable your own account."))
    user.state = UserState.DISABLED
    sessions.end_sessions_of(user.id)
    audit.record(actor, "user.disabled", "user", user.id)


def end_sessions(actor: Actor, user: User) -> int:
    """An administrator ends every session of a user."""
    ended = sessions.end_sessions_of(user.id)
    audit.record(actor, "user.sessions_ended", "user", user.id, {"sessions": ended})
    return ended
