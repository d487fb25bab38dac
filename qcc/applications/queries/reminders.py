"""What the clock looks through each morning: drafts, corrections, and drafts of long ago."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from qcc.applications.models import Application, Call, CallEnding
from qcc.applications.rules.reminders import CLOSING_DAYS, DRAFT_DAYS
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.kernel.dates import legal_date, start_of_day
from qcc.kernel.reminders import DAY, LONGEST_BREAK

_SECOND = timedelta(seconds=1)


def list_unfinished(today: date) -> Sequence[Any]:
    """Drafts in open calls, and applications returned for correction, whose end is near: code,
    center, institution, state, and the last moment that is in time."""
    ends_at = sa.case(
        (Application.state == ApplicationState.DRAFT, Call.closes_at),
        else_=Application.correct_by,
    )
    called_off = sa.exists().where(CallEnding.call_id == Call.id, CallEnding.center_id == Center.id)
    until = start_of_day(today + LONGEST_BREAK + (CLOSING_DAYS[0] + 1) * DAY)
    found = (
        sa.select(
            Application.code,
            Application.state,
            Application.institution_id,
            Center.name.label("center"),
            ends_at.label("ends_at"),
        )
        .join(Call, Call.id == Application.call_id)
        .join(Center, Center.id == Application.center_id)
        .where(
            Application.state.in_((ApplicationState.DRAFT, ApplicationState.RETURNED)),
            ends_at > start_of_day(today),
            ends_at <= until,
            ~called_off,
        )
        .order_by(Application.id)
    )
    return db.session.execute(found).all()


def last_day_of(ends_at: datetime) -> date:
    """The legal date of the last second before an end."""
    return legal_date(ends_at - _SECOND)


def list_dead_drafts(today: date, limit: int = 50) -> Sequence[Application]:
    """Drafts that were never submitted, of calls that closed long ago."""
    return db.session.scalars(
        sa.select(Application)
        .join(Application.call)
        .where(
            Application.state == ApplicationState.DRAFT,
            Call.closes_at < start_of_day(today - DRAFT_DAYS * DAY),
        )
        .order_by(Application.id)
        .limit(limit)
    ).all()
