"""Meetings: the list, one of them, the last of a center, and those that wait for an answer."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.meetings.models import (
    Amendment,
    Invitation,
    Meeting,
    MeetingFile,
    MinutesCorrection,
    MinutesSection,
    Reply,
)
from qcc.meetings.permissions import is_invited, is_own, meeting_is_visible_to
from qcc.meetings.workflow import MeetingState


class MeetingRow(NamedTuple):
    """What a list shows of a meeting."""

    id: int
    center: str
    title: str
    starts_at: datetime
    state: MeetingState


ROW = (Meeting.id, Center.name, Meeting.title, Meeting.starts_at, Meeting.state)
_WHOLE = (
    selectinload(Meeting.agenda),
    selectinload(Meeting.invitations),
    selectinload(Meeting.sections).options(
        selectinload(MinutesSection.actions), selectinload(MinutesSection.revisions)
    ),
    joinedload(Meeting.signer),
)


def _visible(actor: Actor) -> sa.Select[Meeting]:
    return sa.select(Meeting).join(Meeting.center).where(meeting_is_visible_to(actor))


def _rows(found: Any) -> list[MeetingRow]:
    return [MeetingRow(*row) for row in db.session.execute(found)]


def list_meetings(
    actor: Actor, *, state: MeetingState | None = None, after: int = 0, limit: int = 50
) -> Sequence[MeetingRow]:
    """A page of meetings, newest first."""
    found = _visible(actor).with_only_columns(*ROW)
    if state:
        found = found.where(Meeting.state == state)
    if after:
        found = found.where(Meeting.id < after)
    return _rows(found.order_by(Meeting.id.desc()).limit(limit))


def list_own_meetings(actor: Actor, states: Sequence[MeetingState]) -> Sequence[MeetingRow]:
    """The meetings of the actor's center in those states, the oldest first."""
    found = sa.select(*ROW).join(Meeting.center).where(Meeting.center_id == actor.center_id)
    return _rows(found.where(Meeting.state.in_(states)).order_by(Meeting.starts_at).limit(20))


def list_unanswered_invitations(actor: Actor) -> Sequence[MeetingRow]:
    """Announced meetings to which the actor's desk is invited and has not answered."""
    found = (
        sa.select(*ROW)
        .join(Meeting.center)
        .where(
            Meeting.state == MeetingState.ANNOUNCED,
            Meeting.invitations.any(sa.and_(Invitation.reply == Reply.NONE, is_invited(actor))),
        )
    )
    return _rows(found.order_by(Meeting.starts_at).limit(20))


def get_meeting(actor: Actor, meeting_id: int) -> Meeting:
    """One meeting with all that belongs to it; raises NotFound."""
    meeting = db.session.scalars(
        _visible(actor)
        .where(Meeting.id == meeting_id)
        .options(contains_eager(Meeting.center), *_WHOLE)
    ).one_or_none()
    if meeting is None:
        raise NotFound
    return meeting


def lock_meeting(actor: Actor, meeting_id: int, *, own: bool = True) -> Meeting:
    """The same, locked until the transaction ends; *own*: only a meeting of the actor's center."""
    meeting = db.session.scalars(
        _visible(actor)
        .where(Meeting.id == meeting_id)
        .options(contains_eager(Meeting.center), selectinload(Meeting.invitations))
        .with_for_update(of=Meeting, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if meeting is None or (own and not is_own(actor, meeting.center_id)):
        raise NotFound
    return meeting


def last_meeting(center_id: int) -> Meeting | None:
    """The newest meeting of a center that was not called off."""
    return db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.center_id == center_id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    ).one_or_none()


def next_number(center_id: int, year: int) -> int:
    """The number of the next meeting in the year."""
    last = db.session.scalar(
        sa.select(sa.func.max(Meeting.number)).filter_by(center_id=center_id, year=year)
    )
    return (last or 0) + 1


def list_lower_centers(center: Center) -> Sequence[Center]:
    """The centers of the same kind and specialty below the center's place that work now."""
    return db.session.scalars(
        sa.select(Center)
        .where(
            Center.kind == center.kind,
            Center.specialty_id == center.specialty_id,
            Center.id != center.id,
            Center.state.in_((CenterState.ESTABLISHED, CenterState.RECTIFYING)),
            begins(Center.place, subtree_prefix(center.place)),
        )
        .order_by(Center.place)
    ).all()


def established_before(center_ids: Sequence[int], day: date) -> set[int]:
    """Those of the centers that an institution hosted before that day."""
    found = sa.select(Hosting.center_id).where(
        Hosting.center_id.in_(center_ids), Hosting.started_on < day
    )
    return set(db.session.scalars(found))


def list_amendments(meeting_id: int) -> Sequence[Amendment]:
    """The amendments to a meeting's minutes, in order; the caller has checked the scope."""
    return db.session.scalars(
        sa.select(Amendment)
        .filter_by(meeting_id=meeting_id)
        .options(joinedload(Amendment.proposer), joinedload(Amendment.decider))
        .order_by(Amendment.id)
    ).all()


def list_corrections(meeting_id: int) -> Sequence[MinutesCorrection]:
    """What those invited want corrected, in order; the caller has checked the scope."""
    return db.session.scalars(
        sa.select(MinutesCorrection)
        .filter_by(meeting_id=meeting_id)
        .options(joinedload(MinutesCorrection.person))
        .order_by(MinutesCorrection.id)
    ).all()


def list_files(meeting_id: int) -> Sequence[MeetingFile]:
    """The files of a meeting; the caller has checked the scope."""
    return db.session.scalars(
        sa.select(MeetingFile)
        .filter_by(meeting_id=meeting_id, removed_at=None)
        .options(joinedload(MeetingFile.file, innerjoin=True))
        .order_by(MeetingFile.id)
    ).all()


def lock_amendment(meeting: Meeting, amendment_id: int) -> Amendment:
    """An amendment to the minutes of a meeting, locked; raises NotFound."""
    amendment = db.session.scalars(
        sa.select(Amendment)
        .filter_by(id=amendment_id, meeting_id=meeting.id)
        .with_for_update(of=Amendment, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if amendment is None:
        raise NotFound
    return amendment
