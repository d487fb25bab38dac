"""Signing in by the code that is shown in the room: whoever is invited and scans it was there."""

from hmac import compare_digest

from qcc.infra import audit, clock
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.sealing import keyed_hash
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Invitation, Meeting
from qcc.meetings.permissions import answers
from qcc.meetings.queries import get_meeting, lock_meeting
from qcc.meetings.rules.attendance import is_signing_time
from qcc.meetings.services.holding import SIGNING


def room_code(meeting: Meeting) -> str:
    """The secret of the meeting's code. It is kept nowhere, and is another one once the meeting
    has another time."""
    return keyed_hash(f"room {meeting.code} {meeting.starts_at.timestamp()}")[:32]


def takes_code(meeting: Meeting) -> bool:
    """Whether those invited can sign in by the code now."""
    return meeting.state in SIGNING and is_signing_time(meeting.starts_at, clock.now())


def _own_invitations(actor: Actor, meeting: Meeting, code: str) -> list[Invitation]:
    """Raises NotFound if the code is not the meeting's, or the actor is not invited."""
    mine = [each for each in meeting.invitations if answers(actor, each)]
    if not mine or not compare_digest(room_code(meeting).encode(), code.encode()):
        raise NotFound
    return mine


def get_room(actor: Actor, meeting_id: int, code: str) -> tuple[Meeting, list[Invitation]]:
    """The meeting whose code was scanned, and as whom the actor is invited; raises NotFound."""
    meeting = get_meeting(actor, meeting_id)
    return meeting, _own_invitations(actor, meeting, code)


def sign_in_by_code(actor: Actor, meeting_id: int, code: str) -> None:
    """Whoever scanned the code is noted as present; a second scan changes nothing."""
    meeting = lock_meeting(actor, meeting_id, own=False)
    mine = _own_invitations(actor, meeting, code)
    if not takes_code(meeting):
        raise Refused(_l("The code is good only around the meeting. Ask the secretary."))
    for invitation in mine:
        if invitation.signed_in_at is None:
            invitation.signed_in_at = clock.now()
            detail = {"name": invitation.name, "by": "code"}
            audit.record(actor, "meeting.signed_in", "meeting", meeting.id, detail)
