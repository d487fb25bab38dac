"""Yearly documents of centers, assigned tasks, internal rules, and supervision visits."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind
from qcc.evaluations.workflow import DocumentState, TaskState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization


class AnnualDocument(Editable, Model):
    """A center's summary or plan, due at the end of *year* (M.23); one of each kind.

    *submitted* is what the director handed in last, by section: all that the authorities read.
    *counted_on*: the day for which that counts; *correct_by*: until when a returned one is to be
    handed in again without losing that day.
    """

    __tablename__ = "annual_documents"
    __table_args__ = (
        sa.UniqueConstraint("center_id", "kind", "year"),
        sa.CheckConstraint(
            "state = 'draft' OR (submitted_at IS NOT NULL AND counted_on IS NOT NULL)",
            name="submitted",
        ),
        sa.CheckConstraint("state <> 'returned' OR correct_by IS NOT NULL", name="returned"),
        sa.Index("ix_annual_documents_state", "state", "id"),
        sa.Index("ix_annual_documents_year", "year", "center_id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    kind: Mapped[DocumentKind] = mapped_column(one_of(DocumentKind, "kind"))
    year: Mapped[int]
    state: Mapped[DocumentState] = mapped_column(one_of(DocumentState, "state"))
    submitted: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime | None]
    counted_on: Mapped[date | None]
    correct_by: Mapped[date | None]
    created_at: Mapped[datetime]

    center: Mapped[Center] = relationship()
    sections: Mapped[list["DocumentSection"]] = relationship(order_by="DocumentSection.id")

    @property
    def about(self) -> int:
        """The year that it speaks of."""
        return self.kind.about(self.year)

    @property
    def written(self) -> dict[str, dict[str, Any]]:
        """What the center has written, by section."""
        return {section.name: section.content for section in self.sections}


class DocumentSection(Editable, Model):
    """A section of a yearly document as it is written: its text, or its rows."""

    __tablename__ = "document_sections"
    __table_args__ = (sa.UniqueConstraint("document_id", "name"),)

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_documents.id"))
    name: Mapped[str] = mapped_column(sa.String(20))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class AssignedTask(Model):
    """What a commission asks of centers of its level (指令性任务), and until when."""

    __tablename__ = "assigned_tasks"

    id: Mapped[Key]
    commission_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[date]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    commission: Mapped[Organization] = relationship()


class CenterTask(Editable, Model):
    """An assigned task at one center: what it reports, and what the commission says to that."""

    __tablename__ = "center_tasks"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "center_id"),
        sa.CheckConstraint(
            "state NOT IN ('reported', 'done') OR reported_at IS NOT NULL", name="reported"
        ),
        sa.Index("ix_center_tasks_center_id", "center_id", "state", "id"),
        sa.Index("ix_center_tasks_state", "state", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("assigned_tasks.id"))
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    state: Mapped[TaskState] = mapped_column(one_of(TaskState, "state"))
    report: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    reported_at: Mapped[datetime | None]

    task: Mapped[AssignedTask] = relationship()
    center: Mapped[Center] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class InternalRule(Model):
    """An edition of a center's internal rules about something (M.23); the newest holds. To be
    looked at again by *review_on*. New rows only."""

    __tablename__ = "internal_rules"
    __table_args__ = (sa.Index("ix_internal_rules_center_id", "center_id", "kind", "id"),)

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    kind: Mapped[InternalRuleKind] = mapped_column(one_of(InternalRuleKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(120))
    adopted_on: Mapped[date]
    review_on: Mapped[date]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    recorded_at: Mapped[datetime]

    center: Mapped[Center] = relationship()
    file: Mapped[StoredFile] = relationship()


class Visit(Model):
    """A supervision visit to a center (M.18): who came, what was found, and by when it is looked
    at again, which the next visit does. New rows only."""

    __tablename__ = "visits"
    __table_args__ = (sa.Index("ix_visits_center_id", "center_id", "id"),)

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    visited_on: Mapped[date]
    participants: Mapped[str] = mapped_column(sa.Text)
    findings: Mapped[str] = mapped_column(sa.Text)
    review_on: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    center: Mapped[Center] = relationship()
    organization: Mapped[Organization] = relationship()
    file: Mapped[StoredFile | None] = relationship()
