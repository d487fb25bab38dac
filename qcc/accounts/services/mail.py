"""The mail of messages: claimed one by one, sent by a job, tried again with growing pauses."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from qcc.accounts.queries import list_addresses
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.outbox import MailState, Message

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long mail rests after each attempt; after the last one it has failed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way: to whom it goes now, and the message with its words."""

    addresses: tuple[str, ...]
    message: Message


def keep_in_inbox() -> int:
    """No mail server is set up: what waits stays in the inbox only. Returns how many."""
    kept = db.session.execute(
        sa.update(Message)
        .where(Message.mail_state == MailState.PENDING)
        .values(mail_state=MailState.NONE)
    )
    return int(kept.rowcount)  # type: ignore[attr-defined]


def claim_letter(message_id: int) -> Letter | None:
    """Take a due message for sending, so that nobody else does; to be committed before it is sent.

    None if another took it, if it was tried too often, or if nobody it is for has an address.
    """
    moment = clock.now()
    message = db.session.scalars(
        sa.select(Message)
        .where(
            Message.id == message_id,
            Message.mail_state == MailState.PENDING,
            sa.or_(Message.retry_at.is_(None), Message.retry_at <= moment),
        )
        .with_for_update(skip_locked=True, key_share=True)
    ).one_or_none()
    if message is None:
        return None
    if message.attempts >= len(PAUSES):
        message.mail_state = MailState.FAILED
        return None
    addresses = list_addresses(message)
    if not addresses:
        message.mail_state = MailState.NONE
        return None
    message.retry_at = moment + PAUSES[message.attempts]
    message.attempts += 1
    return Letter(tuple(addresses), message)


def note_delivered(message_id: int) -> None:
    """The mail server took the message."""
    message = db.session.get_one(Message, message_id)
    message.mail_state, message.retry_at = MailState.SENT, None


def note_not_delivered(message_id: int) -> None:
    """It did not: the message waits for its next attempt, or has failed after the last."""
    message = db.session.get_one(Message, message_id)
    if message.attempts >= len(PAUSES):
        message.mail_state, message.retry_at = MailState.FAILED, None
