"""Annual reports of centers as files, and batches of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.infra.codes import Code
from qcc.infra.db import Key, Model
from qcc.infra.files import StoredFile
from qcc.infra.queue import Task, TaskState
from qcc.organizations.models import Organization


class ReportBatch(Model):
    """The annual reports of all centers in an organization's scope for a year, asked for together.
    *total* of them; once all are made they are packed into one file."""

    __tablename__ = "report_batches"
    __table_args__ = (sa.Index("ix_report_batches_organization_id", "organization_id", "id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    year: Mapped[int]
    all_levels: Mapped[bool]
    total: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tasks.id", ondelete="SET NULL"))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    organization: Mapped[Organization] = relationship()
    task: Mapped[Task | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class AnnualReport(Model):
    """The report of a center's year as it was made once: its file never changes. How far it is says
    its task, until the file is there; a task that is gone without a file has failed."""

    __tablename__ = "annual_reports"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "center_id"),
        sa.CheckConstraint("(file_id IS NULL) = (made_at IS NULL)", name="made"),
        sa.Index("ix_annual_reports_center_id", "center_id", "year", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    year: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("report_batches.id"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tasks.id", ondelete="SET NULL"))
    made_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    center: Mapped[Center] = relationship()
    batch: Mapped[ReportBatch | None] = relationship()
    task: Mapped[Task | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def state(self) -> TaskState:
        """How far it is."""
        if self.file_id is not None:
            return TaskState.DONE
        return self.task.state if self.task else TaskState.FAILED
