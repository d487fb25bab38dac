"""Users, role assignments, sessions, links and attempts; how people are told, and what is on the
way to them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.infra.db import SQLITE_COLUMNS, Editable, Key, Model, one_of, unique_while
from qcc.infra.i18n import DEFAULT
from qcc.infra.robots import Robot
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


class Channel(StrEnum):
    """By which way people are told outside the product."""

    MAIL = "mail"
    DINGTALK = Robot.DINGTALK.value
    WECOM = Robot.WECOM.value


class ToldBy(Editable, Model):
    """How a person chose to be told; by mail and in Chinese who has not chosen. The token of a
    robot is sealed."""

    __tablename__ = "told_by"
    __table_args__ = (
        sa.CheckConstraint("robot IS NULL OR robot_sealed IS NOT NULL", name="reached"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(sa.String(8), default=DEFAULT)
    robot: Mapped[Robot | None] = mapped_column(one_of(Robot, "robot"))
    robot_sealed: Mapped[str | None] = mapped_column(sa.Text)


class DeliveryState(StrEnum):
    """What became of a delivery; FAILED after the last attempt."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Model):
    """One or more messages on their way to one person by one channel, or to the mail *address* of
    somebody who has no account.

    *retry_at*: one that is being sent, or that failed, is left alone until then.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="one_recipient"),
        sa.Index("ix_deliveries_state", "state", "id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    address: Mapped[str | None] = mapped_column(sa.String(120))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    message_ids: Mapped[list[Any]]
    made_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(
        one_of(DeliveryState, "state"), default=DeliveryState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(200), default="")

    person: Mapped[Person | None] = relationship()

    @property
    def recipient(self) -> str:
        """Whom it is for, as people read it."""
        return self.person.name if self.person else self.address or ""
