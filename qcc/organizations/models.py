"""Places, organizations, people, and the register of major incidents."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.infra.db import SQLITE_COLUMNS, Editable, Key, Model, one_of, unique_while
from qcc.kernel.places import Level


class OrganizationKind(StrEnum):
    """Health commission, evaluation center (评价中心) or medical institution."""

    COMMISSION = "commission"
    EVALUATION_CENTER = "evaluation_center"
    INSTITUTION = "institution"


class Sex(StrEnum):
    """As on an identity card."""

    FEMALE = "female"
    MALE = "male"


class Jurisdiction(Model):
    """A place by its GB/T 2260 code; *full_name* carries the places above it."""

    __tablename__ = "jurisdictions"

    code: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    full_name: Mapped[str] = mapped_column(sa.String(120))
    level: Mapped[Level] = mapped_column(one_of(Level, "level"))
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("jurisdictions.code"), index=True)


SQLITE_COLUMNS["uq_organizations_name"] = "organizations.name"
SQLITE_COLUMNS["uq_organizations_credit_code"] = "organizations.credit_code"
SQLITE_COLUMNS["uq_organizations_document_word"] = "organizations.document_word"


class Organization(Editable, Model):
    """An organization with its seat. *place* is the jurisdiction that a commission or evaluation
    center serves (there is one of each for a place), and the division of an institution's seat.

    *document_word* (机关代字) begins the numbers of its documents; none until the first of them."""

    __tablename__ = "organizations"
    __table_args__ = (
        sa.Index("ix_organizations_kind", "kind", "place", "name"),
        unique_while(
            "uq_organizations_authority",
            "place",
            "kind",
            condition="kind IN ('commission', 'evaluation_center')",
            table="organizations",
        ),
        sa.Index("uq_organizations_document_word", "document_word", unique=True),
    )

    id: Mapped[Key]
    kind: Mapped[OrganizationKind] = mapped_column(one_of(OrganizationKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    short_name: Mapped[str] = mapped_column(sa.String(60), default="")
    place: Mapped[str] = mapped_column(sa.ForeignKey("jurisdictions.code"), index=True)
    credit_code: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    grade: Mapped[str] = mapped_column(sa.String(20), default="")
    category: Mapped[str] = mapped_column(sa.String(20), default="")
    legal_representative: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    document_word: Mapped[str | None] = mapped_column(sa.String(20))

    seat: Mapped[Jurisdiction] = relationship(viewonly=True)
    parent: Mapped["Organization | None"] = relationship(
        remote_side="Organization.id", viewonly=True
    )
    former_names: Mapped[list["FormerName"]] = relationship(
        order_by="FormerName.id", cascade="all, delete-orphan"
    )


class FormerName(Model):
    """A name the organization once had; it counts as the same organization."""

    __tablename__ = "former_names"
    __table_args__ = (sa.UniqueConstraint("organization_id", "name"),)

    id: Mapped[Key]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(sa.String(120), index=True)


class Person(Editable, Model):
    """A human being, with or without an account, in any number of roles."""

    __tablename__ = "people"
    __table_args__ = (sa.Index("ix_people_name", "name", "employer_id"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(60))
    sex: Mapped[Sex | None] = mapped_column(one_of(Sex, "sex"))
    birth_date: Mapped[date | None]
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    search_text: Mapped[str] = mapped_column(sa.Text, default="")

    employer: Mapped[Organization | None] = relationship()


class MajorIncident(Editable, Model):
    """A major medical quality-safety incident (重大医疗质量安全事件) of an institution, as the
    commission registered it; it counts against an application for three years (M.7(3)).

    *specialty* empty means that it concerns the whole institution.
    """

    __tablename__ = "major_incidents"
    __table_args__ = (sa.Index("ix_major_incidents_of", "organization_id", "happened_on"),)

    id: Mapped[Key]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    specialty: Mapped[str] = mapped_column(sa.String(60), default="")
    happened_on: Mapped[date]
    summary: Mapped[str] = mapped_column(sa.Text)
    registered_at: Mapped[datetime]
    registered_by: Mapped[int | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship()
