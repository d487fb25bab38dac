"""Pages of dispatch meetings, by what they show."""

from qcc.meetings.views import (
    actions,
    calendars,
    compliance,
    materials,
    minutes,
    pages,
    preparing,
    room,
    steps,
)
from qcc.meetings.views.blueprint import bp

__all__ = [
    "actions",
    "bp",
    "calendars",
    "compliance",
    "materials",
    "minutes",
    "pages",
    "preparing",
    "room",
    "steps",
]
