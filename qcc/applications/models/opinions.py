"""The opinion of an applicant on the refusal of its application, and the commission's answer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.applications.models.applications import Application
from qcc.applications.workflow.opinion import OpinionState
from qcc.infra.codes import Code
from qcc.infra.db import SQLITE_COLUMNS, Editable, Key, Model, one_of
from qcc.infra.files import StoredFile


class Opinion(Editable, Model):
    """What a refused applicant has to say (意见), once; it does not change the decision."""

    __tablename__ = "opinions"
    __table_args__ = (
        sa.UniqueConstraint("application_id"),
        sa.CheckConstraint(
            "state <> 'answered' OR (answered_at IS NOT NULL AND answered_by IS NOT NULL)",
            name="answered",
        ),
        sa.Index("ix_opinions_state", "state", "id"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    state: Mapped[OpinionState] = mapped_column(one_of(OpinionState, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    sent_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    sent_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    files: Mapped[list["OpinionFile"]] = relationship(
        order_by="OpinionFile.id", cascade="all, delete-orphan"
    )


SQLITE_COLUMNS["uq_opinions_application_id"] = "opinions.application_id"


class OpinionFile(Model):
    """A file that came with an opinion."""

    __tablename__ = "opinion_files"
    __table_args__ = (sa.Index("ix_opinion_files_opinion_id", "opinion_id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    opinion_id: Mapped[int] = mapped_column(sa.ForeignKey("opinions.id"))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))

    file: Mapped[StoredFile] = relationship()
