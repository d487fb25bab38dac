"""Applications, with all that an application carries.

Applications, their officers and files are named by random codes in addresses: a running number
would tell a hospital that rivals exist.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.applications.models.calls import Call
from qcc.applications.sections import EligibilityItem
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of, unique_while
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization


class Application(Editable, Model):
    """An institution's application to host a center: the cells of the form, and its state.

    A *sealed* one takes part in a competition that is not opened: nobody but the applicant reads
    it.
    """

    __tablename__ = "applications"
    __table_args__ = (
        unique_while(
            "uq_applications_live",
            "call_id",
            "center_id",
            "institution_id",
            condition="state <> 'withdrawn'",
            table="applications",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (number IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submitted",
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL", name="decided"
        ),
        sa.Index("ix_applications_institution_id", "institution_id", "id"),
        sa.Index("ix_applications_call_id", "call_id", "state", "id"),
        sa.Index("ix_applications_center_id", "center_id", "id"),
        sa.Index("ix_applications_state", "state", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("calls.id"))
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    state: Mapped[ApplicationState] = mapped_column(one_of(ApplicationState, "state"))
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    legal_representative: Mapped[str] = mapped_column(sa.String(60), default="")
    is_national_center_host: Mapped[bool | None]
    is_national_center_lead: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    correct_by: Mapped[datetime | None]
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    sealed: Mapped[bool] = mapped_column(default=False)
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recommends_approval: Mapped[bool | None]
    decided_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    center: Mapped[Center] = relationship()
    institution: Mapped[Organization] = relationship()
    sections: Mapped[list["ReportSection"]] = relationship(
        order_by="ReportSection.id", cascade="all, delete-orphan"
    )
    answers: Mapped[list["EligibilityAnswerRow"]] = relationship(
        order_by="EligibilityAnswerRow.id", cascade="all, delete-orphan"
    )
    officers: Mapped[list["ProposedOfficer"]] = relationship(
        order_by="ProposedOfficer.id", cascade="all, delete-orphan"
    )
    files: Mapped[list["ApplicationFile"]] = relationship(
        order_by="ApplicationFile.id", cascade="all, delete-orphan"
    )


class ReportSection(Editable, Model):
    """The text of one section of the feasibility report (M.9)."""

    __tablename__ = "report_sections"
    __table_args__ = (sa.UniqueConstraint("application_id", "key"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    saved_at: Mapped[datetime]


class EligibilityAnswerRow(Editable, Model):
    """What the applicant declares for one condition of M.7, and what the check made of it."""

    __tablename__ = "eligibility_answers"
    __table_args__ = (sa.UniqueConstraint("application_id", "item"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    item: Mapped[EligibilityItem] = mapped_column(one_of(EligibilityItem, "item"))
    declared: Mapped[bool] = mapped_column(default=False)
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    confirmed: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(sa.Text, default="")


class ProposedOfficer(Editable, Model):
    """A person the institution proposes for a post of the center (M.12(1)–(4))."""

    __tablename__ = "proposed_officers"
    __table_args__ = (sa.Index("ix_proposed_officers_application_id", "application_id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
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

    @property
    def employer_name(self) -> str | None:
        return self.employer.name if self.employer else None


class ApplicationFile(Model):
    """A file attached to a section of the report, an eligibility item, or the stamped form.

    A removed file is no longer part of the application, but what was submitted keeps it.
    """

    __tablename__ = "application_files"
    __table_args__ = (sa.Index("ix_application_files_application_id", "application_id", "part"),)

    id: Mapped[Key]
    code: Mapped[Code]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    part: Mapped[str] = mapped_column(sa.String(40))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def at(self) -> datetime:
        return self.file.at


class Remark(Model):
    """What the check asks to be corrected at one part of the application, in one round."""

    __tablename__ = "remarks"
    __table_args__ = (sa.Index("ix_remarks_application_id", "application_id", "round"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    round: Mapped[int]
    part: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]


class Submission(Model):
    """Exactly what was submitted in one round, with the time and the SHA-256 of its content."""

    __tablename__ = "submissions"
    __table_args__ = (sa.UniqueConstraint("application_id", "round"),)

    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id"))
    round: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    content: Mapped[str] = mapped_column(sa.Text, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
