"""What the commission decided."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra.db import Key, Model


class Decision(Model):
    """What the commission decided: outcome, reason or justification, and the findings as judged."""

    __tablename__ = "decisions"
    __table_args__ = (sa.UniqueConstraint("application_id"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    findings: Mapped[list[Any]]
    rulebook_version: Mapped[str] = mapped_column(sa.String(60))
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime]
    hosting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hostings.id"))
