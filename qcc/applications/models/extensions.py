"""What happens to a call that is published: its deadline is put off, a center is taken out of it;
each with its reason."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra.db import Key, Model


class CallExtension(Model):
    """The closing of a call was put off, for everybody whom the call addresses.

    Both moments are the first after a closing day, as in the call itself.
    """

    __tablename__ = "call_extensions"
    __table_args__ = (
        sa.CheckConstraint("closed_at < closes_at", name="later"),
        sa.Index("ix_call_extensions_call_id", "call_id", "id"),
    )

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"))
    closed_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]


class CallEnding(Model):
    """A center was taken out of a call before anybody became its host."""

    __tablename__ = "call_endings"
    __table_args__ = (sa.UniqueConstraint("call_id", "center_id"),)

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"))
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
