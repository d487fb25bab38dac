"""The meetings of a span of days, and who reads a feed."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from qcc.accounts.queries import get_desk_actor
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.dates import end_of_day, start_of_day
from qcc.kernel.permissions import Actor
from qcc.meetings.models import CalendarFeed, Meeting
from qcc.meetings.permissions import meeting_is_visible_to
from qcc.meetings.queries.meetings import ROW, MeetingRow
from qcc.meetings.workflow import TOLD

MOST = 1000
"""Meetings that one calendar shows, the newest of them."""


def _between(actor: Actor, first: date, last: date) -> sa.Select[Meeting]:
    return (
        sa.select(Meeting)
        .join(Meeting.center)
        .where(
            meeting_is_visible_to(actor),
            Meeting.starts_at >= start_of_day(first),
            Meeting.starts_at < end_of_day(last),
        )
    )


def list_meetings_between(actor: Actor, first: date, last: date) -> list[MeetingRow]:
    """The meetings that the actor sees from one day to another, by their hour."""
    found = _between(actor, first, last).with_only_columns(*ROW)
    rows = db.session.execute(found.order_by(Meeting.starts_at, Meeting.id).limit(MOST))
    return [MeetingRow(*row) for row in rows]


def list_events(actor: Actor, first: date, last: date) -> Sequence[Meeting]:
    """What a feed tells: those that people were told of, called off or not, with the agenda."""
    return db.session.scalars(
        _between(actor, first, last)
        .where(Meeting.state.in_(sorted(TOLD)))
        .options(
            contains_eager(Meeting.center).load_only(Center.name), selectinload(Meeting.agenda)
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST)
    ).all()


def has_feed(actor: Actor) -> bool:
    """Whether the actor's desk has an address that calendars read."""
    return db.session.get(CalendarFeed, actor.assignment_id) is not None


def get_feed_reader(token_hash: str) -> Actor:
    """Whose meetings are at an address; raises NotFound, whatever the reason is."""
    feed = sa.select(CalendarFeed.assignment_id).filter_by(token_hash=token_hash)
    assignment_id = db.session.scalar(feed)
    reader = get_desk_actor(assignment_id, "calendar") if assignment_id else None
    if reader is None:
        raise NotFound
    return reader
