"""Pages of dispatch meetings, by what they show."""

from qcc.meetings import labels
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
    "labels",
    "materials",
    "minutes",
    "pages",
    "preparing",
    "room",
    "steps",
]
