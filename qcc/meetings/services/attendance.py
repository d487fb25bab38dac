"""Whether enough of those invited to attend are there."""

from qcc.kernel.dates import legal_date
from qcc.meetings.models import Capacity, Meeting
from qcc.meetings.rules.attendance import Quorum
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

LIMIT = "meetings.quorum"


def quorum_of(meeting: Meeting) -> Quorum | None:
    """The quorum by the rulebook of the meeting's day; None if it sets none."""
    try:
        book = rulebook_for(meeting.center.place, legal_date(meeting.starts_at))
    except NoRulebookInForce:
        return None
    if LIMIT not in book:
        return None
    asked = [each for each in meeting.invitations if each.capacity is Capacity.ATTENDING]
    present = sum(1 for each in asked if each.signed_in_at)
    return Quorum(present, len(asked), book[LIMIT].number)
