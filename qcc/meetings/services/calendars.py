"""Meetings as events of calendars, and the feed that a desk subscribes to."""

import secrets
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from qcc.infra import audit, clock
from qcc.infra.calendars import CalendarEvent
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.meetings.models import CalendarFeed, Meeting
from qcc.meetings.rules.agenda import total_minutes
from qcc.meetings.workflow import MeetingState

SHORTEST = 30
"""Minutes that a meeting takes in a calendar at least."""


def event_of(meeting: Meeting) -> CalendarEvent:
    """The meeting for calendars. Its row's version rises with every change of time, place and
    state, so it is the event's sequence."""
    minutes = max(SHORTEST, total_minutes(entry.minutes for entry in meeting.agenda))
    topics = (f"{at}. {entry.title}" for at, entry in enumerate(meeting.agenda, start=1))
    return CalendarEvent(
        uid=f"meeting-{meeting.code}",
        sequence=meeting.version,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at + timedelta(minutes=minutes),
        place=" ".join(part for part in (meeting.venue, meeting.link) if part),
        about="\n".join(topics),
        path=f"/meetings/{meeting.id}",
        organizer=meeting.center.name,
        is_cancelled=meeting.state is MeetingState.CANCELLED,
    )


def hash_of(token: str) -> str:
    """What is stored of a feed's secret."""
    return sha256(token.encode()).hexdigest()


def open_feed(actor: Actor) -> str:
    """Give the actor's desk a feed at a new secret address, and end the one before; returns the
    secret, which is told once."""
    _end_feed(actor)
    token = secrets.token_urlsafe(32)
    db.session.add(
        CalendarFeed(
            assignment_id=actor.assignment_id, token_hash=hash_of(token), made_at=clock.now()
        )
    )
    audit.record(actor, "calendar.opened", "desk", actor.assignment_id)
    return token


def close_feed(actor: Actor) -> None:
    """Nothing is at the address any more."""
    if _end_feed(actor):
        audit.record(actor, "calendar.closed", "desk", actor.assignment_id)


def _end_feed(actor: Actor) -> int:
    ended = sa.delete(CalendarFeed).filter_by(assignment_id=actor.assignment_id)
    return int(db.session.execute(ended).rowcount)  # type: ignore[attr-defined]
