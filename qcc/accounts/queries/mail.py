"""Reads of what is to be told outside the product, to whom, and of what could not be."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.accounts.models import (
    Channel,
    Delivery,
    DeliveryState,
    RoleAssignment,
    ToldBy,
    User,
    UserState,
)
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.outbox import MailState, Message
from qcc.infra.robots import Robot
from qcc.organizations.models import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whom a message is for, and how they chose to be told."""

    person_id: int
    email: str
    by_mail: bool
    robot: Robot | None

    def channels(self, *, is_mandatory: bool, mail_works: bool) -> list[Channel]:
        """By which ways they are told of a message."""
        found = []
        if mail_works and self.email and (self.by_mail or is_mandatory):
            found.append(Channel.MAIL)
        if self.robot is not None:
            found.append(Channel(self.robot.value))
        return found


def list_unposted(limit: int) -> Sequence[int]:
    """Messages that were not handed over yet, oldest first; reminders wait for their digest."""
    return db.session.scalars(
        sa.select(Message.id)
        .where(Message.mail_state == MailState.PENDING, Message.merged_on.is_(None))
        .order_by(Message.id)
        .limit(limit)
    ).all()


def list_unposted_reminders() -> Sequence[Message]:
    """Reminders that were not handed over yet, oldest first."""
    return db.session.scalars(
        sa.select(Message)
        .where(Message.mail_state == MailState.PENDING, Message.merged_on.is_not(None))
        .order_by(Message.id)
    ).all()


def list_readers(message: Message) -> list[Reader]:
    """Those whom a message addresses and who can sign in to read it: who holds the desk, of one
    center if it names one, or the one person in that role."""
    found = (
        sa.select(Person.id, Person.email, ToldBy.by_mail, ToldBy.robot)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(User, User.person_id == Person.id)
        .outerjoin(ToldBy, ToldBy.person_id == Person.id)
        .where(
            RoleAssignment.role == message.role,
            RoleAssignment.ended_on.is_(None),
            User.state == UserState.ACTIVE,
        )
        .distinct()
        .order_by(Person.id)
    )
    if message.person_id is not None:
        found = found.where(Person.id == message.person_id)
    else:
        found = found.where(RoleAssignment.organization_id == message.organization_id)
        if message.center_id is not None:
            found = found.where(RoleAssignment.center_id == message.center_id)
    return [
        Reader(person_id, email or "", by_mail is not False, robot)
        for person_id, email, by_mail, robot in db.session.execute(found)
    ]


def list_due_deliveries(limit: int) -> Sequence[tuple[int, Channel]]:
    """What is to be sent now, oldest first, and by which channel."""
    found = db.session.execute(
        sa.select(Delivery.id, Delivery.channel)
        .where(
            Delivery.state == DeliveryState.PENDING,
            sa.or_(Delivery.retry_at.is_(None), Delivery.retry_at <= clock.now()),
        )
        .order_by(Delivery.id)
        .limit(limit)
    )
    return [(key, channel) for key, channel in found]


def list_undelivered(after: int, limit: int) -> Sequence[Delivery]:
    """What was given up, newest first, before the one with the number *after*."""
    found = sa.select(Delivery).filter_by(state=DeliveryState.FAILED)
    if after:
        found = found.where(Delivery.id < after)
    return db.session.scalars(
        found.options(joinedload(Delivery.person)).order_by(Delivery.id.desc()).limit(limit)
    ).all()


def count_undelivered() -> int:
    """How much was given up."""
    found = sa.select(sa.func.count()).select_from(Delivery).filter_by(state=DeliveryState.FAILED)
    return db.session.scalar(found) or 0


def find_told_by(person_id: int) -> ToldBy | None:
    """How the person chose to be told, if they chose."""
    return db.session.get(ToldBy, person_id)
