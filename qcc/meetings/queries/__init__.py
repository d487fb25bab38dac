"""Reads about meetings, action items and the compliance of centers, within the actor's scope."""

from qcc.meetings.queries.actions import (
    get_action,
    list_actions,
    list_open_items,
    lock_action,
)
from qcc.meetings.queries.calendars import (
    get_feed_reader,
    has_feed,
    list_events,
    list_meetings_between,
)
from qcc.meetings.queries.compliance import (
    ComplianceRow,
    demand_of,
    get_compliance,
    months_of,
)
from qcc.meetings.queries.meetings import (
    MeetingRow,
    established_before,
    get_meeting,
    last_meeting,
    list_amendments,
    list_corrections,
    list_files,
    list_lower_centers,
    list_meetings,
    list_own_meetings,
    list_unanswered_invitations,
    lock_amendment,
    lock_meeting,
    next_number,
)

__all__ = [
    "ComplianceRow",
    "MeetingRow",
    "demand_of",
    "established_before",
    "get_action",
    "get_compliance",
    "get_feed_reader",
    "get_meeting",
    "has_feed",
    "last_meeting",
    "list_actions",
    "list_amendments",
    "list_corrections",
    "list_events",
    "list_files",
    "list_lower_centers",
    "list_meetings",
    "list_meetings_between",
    "list_open_items",
    "list_own_meetings",
    "list_unanswered_invitations",
    "lock_action",
    "lock_amendment",
    "lock_meeting",
    "months_of",
    "next_number",
]
