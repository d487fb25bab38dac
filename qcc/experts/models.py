"""Experts, their employment, panels with groups and members, consents and filings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.experts.rules import Consent, PanelRole
from qcc.experts.workflow import SERVING, MemberChangeState, PanelState
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of, unique_while
from qcc.infra.files import StoredFile
from qcc.organizations.models import Organization, Person


class Expert(Editable, Model):
    """A person as an expert (M.13). Name, birth date, sex, employer, post and title are the
    person's own.

    The identity number is stored sealed and found by its keyed hash; a birth date that no number
    proves was entered by one person and is confirmed by another, with evidence. *proven_birth_date*
    is the date that was proven: if the person's is changed anywhere, it waits to be proven again.
    """

    __tablename__ = "experts"
    __table_args__ = (sa.Index("ix_experts_specialty", "specialty", "id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    specialty: Mapped[str] = mapped_column(sa.String(60))
    practised_since: Mapped[date | None]
    rank: Mapped[str] = mapped_column(sa.String(10), default="")
    standing: Mapped[list[Any]]
    standing_text: Mapped[str] = mapped_column(sa.Text, default="")
    is_healthy: Mapped[bool] = mapped_column(default=False)
    health_text: Mapped[str] = mapped_column(sa.Text, default="")
    tags: Mapped[list[Any]]
    identity_sealed: Mapped[str | None] = mapped_column(sa.String(400))
    identity_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    proven_birth_date: Mapped[date | None]
    birth_entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    birth_confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    birth_confirmed_at: Mapped[datetime | None]
    birth_evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    birth_evidence: Mapped[StoredFile | None] = relationship()

    @property
    def birth_is_proven(self) -> bool:
        """By the identity number, or by a second person; of the date that stands there now."""
        born = self.person.birth_date
        return born is not None and born == self.proven_birth_date


class Employment(Model):
    """Where an expert was employed, and from when to when; the present one has no end."""

    __tablename__ = "employments"
    __table_args__ = (sa.Index("ix_employments_person_id", "person_id", "started_on"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()


class Panel(Editable, Model):
    """The expert panel of a center for one term (M.12(5)).

    *edits* counts changes of the roster, so that each one raises the row's version. *findings* are
    those of the last check, nightly or after a change that concerns the panel. *warned_days*: of
    which of the warnings before the term's end the center was told last.
    """

    __tablename__ = "panels"
    __table_args__ = (
        unique_while(
            "uq_panels_in_preparation",
            "center_id",
            condition="state IN ('draft', 'collecting', 'under_review')",
            table="panels",
        ),
        sa.UniqueConstraint("center_id", "term_number"),
        sa.CheckConstraint("term_end >= term_start", name="term"),
        sa.CheckConstraint(
            "state IN ('draft', 'collecting', 'under_review', 'dissolved')"
            " OR approved_at IS NOT NULL",
            name="approved",
        ),
        sa.Index("ix_panels_state", "state", "term_end", "id"),
    )

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    term_number: Mapped[int]
    state: Mapped[PanelState] = mapped_column(one_of(PanelState, "state"))
    term_start: Mapped[date]
    term_end: Mapped[date]
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    justification: Mapped[str] = mapped_column(sa.Text, default="")
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    edits: Mapped[int] = mapped_column(default=0)
    warned_days: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    findings: Mapped[list[Any]]
    created_at: Mapped[datetime]

    center: Mapped[Center] = relationship()
    groups: Mapped[list["PanelGroup"]] = relationship(
        order_by="PanelGroup.id", cascade="all, delete-orphan"
    )
    members: Mapped[list["PanelMember"]] = relationship(
        order_by="PanelMember.id", cascade="all, delete-orphan", back_populates="panel"
    )
    filings: Mapped[list["Filing"]] = relationship(
        order_by="Filing.id", cascade="all, delete-orphan", back_populates="panel"
    )

    @property
    def present_members(self) -> list["PanelMember"]:
        """Members who have not been removed; who is only proposed as a successor is not yet one."""
        return [m for m in self.members if m.removed_at is None and not m.is_candidate]

    def filings_of(self, change: "MemberChange | None") -> list["Filing"]:
        """The filings of a replacement; of the panel itself with None."""
        return [filing for filing in self.filings if filing.change is change]

    @property
    def was_approved(self) -> bool:
        """Whether the commission has approved it, whatever came of it later."""
        return self.approved_at is not None

    def may_act(self, on: date) -> bool:
        """Whether it serves on the day: approved, not dissolved, within its term."""
        return self.state in SERVING and self.term_start <= on <= self.term_end


class PanelGroup(Model):
    """A subspecialty group of a panel."""

    __tablename__ = "panel_groups"
    __table_args__ = (sa.UniqueConstraint("panel_id", "name"),)

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    name: Mapped[str] = mapped_column(sa.String(60))


class PanelMember(Editable, Model):
    """An expert on a panel. *joins*: the day from which a replacement serves; until the commission
    has approved it, the replacement *is_candidate* and no member.

    *invited*, *attended*, *reviews*: what is counted for the re-election.
    """

    __tablename__ = "panel_members"
    __table_args__ = (
        unique_while(
            "uq_panel_members_present",
            "panel_id",
            "expert_id",
            condition="removed_at IS NULL",
            table="panel_members",
        ),
        sa.Index("ix_panel_members_expert_id", "expert_id"),
        sa.Index("ix_panel_members_panel_id", "panel_id"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("experts.id"))
    role: Mapped[PanelRole] = mapped_column(one_of(PanelRole, "role"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("panel_groups.id"))
    leads_group: Mapped[bool] = mapped_column(default=False)
    joins: Mapped[date | None]
    is_candidate: Mapped[bool] = mapped_column(default=False)
    excepted_employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str] = mapped_column(sa.Text, default="")
    invited: Mapped[int] = mapped_column(default=0)
    attended: Mapped[int] = mapped_column(default=0)
    reviews: Mapped[int] = mapped_column(default=0)

    panel: Mapped[Panel] = relationship(back_populates="members")
    expert: Mapped[Expert] = relationship()
    group: Mapped[PanelGroup | None] = relationship()
    consents: Mapped[list["MemberConsent"]] = relationship(
        order_by="MemberConsent.id", cascade="all, delete-orphan", back_populates="member"
    )


class ConsentKind(StrEnum):
    """Whose consent: the employer's, then that of the health authority of the employer's place."""

    EMPLOYER = "employer"
    AUTHORITY = "authority"


class MemberConsent(Editable, Model):
    """One consent to one expert's membership: who was asked when, who answered what, with which
    number and file. MISSING means asked and not answered. It holds for membership as an expert of
    *employer*: after a change of employer the new one is asked."""

    __tablename__ = "member_consents"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "kind", "employer_id"),
        sa.Index("ix_member_consents_organization_id", "organization_id", "state", "id"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_members.id"))
    kind: Mapped[ConsentKind] = mapped_column(one_of(ConsentKind, "kind"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    state: Mapped[Consent] = mapped_column(one_of(Consent, "state"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_for: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    organization: Mapped[Organization] = relationship(foreign_keys=[organization_id])
    answerer: Mapped[Person | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    member: Mapped[PanelMember] = relationship(back_populates="consents")


class FilingReceiver(StrEnum):
    """With whom a panel is filed."""

    UPPER_CENTER = "upper_center"
    NATIONAL_CENTER = "national_center"
    EVALUATION_CENTER = "evaluation_center"


class Filing(Editable, Model):
    """A filing (备案) of an approved panel, or of a replacement in it (*change*): with whom, sent
    when, received when, by whom, under which number. The national center is outside the system:
    the secretary records its receipt."""

    __tablename__ = "filings"
    __table_args__ = (
        unique_while(
            "uq_filings_panel",
            "panel_id",
            "receiver",
            condition="change_id IS NULL",
            table="filings",
        ),
        sa.UniqueConstraint("change_id", "receiver"),
        sa.Index("ix_filings_center_id", "center_id", "received_at"),
        sa.Index("ix_filings_organization_id", "organization_id", "received_at"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member_changes.id"))
    receiver: Mapped[FilingReceiver] = mapped_column(one_of(FilingReceiver, "receiver"))
    center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"))
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    panel: Mapped[Panel] = relationship(back_populates="filings")
    change: Mapped["MemberChange | None"] = relationship()
    center: Mapped[Center | None] = relationship(foreign_keys=[center_id])
    organization: Mapped[Organization | None] = relationship()
    receiver_person: Mapped[Person | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class MemberChange(Editable, Model):
    """A change in the employment of a member of a serving panel (M.12(7)): what happened, and how
    it is answered, by a replacement with its own consents or by the exception, with the employer's
    consent as evidence. *employer_id*: of the member when it was noted."""

    __tablename__ = "member_changes"
    __table_args__ = (
        unique_while(
            "uq_member_changes_open",
            "member_id",
            condition="state IN ('open', 'proposed')",
            table="member_changes",
        ),
        sa.CheckConstraint(
            "state IN ('open', 'proposed') OR decided_at IS NOT NULL", name="decided"
        ),
        sa.CheckConstraint("state <> 'replaced' OR candidate_id IS NOT NULL", name="replaced"),
        sa.CheckConstraint("state <> 'excepted' OR evidence_id IS NOT NULL", name="excepted"),
        sa.Index("ix_member_changes_panel_id", "panel_id", "state"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_members.id"))
    state: Mapped[MemberChangeState] = mapped_column(one_of(MemberChangeState, "state"))
    what: Mapped[str] = mapped_column(sa.Text)
    happened_on: Mapped[date]
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    reported_at: Mapped[datetime]
    candidate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("panel_members.id"))
    exception_reason: Mapped[str] = mapped_column(sa.Text, default="")
    is_not_retired: Mapped[bool] = mapped_column(default=False)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    decided_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship()
    member: Mapped[PanelMember] = relationship(foreign_keys=[member_id])
    candidate: Mapped[PanelMember | None] = relationship(foreign_keys=[candidate_id])
    evidence: Mapped[StoredFile | None] = relationship()
