"""Calls: planned centers opened for applications, and whom they address."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.organizations.models import Organization


class Audience(StrEnum):
    """Whom a call addresses: every institution seated in the jurisdiction, or named ones."""

    JURISDICTION = "jurisdiction"
    NAMED = "named"


class Call(Editable, Model):
    """A call for applications to host one or more planned centers (M.6).

    Open from *opens_at* to the moment before *closes_at* (the first one after the closing day).
    """

    __tablename__ = "calls"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="times"),
        sa.Index("ix_calls_place", "place", "closes_at"),
    )

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(sa.String(120))
    place: Mapped[str] = mapped_column(sa.ForeignKey("jurisdictions.code"))
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    reception_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"))
    published_at: Mapped[datetime]

    issuer: Mapped[Organization] = relationship(foreign_keys=[issuer_id])
    reception: Mapped[Organization] = relationship(foreign_keys=[reception_id])
    centers: Mapped[list[Center]] = relationship(secondary="call_centers", order_by="Center.id")
    addressees: Mapped[list[Organization]] = relationship(secondary="call_addressees")


class CallCenter(Model):
    """A planned center that a call opens."""

    __tablename__ = "call_centers"

    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True)
    center_id: Mapped[int] = mapped_column(
        sa.ForeignKey("centers.id"), primary_key=True, index=True
    )


class CallAddressee(Model):
    """An institution that a call names."""

    __tablename__ = "call_addressees"

    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organizations.id"), primary_key=True, index=True
    )
