"""Direct designations (M.8): a host named without competition, on a ground that is proven."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.applications.workflow.designation import DesignationState
from qcc.centers.models import Center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of, unique_while
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization


class Designation(Editable, Model):
    """A commission's designation of an institution as the host of a center, and what became of it.

    *grounds* are keys of the rulebook's `designation.ground`; *findings* are those of the decision.
    """

    __tablename__ = "designations"
    __table_args__ = (
        unique_while(
            "uq_designations_live",
            "center_id",
            condition="state IN ('draft', 'under_check', 'under_decision')",
            table="designations",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (number IS NOT NULL AND proposed_at IS NOT NULL)",
            name="proposed",
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR"
            " (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="decided",
        ),
        sa.Index("ix_designations_center_id", "center_id", "id"),
        sa.Index("ix_designations_issuer_id", "issuer_id", "state", "id"),
        sa.Index("ix_designations_reception_id", "reception_id", "state", "id"),
        sa.Index("ix_designations_institution_id", "institution_id", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    reception_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    state: Mapped[DesignationState] = mapped_column(one_of(DesignationState, "state"))
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    grounds: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    proposed_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    findings: Mapped[list[Any]]
    hosting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hostings.id"))

    center: Mapped[Center] = relationship()
    institution: Mapped[Organization] = relationship(foreign_keys=[institution_id])
    issuer: Mapped[Organization] = relationship(foreign_keys=[issuer_id])
    reception: Mapped[Organization] = relationship(foreign_keys=[reception_id])
    officers: Mapped[list["DesignatedOfficer"]] = relationship(
        order_by="DesignatedOfficer.id", cascade="all, delete-orphan"
    )
    files: Mapped[list["DesignationFile"]] = relationship(
        order_by="DesignationFile.id", cascade="all, delete-orphan"
    )


class DesignatedOfficer(Editable, Model):
    """A person who is to take a post of the center with the designation (M.12(1)-(4))."""

    __tablename__ = "designated_officers"
    __table_args__ = (sa.Index("ix_designated_officers_designation_id", "designation_id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    designation_id: Mapped[int] = mapped_column(sa.ForeignKey("designations.id"))
    post: Mapped[OfficerPost] = mapped_column(one_of(OfficerPost, "post"))
    name: Mapped[str] = mapped_column(sa.String(60))
    birth_date: Mapped[date | None]
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    job: Mapped[str] = mapped_column(sa.String(60), default="")
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    area_in_charge: Mapped[str] = mapped_column(sa.Text, default="")
    specialty: Mapped[str] = mapped_column(sa.String(60), default="")
    ability: Mapped[str] = mapped_column(sa.Text, default="")
    host_position: Mapped[HostPosition] = mapped_column(
        one_of(HostPosition, "host_position"), default=HostPosition.OTHER
    )
    is_discipline_leader: Mapped[bool] = mapped_column(default=False)
    in_host_discipline: Mapped[bool] = mapped_column(default=False)
    is_specialist: Mapped[bool] = mapped_column(default=False)

    employer: Mapped[Organization | None] = relationship()


class DesignationFile(Model):
    """Evidence of one ground. A removed file is no longer evidence, but stays on record."""

    __tablename__ = "designation_files"
    __table_args__ = (sa.Index("ix_designation_files_designation_id", "designation_id", "ground"),)

    id: Mapped[Key]
    code: Mapped[Code]
    designation_id: Mapped[int] = mapped_column(sa.ForeignKey("designations.id"))
    ground: Mapped[str] = mapped_column(sa.String(40))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()
