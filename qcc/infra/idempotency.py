"""Doing a thing once: a form that creates carries a key, and its second arrival gets the first
one's answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import SQLITE_COLUMNS, Model, db, transaction, violates
from qcc.kernel.permissions import Actor

KEPT = timedelta(days=7)


class IdempotencyKey(Model):
    """A key that was used: by whom, and what came of it (an id or address)."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(sa.String(200), default="")


SQLITE_COLUMNS["pk_idempotency_keys"] = "idempotency_keys.user_id, idempotency_keys.key"


def new_key() -> str:
    """A key for a form that is being drawn."""
    return uuid4().hex


def once(actor: Actor, key: str, act: Callable[[], object]) -> str:
    """Run *act* in a transaction with the key; if the key was used before, only tell its outcome.

    Two requests with one key at the same time: the later waits for the earlier. An empty key is
    none: it says nothing about another request that came without one.
    """
    key = key[:64] or new_key()
    try:
        with transaction() as session:
            used = IdempotencyKey(user_id=actor.user_id, key=key, at=clock.now())
            session.add(used)
            session.flush()
            used.outcome = str(act())
            return used.outcome
    except IntegrityError as error:
        if not violates(error, "pk_idempotency_keys"):
            raise
    outcome = find_outcome(actor, key)
    if outcome is None:
        raise RuntimeError("a key was used and is gone")
    return outcome


def find_outcome(actor: Actor, key: str) -> str | None:
    """What came of the actor's key, if it was used: for forms that no longer fit once it was."""
    return db.session.scalars(
        sa.select(IdempotencyKey.outcome).filter_by(user_id=actor.user_id, key=key[:64])
    ).one_or_none()


def forget_old_keys() -> int:
    """Delete keys past their time; returns how many. Run daily."""
    old = sa.delete(IdempotencyKey).where(IdempotencyKey.at < clock.now() - KEPT)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
