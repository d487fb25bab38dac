"""Issued papers: rendered once by a job, stored with their hash, never rendered again."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.infra.db import Key, Model, one_of
from qcc.infra.files import StoredFile


class PaperState(StrEnum):
    """Asked for in the transaction of an act, then made by the job, or failed for good."""

    PENDING = "pending"
    ISSUED = "issued"
    FAILED = "failed"


class Paper(Model):
    """A paper about a subject: what it is rendered from is fixed when it is asked for."""

    __tablename__ = "papers"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_type", "subject_id", "round"),
        sa.Index("ix_papers_state", "state", "id"),
        sa.Index("ix_papers_subject", "subject_type", "subject_id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject_type: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[PaperState] = mapped_column(
        one_of(PaperState, "state"), default=PaperState.PENDING
    )
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[dict[str, Any]]
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    asked_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(200), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship()
