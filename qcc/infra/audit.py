"""The audit chain: every act is an event, and every event seals the one before it.

Events of a transaction are collected and written at its end, in the same transaction: no event, no
act. Each carries an HMAC over its own content and the hash before it; the head row keeps count and
last hash, so that a flip, a deletion (also of the last rows), an insertion or a swap is found. Who
can write the database but does not hold the key cannot make a chain that verifies.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from qcc.infra import clock
from qcc.infra.db import Model, db
from qcc.kernel.permissions import Actor

Reader = Session | scoped_session[Any]

GENESIS = "0" * 64
_PENDING = "audit.pending"
_KEY = "qcc.audit.key"


class AuditEvent(Model):
    """One act: who, in what role and organization, when, what, on what, before and after."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_events_at", "at"),
        sa.Index("ix_audit_events_user_id", "user_id"),
    )

    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(sa.String(64))
    user_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(32))
    organization_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(sa.String(64))
    subject_type: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[str] = mapped_column(sa.String(64))
    detail: Mapped[str] = mapped_column(sa.Text)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Model):
    """The end of the chain: how many events there are and the last hash. One row."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.String(64))
    seal: Mapped[str] = mapped_column(sa.String(64))


_HEAD = sa.select(AuditHead.count, AuditHead.hash).where(AuditHead.id == 1)


def init_app(app: Flask, secret: bytes) -> None:
    """The key that seals this application's chain is derived from the secret."""
    app.extensions[_KEY] = sha256(b"audit:" + secret).digest()


def record(
    actor: Actor | None,
    name: str,
    subject_type: str,
    subject_id: object,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the running transaction. *actor* None is the system itself."""
    row = {
        "at": clock.now(),
        "event": name,
        "user_id": actor.user_id if actor else None,
        "actor": f"{actor.name}（{actor.organization_name}）" if actor else "system",
        "role": actor.role.value if actor else "system",
        "organization_id": actor.organization_id if actor else None,
        "source": actor.source if actor else "",
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "detail": json.dumps(
            detail or {}, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":")
        ),
    }
    db.session.info.setdefault(_PENDING, []).append(row)


def _seal(text: str) -> str:
    return hmac.new(current_app.extensions[_KEY], text.encode(), sha256).hexdigest()


def _hash(seq: int, row: Mapping[str, Any], prev: str) -> str:
    parts = [seq, row["at"].isoformat(), *(row[name] for name in _SEALED), prev]
    return _seal(json.dumps(parts, ensure_ascii=False, default=str))


_SEALED = (
    "event",
    "user_id",
    "actor",
    "role",
    "organization_id",
    "source",
    "subject_type",
    "subject_id",
    "detail",
)


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    """Chain the collected events; the lock on the head is held only for this last moment."""
    rows = session.info.pop(_PENDING, None)
    if not rows:
        return
    session.flush()
    count, last = session.execute(_HEAD.with_for_update(key_share=True)).one()
    for row in rows:
        count += 1
        row |= {"seq": count, "prev_hash": last, "hash": _hash(count, row, last)}
        last = row["hash"]
    session.execute(sa.insert(AuditEvent), rows)
    session.execute(
        sa.update(AuditHead)
        .where(AuditHead.id == 1)
        .values(count=count, hash=last, seal=_seal(f"{count}:{last}"))
    )


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold: the sequence number and what is wrong there."""

    seq: int
    reason: str


def head(session: Reader) -> tuple[int, str]:
    """Count and last hash of the chain: worth noting elsewhere, for a later check."""
    count, last = session.execute(_HEAD).one()
    return count, last


def verify(session: Reader, expected_head: str | None = None) -> Iterator[Break]:
    """Walk the whole chain in order; yields every break, nothing when all holds.

    *expected_head*: "COUNT:HASH" noted earlier, which must still be part of the chain; this finds
    even a chain that somebody who holds the key made anew.
    """
    count, last, noted = 0, GENESIS, set()
    rows = session.execute(
        sa.select(AuditEvent.__table__).order_by(AuditEvent.seq).execution_options(yield_per=1000)
    ).mappings()
    for row in rows:
        count += 1
        yield from _check(row, count, last)
        count, last = row["seq"], row["hash"]
        if expected_head and expected_head == f"{count}:{last}":
            noted.add(expected_head)
    yield from _check_head(session, count, last)
    if expected_head and not noted:
        yield Break(int(expected_head.partition(":")[0] or 0), "the noted head is not in the chain")


def _check(row: Any, count: int, last: str) -> Iterator[Break]:
    if row["seq"] != count:
        yield Break(count, "missing")
    elif row["prev_hash"] != last:
        yield Break(count, "not linked to the event before it")
    if not hmac.compare_digest(_hash(row["seq"], row, row["prev_hash"]), row["hash"]):
        yield Break(row["seq"], "content changed")


def _check_head(session: Reader, count: int, last: str) -> Iterator[Break]:
    row = session.execute(_HEAD.add_columns(AuditHead.seal)).one_or_none()
    noted, end, seal = row if row is not None else (-1, "", "")
    if (noted, end) != (count, last):
        yield Break(count, "the end of the chain is missing or was added to")
    elif count and not hmac.compare_digest(seal, _seal(f"{count}:{last}")):
        yield Break(count, "the head of the chain was changed")
