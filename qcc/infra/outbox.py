"""Messages: rows written in the transaction of the act, shown in the inbox, and mailed by a job.

Nearly all are addressed to a desk, a role at an organization: whoever holds it reads them. What
concerns one person alone, such as a review, is addressed to that person in a role, for whatever
organization they act in it.

A reminder is a message that the clock writes: those of one day are merged into one for whoever
reads them, and nobody is reminded twice of the same thing on one day.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import Key, Model, db, one_of, read
from qcc.kernel.permissions import Role

MORNING = timedelta(hours=8)
"""How long after midnight reminders are written: when offices open."""


EVENT = "event"
"""Under which name the values of a message carry an event for the reader's calendar."""


class MailState(StrEnum):
    """Whether a message was handed over to the channels of those it is for; NONE where nobody has
    one, FAILED of those of before each delivery was a row."""

    PENDING = "pending"
    POSTED = "sent"
    FAILED = "failed"
    NONE = "none"


class Message(Model):
    """One notice: to which desk or person, of what kind, with which plain values, leading where; or
    to the mail *address* of somebody who has no account.

    *merged_on*: the day of a reminder; *once*: what it reminds whom of on that day.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("person_id IS NULL OR organization_id IS NULL", name="one_address"),
        sa.CheckConstraint("(role IS NULL) = (address IS NOT NULL)", name="desk_or_address"),
        sa.Index("ix_messages_desk", "organization_id", "role", "read_at", "id"),
        sa.Index("ix_messages_person", "person_id", "role", "read_at", "id"),
        sa.Index("ix_messages_mail", "mail_state", "id"),
        sa.Index("ix_messages_merged_on", "merged_on"),
    )

    id: Mapped[Key]
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[Role | None] = mapped_column(one_of(Role, "role"))
    address: Mapped[str | None] = mapped_column(sa.String(120))
    center_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(64))
    params: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[MailState] = mapped_column(
        one_of(MailState, "mail_state"), default=MailState.PENDING
    )
    merged_on: Mapped[date | None]
    once: Mapped[str | None] = mapped_column(sa.String(200), unique=True)


def unread_at(
    organization_id: sa.ColumnElement[int],
    role: sa.ColumnElement[Role],
    center_id: sa.ColumnElement[int | None],
    person_id: sa.ColumnElement[int],
) -> sa.ColumnElement[int]:
    """How many messages nobody has read at a desk that another query finds, and that the person
    who sits there has not read; the reminders of a day are one. One about a center is for the desks
    of that center, and for those that have no center of their own."""
    message = Message.__table__.c
    of_desk = sa.and_(
        message.organization_id == organization_id,
        sa.or_(
            message.center_id.is_(None),
            center_id.is_(None),
            message.center_id == center_id,
        ),
    )
    single = sa.func.count() - sa.func.count(message.merged_on)
    days = sa.func.count(sa.distinct(message.merged_on))
    unread = sa.select(single + days).where(
        message.role == role,
        message.read_at.is_(None),
        sa.or_(of_desk, message.person_id == person_id),
    )
    return unread.select_from(Message).scalar_subquery()


TEXTS: dict[str, Any] = {}
"""Kind → lazily translated sentence with %(name)s for the message's values."""


MANDATORY: set[str] = set()
"""Kinds that are mailed to whoever has an address, whatever they chose."""


def texts(sentences: Mapping[str, Any], mandatory: Collection[str] = ()) -> None:
    """Register the sentences of a feature's messages; of which nobody may have the mail turned
    off: what sets a deadline with a consequence, or tells of a decision."""
    TEXTS.update(sentences)
    MANDATORY.update(mandatory)


def describe(message: Message) -> str:
    """The sentence of a message in the reader's language."""
    return str(TEXTS[message.kind]) % message.params


def notify(
    organization_id: int,
    role: Role,
    kind: str,
    params: Mapping[str, Any],
    link: str,
    center_id: int | None = None,
) -> None:
    """Write a message to a desk into the running transaction."""
    _write(kind, params, link, organization_id=organization_id, role=role, center_id=center_id)


def notify_person(
    person_id: int, role: Role, kind: str, params: Mapping[str, Any], link: str
) -> None:
    """Write a message to one person in a role into the running transaction."""
    _write(kind, params, link, person_id=person_id, role=role)


def notify_outside(address: str, kind: str, params: Mapping[str, Any]) -> None:
    """Write a message to a mail address alone into the running transaction."""
    _write(kind, params, "", address=address)


def remind(
    organization_id: int,
    role: Role,
    kind: str,
    params: Mapping[str, Any],
    link: str,
    center_id: int | None = None,
) -> int:
    """Remind a desk, unless it was reminded of this today; how many reminders were written."""
    address = f"{organization_id}/{role}/{center_id or ''}"
    values = {"organization_id": organization_id, "role": role, "center_id": center_id}
    return _once(kind, params, link, address, values)


def remind_person(
    person_id: int, role: Role, kind: str, params: Mapping[str, Any], link: str
) -> int:
    """Remind one person in a role, unless they were reminded of this today."""
    values = {"person_id": person_id, "role": role}
    return _once(kind, params, link, f"p{person_id}/{role}", values)


def _once(
    kind: str, params: Mapping[str, Any], link: str, address: str, values: Mapping[str, Any]
) -> int:
    today = clock.today()
    once = f"{today}:{address}:{kind}:{link}"
    known = _told_on(today)
    if once in known:
        return 0
    known.add(once)
    _write(kind, params, link, merged_on=today, once=once, **values)
    return 1


def _told_on(day: date) -> set[str]:
    """Of what who was reminded that day; read once in a transaction, which adds to it."""
    known: dict[date, set[str]] = db.session.info.setdefault("reminded", {})
    if day not in known:
        found = read(sa.select(Message.once).where(Message.merged_on == day))
        known[day] = {once for (once,) in found if once}
    return known[day]


def _write(kind: str, params: Mapping[str, Any], link: str, **address: Any) -> None:
    if kind not in TEXTS:
        raise KeyError(f"no sentence is registered for message {kind}")
    db.session.add(
        Message(kind=kind, params=dict(params), link=link, created_at=clock.now(), **address)
    )
