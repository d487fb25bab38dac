"""Users, role assignments, sessions, activation links and sign-in attempts."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.infra.db import SQLITE_COLUMNS, Editable, Key, Model, one_of, unique_while
from qcc.kernel.permissions import Role
from qcc.organizations.models import Organization, Person


class UserState(StrEnum):
    """Invited until a password is set by the activation link; disabled users cannot sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


SQLITE_COLUMNS["uq_users_username"] = "users.username"
SQLITE_COLUMNS["uq_users_person_id"] = "users.person_id"


class User(Editable, Model):
    """An account: a person's way in. What they may do hangs on their role assignments.

    User names are kept in small letters.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[UserState] = mapped_column(one_of(UserState, "state"), default=UserState.INVITED)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class RoleAssignment(Model):
    """A person acts in a role for an organization (and, for center roles, for a center).

    No person holds two administrator roles at a time: the database refuses it too.
    """

    __tablename__ = "role_assignments"
    __table_args__ = (
        unique_while(
            "uq_role_assignments_organization",
            "person_id",
            "role",
            "organization_id",
            condition="ended_on IS NULL AND center_id IS NULL",
            table="role_assignments",
        ),
        unique_while(
            "uq_role_assignments_center",
            "person_id",
            "role",
            "center_id",
            condition="ended_on IS NULL AND center_id IS NOT NULL",
            table="role_assignments",
        ),
        unique_while(
            "uq_role_assignments_administrator",
            "person_id",
            condition="ended_on IS NULL"
            " AND role IN ('system_admin', 'security_admin', 'audit_admin')",
            table="role_assignments",
        ),
        sa.Index("ix_role_assignments_desk", "organization_id", "role"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    organization: Mapped[Organization] = relationship()


class UserSession(Model):
    """A signed-in browser, by the hash of its token; ended rows are kept for the record."""

    __tablename__ = "user_sessions"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("role_assignments.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    visited_before: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(sa.String(64))
    browser: Mapped[str] = mapped_column(sa.String(200), default="")

    user: Mapped[User] = relationship()


LINK_GOOD_FOR = timedelta(hours=72)


class ActivationLink(Model):
    """A single-use link to set a password, by the hash of its token; good for 72 hours."""

    __tablename__ = "activation_links"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FailedSignIn(Model):
    """A failed attempt, counted by account and source together: no one elsewhere can lock a
    hospital out."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (sa.Index("ix_failed_sign_ins_pair", "account", "source", "at"),)

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
