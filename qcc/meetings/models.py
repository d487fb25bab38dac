"""Meetings with agenda, invitations and minutes; action items; amendments to final minutes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qcc.centers.models import Center
from qcc.infra.codes import Code
from qcc.infra.db import Editable, Key, Model, one_of
from qcc.infra.files import StoredFile
from qcc.kernel.dates import legal_date
from qcc.meetings.workflow import ActionState, AmendmentState, MeetingState
from qcc.organizations.models import Person


class MeetingMode(StrEnum):
    """Where those who attend are: in one room, each at a screen, or both."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Meeting(Editable, Model):
    """One dispatch meeting of a center; *number* counts those of a calendar year.

    It counts for the month of *held_at*. Once final, the database takes no more changes of it, of
    its invitations and of its minutes.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        sa.UniqueConstraint("center_id", "year", "number"),
        sa.CheckConstraint(
            "state IN ('proposed', 'announced', 'cancelled') OR held_at IS NOT NULL", name="held"
        ),
        sa.CheckConstraint("state <> 'final' OR final_at IS NOT NULL", name="final"),
        sa.Index("ix_meetings_state", "state", "starts_at", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    year: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[MeetingState] = mapped_column(one_of(MeetingState, "state"))
    mode: Mapped[MeetingMode] = mapped_column(one_of(MeetingMode, "mode"))
    starts_at: Mapped[datetime]
    venue: Mapped[str] = mapped_column(sa.String(120), default="")
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    announced_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    correct_by: Mapped[date | None]
    final_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    created_at: Mapped[datetime]

    center: Mapped[Center] = relationship()
    signer: Mapped[Person | None] = relationship()
    agenda: Mapped[list["AgendaEntry"]] = relationship(
        order_by="AgendaEntry.position", cascade="all, delete-orphan"
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        order_by="Invitation.id", cascade="all, delete-orphan", back_populates="meeting"
    )
    sections: Mapped[list["MinutesSection"]] = relationship(
        order_by="MinutesSection.position", cascade="all, delete-orphan", back_populates="meeting"
    )

    @property
    def held_on(self) -> date | None:
        """The legal date on which it was held."""
        return legal_date(self.held_at) if self.held_at else None


class CalendarFeed(Model):
    """The address at which a desk's meetings are read by calendars, by the hash of its secret."""

    __tablename__ = "calendar_feeds"

    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("role_assignments.id"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]


class AgendaEntry(Model):
    """A topic of a meeting, or an action item that comes back (*action_id*)."""

    __tablename__ = "agenda_entries"
    __table_args__ = (sa.Index("ix_agenda_entries_meeting_id", "meeting_id", "position"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    presenter: Mapped[str] = mapped_column(sa.String(60), default="")
    minutes: Mapped[int] = mapped_column(default=10)
    action_id: Mapped[int | None] = mapped_column(sa.ForeignKey("action_items.id"))

    action: Mapped["ActionItem | None"] = relationship()


class Capacity(StrEnum):
    """As what somebody is invited: to attend (出席), or to sit in (列席)."""

    ATTENDING = "attending"
    OBSERVING = "observing"


class Reply(StrEnum):
    """What was answered to an invitation."""

    NONE = "none"
    YES = "yes"
    NO = "no"
    SUBSTITUTE = "substitute"


class Invitation(Editable, Model):
    """Who is invited: a center, a person, or a guest by name and organization, who is told by mail
    if there is an address. *substitute* comes instead. *signed_in_at* says that they were there."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "center_id"),
        sa.UniqueConstraint("meeting_id", "person_id"),
        sa.CheckConstraint("reply <> 'substitute' OR substitute <> ''", name="substitute"),
        sa.Index("ix_invitations_center_id", "center_id", "meeting_id"),
        sa.Index("ix_invitations_person_id", "person_id", "meeting_id"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    capacity: Mapped[Capacity] = mapped_column(one_of(Capacity, "capacity"))
    center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    organization: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str | None] = mapped_column(sa.String(120))
    reply: Mapped[Reply] = mapped_column(one_of(Reply, "reply"), default=Reply.NONE)
    substitute: Mapped[str] = mapped_column(sa.String(60), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="invitations")

    @property
    def is_guest(self) -> bool:
        """Whether it is to somebody who has no account here."""
        return self.center_id is None and self.person_id is None


class MeetingFileKind(StrEnum):
    """What a file of a meeting is."""

    SLIDES = "slides"
    PHOTO = "photo"
    SHEET = "sheet"
    OTHER = "other"


class MeetingFile(Model):
    """A file of a meeting; once the minutes are final the database takes no more changes of it."""

    __tablename__ = "meeting_files"
    __table_args__ = (sa.Index("ix_meeting_files_meeting_id", "meeting_id", "id"),)

    id: Mapped[Key]
    code: Mapped[Code]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    kind: Mapped[MeetingFileKind] = mapped_column(one_of(MeetingFileKind, "kind"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()


class MinutesSection(Editable, Model):
    """What was said and decided on one topic."""

    __tablename__ = "minutes_sections"
    __table_args__ = (sa.Index("ix_minutes_sections_meeting_id", "meeting_id", "position"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    position: Mapped[int]
    topic: Mapped[str] = mapped_column(sa.String(200))
    discussion: Mapped[str] = mapped_column(sa.Text, default="")
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    saved_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="sections")
    actions: Mapped[list["ActionItem"]] = relationship(
        order_by="ActionItem.id", back_populates="section"
    )
    revisions: Mapped[list["MinutesRevision"]] = relationship(
        order_by="MinutesRevision.id.desc()", viewonly=True
    )

    @property
    def is_written(self) -> bool:
        return bool(self.discussion.strip() or self.decision.strip())


class MinutesRevision(Model):
    """How a section stood after somebody saved it. New rows only."""

    __tablename__ = "minutes_revisions"
    __table_args__ = (sa.Index("ix_minutes_revisions_section_id", "section_id", "id"),)

    id: Mapped[Key]
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes_sections.id"))
    at: Mapped[datetime]
    person_name: Mapped[str] = mapped_column(sa.String(60))
    content: Mapped[dict[str, Any]]


class MinutesCorrection(Model):
    """What somebody invited wants corrected in minutes that were sent for it. New rows only."""

    __tablename__ = "minutes_corrections"
    __table_args__ = (sa.Index("ix_minutes_corrections_meeting_id", "meeting_id", "id"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    invited_as: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class ActionItem(Editable, Model):
    """What somebody is to do until a day, as a section of minutes says. It comes back at every
    meeting until it is closed. *given_on*: the day of the meeting."""

    __tablename__ = "action_items"
    __table_args__ = (
        sa.CheckConstraint("state <> 'done' OR done_at IS NOT NULL", name="done"),
        sa.Index("ix_action_items_center_id", "center_id", "state", "due_on"),
        sa.Index("ix_action_items_owner_center_id", "owner_center_id", "state"),
        sa.Index("ix_action_items_section_id", "section_id"),
    )

    id: Mapped[Key]
    center_id: Mapped[int] = mapped_column(sa.ForeignKey("centers.id"))
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes_sections.id"))
    state: Mapped[ActionState] = mapped_column(one_of(ActionState, "state"))
    what: Mapped[str] = mapped_column(sa.String(200))
    owner: Mapped[str] = mapped_column(sa.String(120))
    owner_center_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centers.id"))
    owner_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    given_on: Mapped[date]
    due_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    done_at: Mapped[datetime | None]

    center: Mapped[Center] = relationship(foreign_keys=[center_id])
    section: Mapped[MinutesSection] = relationship(back_populates="actions")
    file: Mapped[StoredFile | None] = relationship()


class Amendment(Editable, Model):
    """What is added to final minutes: the words, the reason, who proposed and who approved."""

    __tablename__ = "amendments"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint("state = 'proposed' OR decided_at IS NOT NULL", name="decided"),
        sa.Index("ix_amendments_meeting_id", "meeting_id", "id"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    state: Mapped[AmendmentState] = mapped_column(one_of(AmendmentState, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    by_director: Mapped[bool]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()
    proposer: Mapped[Person] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])
