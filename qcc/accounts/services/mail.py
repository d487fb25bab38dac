"""What is told outside the product: messages are handed over to the channels of those they are for,
and each delivery is claimed, sent by a job, and tried again with growing pauses."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from qcc.accounts.models import Channel, Delivery, DeliveryState, ToldBy
from qcc.accounts.queries.mail import list_readers, list_unposted_reminders
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.i18n import DEFAULT
from qcc.infra.outbox import MANDATORY, MailState, Message
from qcc.infra.robots import Robot, RobotAddress, unsealed
from qcc.kernel.permissions import Actor

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long a delivery rests after each attempt; after the last one it has failed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery on its way: where to, in which language, and the messages with their words."""

    to: str | RobotAddress
    language: str
    messages: tuple[Message, ...]


def post(message_id: int, *, mail_works: bool) -> int:
    """Hand a message over to the channels of those it is for; how many deliveries that makes."""
    message = db.session.scalars(
        sa.select(Message)
        .filter_by(id=message_id, mail_state=MailState.PENDING)
        .with_for_update(skip_locked=True, key_share=True)
    ).one_or_none()
    return 0 if message is None else _hand_over([message], mail_works)


def post_reminders(*, mail_works: bool) -> int:
    """The same for all reminders that wait: one delivery for each person and channel."""
    return _hand_over(list_unposted_reminders(), mail_works)


def _hand_over(messages: Sequence[Message], mail_works: bool) -> int:
    by_way: dict[tuple[int, Channel], list[int]] = defaultdict(list)
    for message in messages:
        if message.address is not None:
            _to_outside(message, mail_works)
            continue
        is_mandatory, ways = message.kind in MANDATORY, 0
        for reader in list_readers(message):
            for channel in reader.channels(is_mandatory=is_mandatory, mail_works=mail_works):
                by_way[reader.person_id, channel].append(message.id)
                ways += 1
        message.mail_state = MailState.POSTED if ways else MailState.NONE
    for (person_id, channel), keys in by_way.items():
        made = Delivery(person_id=person_id, channel=channel, message_ids=keys, made_at=clock.now())
        db.session.add(made)
    return len(by_way)


def _to_outside(message: Message, mail_works: bool) -> None:
    """Somebody without account is told by mail, or not at all."""
    message.mail_state = MailState.POSTED if mail_works else MailState.NONE
    if mail_works:
        db.session.add(
            Delivery(
                address=message.address,
                channel=Channel.MAIL,
                message_ids=[message.id],
                made_at=clock.now(),
            )
        )


def claim_delivery(delivery_id: int) -> Letter | None:
    """Take a due delivery for sending, so that nobody else does; to be committed before it is sent.

    None if another took it, if it was tried too often, or if the channel is gone meanwhile.
    """
    moment = clock.now()
    delivery = db.session.scalars(
        sa.select(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state == DeliveryState.PENDING,
            sa.or_(Delivery.retry_at.is_(None), Delivery.retry_at <= moment),
        )
        .with_for_update(skip_locked=True, key_share=True)
    ).one_or_none()
    if delivery is None:
        return None
    if delivery.attempts >= len(PAUSES):
        delivery.state = DeliveryState.FAILED
        return None
    choice = db.session.get(ToldBy, delivery.person_id) if delivery.person_id else None
    to = _address(delivery, choice)
    if to is None:
        delivery.state, delivery.error = DeliveryState.FAILED, "the channel is gone"
        return None
    delivery.retry_at = moment + PAUSES[delivery.attempts]
    delivery.attempts += 1
    messages = db.session.scalars(
        sa.select(Message).where(Message.id.in_(delivery.message_ids)).order_by(Message.id)
    )
    return Letter(to, choice.language if choice else DEFAULT, tuple(messages))


def _address(delivery: Delivery, choice: ToldBy | None) -> str | RobotAddress | None:
    if delivery.channel is Channel.MAIL:
        return delivery.person.email or None if delivery.person else delivery.address
    if choice is None or choice.robot_sealed is None or choice.robot != delivery.channel.value:
        return None
    return unsealed(Robot(delivery.channel.value), choice.robot_sealed)


def note_delivered(delivery_id: int) -> None:
    """The channel took it."""
    delivery = db.session.get_one(Delivery, delivery_id)
    delivery.state, delivery.retry_at, delivery.error = DeliveryState.SENT, None, ""


def note_not_delivered(delivery_id: int, error: str) -> None:
    """It did not: the delivery waits for its next attempt, or has failed after the last."""
    delivery = db.session.get_one(Delivery, delivery_id)
    delivery.error = error[:200]
    if delivery.attempts >= len(PAUSES):
        delivery.state, delivery.retry_at = DeliveryState.FAILED, None


def try_again(actor: Actor, delivery_id: int) -> None:
    """Send what was given up once more, with as many attempts as at first; raises NotFound."""
    delivery = db.session.scalars(
        sa.select(Delivery)
        .filter_by(id=delivery_id, state=DeliveryState.FAILED)
        .with_for_update(key_share=True)
    ).one_or_none()
    if delivery is None:
        raise NotFound
    delivery.state, delivery.attempts, delivery.retry_at = DeliveryState.PENDING, 0, None
    detail = {"channel": delivery.channel.value, "person": delivery.person_id}
    audit.record(actor, "delivery.tried_again", "delivery", delivery.id, detail)
