"""Invitations: accounts begin with a link by which their owner sets the password."""

import re
import secrets

import sqlalchemy as sa

from qcc.accounts import sessions
from qcc.accounts.models import ActivationLink, User, UserState
from qcc.accounts.passwords import hash_password
from qcc.accounts.queries import find_link, get_manageable_user
from qcc.accounts.services.passwords import require_acceptable
from qcc.accounts.sessions import hash_token
from qcc.infra import audit, clock
from qcc.infra.constraints import refusing
from qcc.infra.db import ROW, db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")

_LINK_DEAD = _l("This link was used or is older than 72 hours. Ask for a new one.")
_TAKEN = {
    "uq_users_username": (_l("This user name is taken."), "username"),
    "uq_users_person_id": (_l("This person has an account already."), "username"),
}


def invite_user(actor: Actor | None, person: Person, username: str) -> tuple[User, str]:
    """Make an account without a password, and the token of its activation link.

    Raises Refused for a name that is taken or not well-formed, or a person with an account.
    """
    name = username.strip().lower()
    if not USERNAME.fullmatch(name):
        raise Refused(
            _l(
                "A user name has 3 to 30 letters, digits, dots, hyphens or underscores, and begins"
                " with a letter."
            ),
            "username",
        )
    user = User(person_id=person.id, username=name, created_at=clock.now(), state=UserState.INVITED)
    with refusing(_TAKEN):
        db.session.add(user)
    audit.record(actor, "user.invited", "user", user.id, {"username": name, "person": person.id})
    return user, make_link(actor, user)


def make_link(actor: Actor | None, user: User) -> str:
    """The token of a new activation link, for an invited user or one who forgot the password.

    Earlier links of the user stop working, and so do sessions once the link is used. Raises
    Refused for a disabled user.
    """
    db.session.refresh(user, with_for_update=ROW)
    if user.state is UserState.DISABLED:
        raise Refused(_l("This account is disabled. Enable it first."))
    _end_links(user)
    token = secrets.token_urlsafe(32)
    db.session.add(
        ActivationLink(token_hash=hash_token(token), user_id=user.id, made_at=clock.now())
    )
    audit.record(actor, "user.link_made", "user", user.id)
    return token


def _end_links(user: User) -> None:
    db.session.execute(
        sa.update(ActivationLink)
        .filter_by(user_id=user.id, used_at=None)
        .values(used_at=clock.now())
    )


def activate(token: str, password: str) -> User:
    """Set the password by a link, once; every session of the user ends.

    Raises Refused: the link is dead, or the password is not accepted.
    """
    link = find_link(token)
    user = db.session.get(User, link.user_id, with_for_update=ROW) if link else None
    if link is None or user is None or user.state is UserState.DISABLED:
        raise Refused(_LINK_DEAD)
    require_acceptable(user, password)
    used = db.session.execute(
        sa.update(ActivationLink)
        .where(ActivationLink.token_hash == link.token_hash, ActivationLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_LINK_DEAD)
    user.password_hash, user.state = hash_password(password), UserState.ACTIVE
    sessions.end_sessions_of(user.id)
    audit.record(None, "user.activated", "user", user.id)
    return user


def disable_user(actor: Actor, user_id: int, version: int) -> User:
    """Nobody signs in with this account any more; its sessions and links end at once.

    Raises NotFound, StaleEdit or Refused.
    """
    user = get_manageable_user(actor, user_id, lock=True)
    require_version(user, version)
    if user.id == actor.user_id:
        raise Refused(_l("You cannot disable your own account."))
    user.state = UserState.DISABLED
    sessions.end_sessions_of(user.id)
    _end_links(user)
    audit.record(actor, "user.disabled", "user", user.id)
    return user


def enable_user(actor: Actor, user_id: int, version: int) -> tuple[User, str]:
    """Let a disabled user in again, by a new activation link; the old password is gone.

    Raises NotFound, StaleEdit or Refused.
    """
    user = get_manageable_user(actor, user_id, lock=True)
    require_version(user, version)
    if user.state is not UserState.DISABLED:
        raise Refused(_l("This account is not disabled."))
    user.state, user.password_hash = UserState.INVITED, ""
    db.session.flush()
    audit.record(actor, "user.enabled", "user", user.id)
    return user, make_link(actor, user)


def end_sessions(actor: Actor, user_id: int) -> int:
    """An administrator ends every session of a user; returns how many. Raises NotFound."""
    user = get_manageable_user(actor, user_id, lock=True)
    ended = sessions.end_sessions_of(user.id)
    audit.record(actor, "user.sessions_ended", "user", user.id, {"sessions": ended})
    return ended
