"""One's own password."""

import sqlalchemy as sa

from qcc.accounts.models import User, UserSession
from qcc.accounts.passwords import hash_password, matches, refusals
from qcc.accounts.queries import list_desks
from qcc.accounts.sessions import hash_token
from qcc.infra import audit, clock
from qcc.infra.db import ROW, db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor


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


def require_acceptable(user: User, password: str) -> None:
    """Raises Refused with the first reason why the password is not accepted."""
    for reason in refusals(password, known_words(user)):
        raise Refused(reason, "password")


def change_password(actor: Actor, token: str, old: str, new: str) -> None:
    """Replace one's own password; every other session of the user ends. Raises Refused."""
    user = db.session.get_one(User, actor.user_id, with_for_update=ROW)
    if not matches(user.password_hash, old):
        raise Refused(_l("The present password is not right."), "old")
    require_acceptable(user, new)
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
