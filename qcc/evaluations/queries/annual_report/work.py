"""Meetings of a center, and what it was to do."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from qcc.evaluations.models import AssignedTask, CenterTask
from qcc.evaluations.rules import annual_report as facts
from qcc.evaluations.workflow import TaskState
from qcc.infra.db import db
from qcc.kernel.dates import end_of_day, legal_date, start_of_day
from qcc.meetings.models import ActionItem, Meeting, MinutesSection
from qcc.meetings.workflow import WAS_HELD, MeetingState


def meetings_of(center_id: int, year: int) -> tuple[facts.MeetingYear, ...]:
    """Those that were held in the year; what was decided, once the minutes are signed."""
    found = db.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.center_id == center_id,
            Meeting.state.in_(WAS_HELD),
            Meeting.held_at >= start_of_day(date(year, 1, 1)),
            Meeting.held_at < end_of_day(date(year, 12, 31)),
        )
        .options(selectinload(Meeting.sections), selectinload(Meeting.invitations))
        .order_by(Meeting.held_at, Meeting.id)
    ).all()
    return tuple(_meeting(each) for each in found)


def _meeting(meeting: Meeting) -> facts.MeetingYear:
    is_final = meeting.state is MeetingState.FINAL
    return facts.MeetingYear(
        number=meeting.number,
        title=meeting.title,
        mode=meeting.mode.value,
        held_on=legal_date(meeting.held_at) if meeting.held_at else date.min,
        invited=len(meeting.invitations),
        attended=sum(each.signed_in_at is not None for each in meeting.invitations),
        final_on=legal_date(meeting.final_at) if is_final and meeting.final_at else None,
        topics=tuple(map(_topic, meeting.sections)) if is_final else None,
    )


def _topic(section: MinutesSection) -> facts.Topic:
    return facts.Topic(section.topic, section.discussion, section.decision)


def actions_of(center_id: int, year: int) -> tuple[facts.Duty, ...]:
    """Action items that signed minutes of the year gave, or that fell due in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = db.session.scalars(
        sa.select(ActionItem)
        .join(ActionItem.section)
        .join(MinutesSection.meeting)
        .where(
            ActionItem.center_id == center_id,
            Meeting.state == MeetingState.FINAL,
            sa.or_(
                ActionItem.given_on.between(first, last), ActionItem.due_on.between(first, last)
            ),
        )
        .order_by(ActionItem.due_on, ActionItem.id)
    )
    return tuple(
        facts.Duty(
            what=each.what,
            owner=each.owner,
            given_on=each.given_on,
            due_on=each.due_on,
            state=each.state.value,
            done_on=legal_date(each.done_at) if each.done_at else None,
        )
        for each in found
    )


def tasks_of(center_id: int, year: int) -> tuple[facts.Duty, ...]:
    """Tasks that a commission assigned and that were due in the year; not those it took back."""
    found = db.session.scalars(
        sa.select(CenterTask)
        .join(CenterTask.task)
        .where(
            CenterTask.center_id == center_id,
            CenterTask.state != TaskState.WITHDRAWN,
            AssignedTask.due_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .options(contains_eager(CenterTask.task).joinedload(AssignedTask.commission))
        .order_by(AssignedTask.due_on, CenterTask.id)
    )
    return tuple(
        facts.Duty(
            what=each.task.title,
            owner=each.task.commission.name,
            given_on=legal_date(each.task.assigned_at),
            due_on=each.task.due_on,
            state=each.state.value,
            done_on=legal_date(each.reported_at) if each.reported_at else None,
        )
        for each in found
    )
