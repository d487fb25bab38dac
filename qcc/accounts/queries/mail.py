"""Reads of the mail that waits."""

from collections.abc import Sequence

import sqlalchemy as sa

from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.outbox import MailState, Message


def list_due_mail(limit: int) -> Sequence[int]:
    """The messages whose mail is to be sent now, oldest first."""
    return db.session.scalars(
        sa.select(Message.id)
        .where(
            Message.mail_state == MailState.PENDING,
            sa.or_(Message.retry_at.is_(None), Message.retry_at <= clock.now()),
        )
        .order_by(Message.id)
        .limit(limit)
    ).all()
