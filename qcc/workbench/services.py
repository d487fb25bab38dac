"""What a desk does with its inbox."""

import sqlalchemy as sa

from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.outbox import Message
from qcc.kernel.permissions import Actor
from qcc.workbench.queries import is_for


def mark_all_read(actor: Actor) -> None:
    """Somebody at the desk has seen what is in the inbox; their own messages with it."""
    db.session.execute(
        sa.update(Message)
        .where(is_for(actor), Message.read_at.is_(None))
        .values(read_at=clock.now())
    )
