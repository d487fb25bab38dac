"""Messages to desks: rows written in the transaction of the act, shown in the inbox, and mailed by
a job. A message is addressed to a role at an organization, not to a person: whoever holds that
desk reads it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import Key, Model, db, one_of
from qcc.kernel.permissions import Role


class MailState(StrEnum):
    """What became of the mail of a message; NONE where no mail server is set up."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    NONE = "none"


class Message(Model):
    """One notice: to which desk, of what kind, with which plain values, leading where.

    *retry_at*: mail that is being sent, or that failed, is left alone until then.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_desk", "organization_id", "role", "read_at", "id"),
        sa.Index("ix_messages_mail", "mail_state", "id"),
    )

    id: Mapped[Key]
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    center_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(64))
    params: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[MailState] = mapped_column(
        one_of(MailState, "mail_state"), default=MailState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]


def unread_at(
    organization_id: sa.ColumnElement[int],
    role: sa.ColumnElement[Role],
    center_id: sa.ColumnElement[int | None],
) -> sa.ScalarSelect[int]:
    """How many messages nobody has read at a desk that another query finds. One about a center is
    for the desks of that center, and for those that have no center of their own."""
    message = Message.__table__.c
    return (
        sa.select(sa.func.count())
        .where(
            message.organization_id == organization_id,
            message.role == role,
            message.read_at.is_(None),
            sa.or_(
                message.center_id.is_(None),
                center_id.is_(None),
                message.center_id == center_id,
            ),
        )
        .scalar_subquery()
    )


TEXTS: dict[str, Any] = {}
"""Kind → lazily translated sentence with %(name)s for the message's values."""


def texts(sentences: Mapping[str, Any]) -> None:
    """Register the sentences of a feature's messages."""
    TEXTS.update(sentences)


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
    """Write a message into the running transaction."""
    if kind not in TEXTS:
        raise KeyError(f"no sentence is registered for message {kind}")
    db.session.add(
        Message(
            organization_id=organization_id,
            role=role,
            center_id=center_id,
            kind=kind,
            params=dict(params),
            link=link,
            created_at=clock.now(),
        )
    )
