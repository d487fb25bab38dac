"""Events for calendars (RFC 5545, 5546): one text for the mail of an invitation, for a download, or
for a feed that calendars subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from icalendar import Calendar, Event, vCalAddress

from qcc.infra import clock

MEDIA_TYPE = "text/calendar"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
"""What a text is for: to invite or tell of a change, to call off, to be read only."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What happens when and where. Calendars know it by its *uid*, and take the text with the
    greater *sequence* for the newer; *path* leads to its page, for those who can open it."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    about: str
    path: str
    organizer: str
    is_cancelled: bool = False


def calendar_text(
    events: Iterable[CalendarEvent], method: str = PUBLISH, name: str | None = None
) -> str:
    """The events as a calendar; *name* is what a subscribed one is called."""
    calendar = Calendar()
    calendar.add("prodid", "-//qcc//dispatch meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_component(event))
    return str(calendar.to_ical().decode())


def _component(event: CalendarEvent) -> Event:
    address = f"{current_app.config['PUBLIC_URL']}{event.path}" if event.path else ""
    made = Event()
    made.add("uid", f"{event.uid}@qcc")
    made.add("sequence", event.sequence)
    made.add("dtstamp", clock.now())
    made.add("dtstart", event.starts_at.astimezone(UTC))
    made.add("dtend", event.ends_at.astimezone(UTC))
    made.add("summary", event.title)
    made.add("location", event.place)
    made.add("description", f"{event.about}\n{address}".strip())
    if address:
        made.add("url", address)
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{current_app.config['MAIL_FROM']}")
    organizer.params["cn"] = event.organizer
    made.add("organizer", organizer)
    return made


def addressed(text: str, addresses: Iterable[str]) -> str:
    """The same text for those whom a mail goes to, as an invitation asks."""
    calendar = Calendar.from_ical(text)
    for event in calendar.walk("VEVENT"):
        for address in addresses:
            event.add("attendee", vCalAddress(f"mailto:{address}"))
    return str(calendar.to_ical().decode())


def method_of(text: str) -> str:
    """What the text is for."""
    return str(Calendar.from_ical(text)["method"])
