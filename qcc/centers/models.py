"""Specialties, centers, hostings, officers, and personnel changes."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.workflow import CenterState, ChangeState
from qcc.infra.db import Editable, Key, Model, one_of, unique_while
from qcc.infra.files import StoredFile
from qcc.organizations.models import Jurisdiction, Organization, Person
from qcc.regulations.catalogs import CenterKind


class Specialty(Model):
    """A specialty as the catalog names it, and for how long the catalog has it."""

    __tablename__ = "specialties"
    __table_args__ = (sa.UniqueConstraint("kind", "name"),)

    id: Mapped[Key]
    kind: Mapped[CenterKind] = mapped_column(one_of(CenterKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(60))
    required_in_counties: Mapped[bool] = mapped_column(default=False)
    is_traditional: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Center(Editable, Model):
    """A quality-control or technical guidance center of one specialty in one jurisdiction. It
    outlives its hosts; as a planned center it is an entry of the directory (M.5, M.6)."""

    __tablename__ = "centers"
    __table_args__ = (
        unique_while(
            "uq_centers_active",
            "kind",
            "specialty_id",
            "place",
            condition="state <> 'closed'",
            table="centers",
        ),
        sa.Index("ix_centers_place", "place", "id"),
        sa.Index("ix_centers_state", "state", "place", "id"),
        sa.Index("ix_centers_specialty_id", "specialty_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[CenterKind] = mapped_column(one_of(CenterKind, "kind"))
    specialty_id: Mapped[int] = mapped_column(sa.ForeignKey("specialties.id"))
    place: Mapped[str] = mapped_column(sa.ForeignKey("jurisdictions.code"))
    name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[CenterState] = mapped_column(one_of(CenterState, "state"))
    planned_on: Mapped[date]
    search_text: Mapped[str] = mapped_column(sa.Text, default="")

    specialty: Mapped[Specialty] = relationship()
    jurisdiction: Mapped[Jurisdiction] = relationship()


class Hosting(Editable, Model):
    """The period for which an institution hosts a center (挂靠). One at a time for a center."""

    __tablename__ = "hostings"
    __table_args__ = (
        unique_while(
            "uq_hostings_current",
            "center_id",
            condition="ended_on IS NULL",
            table="hostings",
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="dates"),
        sa.Index("ix_hostings_center_id", "center_id"),
        sa.Index("ix_hostings_institution_id", "institution_id"),
    )

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    rulebook_version: Mapped[str] = mapped_column(sa.String(60))

    center: Mapped[Center] = relationship()
    institution: Mapped[Organization] = relationship()


class Officer(Editable, Model):
    """A person in one of the posts of M.12(1) during a hosting.

    Position and membership are as at the appointment; *excepted_on* is the day from which the
    person stays in the post although the employment changed (M.12(7)).
    """

    __tablename__ = "officers"
    __table_args__ = (
        unique_while(
            "uq_officers_current",
            "hosting_id",
            "person_id",
            "post",
            condition="ended_on IS NULL",
            table="officers",
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="dates"),
        sa.Index("ix_officers_hosting_id", "hosting_id"),
        sa.Index("ix_officers_person_id", "person_id"),
    )

    id: Mapped[Key]
    hosting_id: Mapped[int] = mapped_column(sa.ForeignKey("hostings.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    post: Mapped[OfficerPost] = mapped_column(one_of(OfficerPost, "post"))
    host_position: Mapped[HostPosition] = mapped_column(one_of(HostPosition, "host_position"))
    is_discipline_leader: Mapped[bool] = mapped_column(default=False)
    in_host_discipline: Mapped[bool] = mapped_column(default=False)
    is_specialist: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    excepted_on: Mapped[date | None]

    hosting: Mapped[Hosting] = relationship()
    person: Mapped[Person] = relationship()


class OfficerChange(Editable, Model):
    """A personnel change of an officer (M.12(7)): what happened, and how it is answered, by a
    replacement or by the exception with the employer's consent as evidence."""

    __tablename__ = "officer_changes"
    __table_args__ = (
        unique_while(
            "uq_officer_changes_open",
            "officer_id",
            condition="state IN ('open', 'proposed')",
            table="officer_changes",
        ),
        sa.CheckConstraint(
            "state IN ('open', 'proposed') OR decided_on IS NOT NULL", name="decided"
        ),
        sa.CheckConstraint("state <> 'replaced' OR successor_id IS NOT NULL", name="replaced"),
        sa.CheckConstraint("state <> 'excepted' OR evidence_id IS NOT NULL", name="excepted"),
        sa.Index("ix_officer_changes_center_id", "center_id", "state"),
    )

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officers.id"))
    state: Mapped[ChangeState] = mapped_column(one_of(ChangeState, "state"))
    what: Mapped[str] = mapped_column(sa.Text)
    happened_on: Mapped[date]
    reported_at: Mapped[datetime]
    replacement: Mapped[dict[str, Any] | None]
    exception_reason: Mapped[str] = mapped_column(sa.Text, default="")
    is_not_retired: Mapped[bool] = mapped_column(default=False)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officers.id"))
    decided_on: Mapped[date | None]

    officer: Mapped[Officer] = relationship(foreign_keys=[officer_id])
    successor: Mapped[Officer | None] = relationship(foreign_keys=[successor_id])
    center: Mapped[Center] = relationship()
    evidence: Mapped[StoredFile | None] = relationship()
