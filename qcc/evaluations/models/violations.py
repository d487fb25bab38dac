"""Cases of prohibited conduct of centers (M.27, M.28)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models.rectifications import Rectification
from qcc.evaluations.workflow import ViolationState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization, Person


class ViolationFileKind(StrEnum):
    """Whose file it is: of the report, of the investigation, of the center's statement."""

    REPORT = "report"
    FINDING = "finding"
    STATEMENT = "statement"


class Violation(Editable, Model):
    """A case: what is said to have happened under a hosting, what was found, what the center says,
    what the commission decided. *conduct* is a choice of the rulebook's list.

    *allegation* is what is laid before the center; *rectification_id* the order to which the
    decision led. Who reported is known to the authorities alone.
    """

    __tablename__ = "violations"
    __table_args__ = (
        sa.CheckConstraint(
            "state NOT IN ('hearing', 'stated') OR statement_by IS NOT NULL", name="heard"
        ),
        sa.CheckConstraint("state <> 'stated' OR stated_at IS NOT NULL", name="stated"),
        sa.CheckConstraint(
            "state NOT IN ('unfounded', 'founded', 'serious')"
            " OR (decided_at IS NOT NULL AND statement_by IS NOT NULL)",
            name="decided",
        ),
        sa.CheckConstraint("state <> 'serious' OR ends_on IS NOT NULL", name="serious"),
        sa.Index("ix_violations_center_id", "center_id", "id"),
        sa.Index("ix_violations_state", "state", "id"),
        sa.Index("ix_violations_hosting_id", "hosting_id", "state"),
        sa.Index("ix_violations_reported_by", "reported_by"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    hosting_id: Mapped[int] = mapped_column(sa.ForeignKey("hostings.id"))
    conduct: Mapped[str] = mapped_column(sa.String(40))
    happened_on: Mapped[date]
    account: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[ViolationState] = mapped_column(one_of(ViolationState, "state"))
    reported_at: Mapped[datetime]
    reported_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    investigator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    findings: Mapped[str] = mapped_column(sa.Text, default="")
    allegation: Mapped[str] = mapped_column(sa.Text, default="")
    heard_at: Mapped[datetime | None]
    statement_by: Mapped[date | None]
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    stated_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    rectification_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rectifications.id"))
    ends_on: Mapped[date | None]

    center: Mapped[Center] = relationship()
    hosting: Mapped[Hosting] = relationship()
    reporter: Mapped[Organization] = relationship()
    who_reported: Mapped[Person] = relationship(foreign_keys=[reported_by])
    investigator: Mapped[Person | None] = relationship(foreign_keys=[investigator_id])
    rectification: Mapped[Rectification | None] = relationship()
    files: Mapped[list["ViolationFile"]] = relationship(order_by="ViolationFile.id")


class ViolationFile(Model):
    """A file of a case. New rows only."""

    __tablename__ = "violation_files"
    __table_args__ = (
        sa.Index("ix_violation_files_violation_id", "violation_id"),
        sa.Index("ix_violation_files_file_id", "file_id"),
    )

    id: Mapped[Key]
    violation_id: Mapped[int] = mapped_column(sa.ForeignKey("violations.id"))
    kind: Mapped[ViolationFileKind] = mapped_column(one_of(ViolationFileKind, "kind"))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    added_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
