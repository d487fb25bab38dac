"""The calendar of a month and of a year; meetings for calendars elsewhere."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for

from qcc.infra import clock
from qcc.infra.access import current_actor, public, requires
from qcc.infra.calendars import MEDIA_TYPE, calendar_text
from qcc.infra.db import transaction
from qcc.infra.i18n import _, _l
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Permission as P
from qcc.meetings.queries import (
    MeetingRow,
    get_feed_reader,
    get_meeting,
    has_feed,
    list_events,
    list_meetings_between,
)
from qcc.meetings.rules.calendar import months_around, weeks_of
from qcc.meetings.rules.compliance import first_day, last_day
from qcc.meetings.services.calendars import close_feed, event_of, hash_of, open_feed
from qcc.meetings.views.blueprint import Answer, bp

YEARS = range(2000, 2100)
SPAN = timedelta(days=370)
"""How far back and ahead a feed tells."""

IN_A_YEAR = 4
"""Meetings of a month that the calendar of a year names; the month has them all."""

WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))


def _chosen(name: str, among: range, otherwise: int) -> int:
    value = request.args.get(name, otherwise, type=int)
    return value if value in among else otherwise


@bp.get("/meetings/calendar")
@requires(P.MEETING_VIEW)
def calendar() -> Answer:
    """A month as a sheet, or a year month by month."""
    return _calendar()


def _calendar(**more: Any) -> str:
    today = clock.today()
    year = _chosen("year", YEARS, today.year)
    shown = _year(year) if "year" in request.args and "month" not in request.args else _month(year)
    return render_template(
        "meetings/calendar.html",
        **{"feed": None, "today": today, "year": year, **shown, **more},
        has_feed=has_feed(current_actor()),
    )


def _month(year: int) -> dict[str, Any]:
    month = _chosen("month", range(1, 13), clock.today().month)
    weeks = weeks_of(year, month)
    found = list_meetings_between(current_actor(), weeks[0][0], weeks[-1][-1])
    by_day: dict[date, list[MeetingRow]] = defaultdict(list)
    for row in found:
        by_day[legal_date(row.starts_at)].append(row)
    before, after = months_around(year, month)
    return {
        "month": month,
        "weeks": weeks,
        "by_day": by_day,
        "weekdays": WEEKDAYS,
        "before": {"year": before[0], "month": before[1]},
        "after": {"year": after[0], "month": after[1]},
    }


def _year(year: int) -> dict[str, Any]:
    found = list_meetings_between(current_actor(), first_day(year, 1), last_day(year, 12))
    by_month: dict[int, list[MeetingRow]] = defaultdict(list)
    for row in found:
        by_month[legal_date(row.starts_at).month].append(row)
    return {
        "month": 0,
        "by_month": by_month,
        "most": IN_A_YEAR,
        "before": {"year": year - 1},
        "after": {"year": year + 1},
    }


@bp.get("/meetings/<int:meeting_id>/meeting.ics")
@requires(P.MEETING_VIEW)
def event(meeting_id: int) -> Answer:
    """One meeting, for a calendar elsewhere."""
    meeting = get_meeting(current_actor(), meeting_id)
    answer = _as_file(calendar_text([event_of(meeting)]))
    answer.headers["Content-Disposition"] = "attachment; filename=meeting.ics"
    return answer


def _as_file(text: str) -> Response:
    return Response(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")


@bp.post("/meetings/feed")
@requires(P.MEETING_VIEW)
def feed_open() -> Answer:
    """Make the address that calendars subscribe to; it is shown this once."""
    actor = current_actor()
    with transaction():
        token = open_feed(actor)
    address = url_for("meetings.feed", token=token)
    return _calendar(feed=f"{current_app.config['PUBLIC_URL']}{address}")


@bp.post("/meetings/feed/close")
@requires(P.MEETING_VIEW)
def feed_close() -> Answer:
    """End the address: calendars find nothing there."""
    actor = current_actor()
    with transaction():
        close_feed(actor)
    flash(_("The address is ended."), "done")
    return redirect(url_for("meetings.calendar"))


@bp.get("/calendars/<token>.ics")
@public
def feed(token: str) -> Answer:
    """The meetings of the desk that has this address. Calendars read it without a session; whoever
    has not the secret finds nothing, as at any other address."""
    reader, today = get_feed_reader(hash_of(token)), clock.today()
    meetings = list_events(reader, today - SPAN, today + SPAN)
    return _as_file(calendar_text(map(event_of, meetings), name="调度会"))
