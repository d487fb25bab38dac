"""Who is invited to a meeting, and what they answer."""

from sqlalchemy.orm.attributes import flag_modified

from qcc.centers.models import Center
from qcc.centers.queries import get_center
from qcc.experts.queries import KnownExpert, find_upper_center, list_known_experts
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Capacity, Invitation, Meeting, Reply
from qcc.meetings.permissions import answers, answers_for
from qcc.meetings.queries import list_lower_centers, lock_meeting
from qcc.meetings.services.preparing import lock_prepared, record
from qcc.meetings.services.telling import tell_one
from qcc.meetings.workflow import MeetingState


def invite_center(actor: Actor, meeting_id: int, center_id: int) -> None:
    """Invite a center of the specialty, below or above."""
    meeting = lock_prepared(actor, meeting_id)
    center = get_center(actor, center_id)
    if center.id not in {each.id for each in invitable_centers(meeting)}:
        raise Refused(_l("Only centers of the specialty are invited as centers."))
    _invite(actor, meeting, Invitation(center_id=center.id, name=center.name))


def invitable_centers(meeting: Meeting) -> list[Center]:
    """The centers of the specialty above and below that are not invited yet."""
    upper = find_upper_center(meeting.center)
    invited = {each.center_id for each in meeting.invitations}
    around = [meeting.center, *([upper] if upper else []), *list_lower_centers(meeting.center)]
    return [center for center in around if center.id not in invited]


def invite_expert(actor: Actor, meeting_id: int, code: str) -> None:
    """Invite a registered expert by person."""
    meeting = lock_prepared(actor, meeting_id)
    expert = next((each for each in invitable_experts(meeting) if each.code == code), None)
    if expert is None:
        raise Refused(_l("Choose a registered expert who is not invited yet."))
    invitation = Invitation(
        person_id=expert.person_id, name=expert.name, organization=expert.employer
    )
    _invite(actor, meeting, invitation)


def invite_panel(actor: Actor, meeting_id: int) -> int:
    """Invite everybody on the center's panel who is not invited yet; how many."""
    meeting = lock_prepared(actor, meeting_id)
    found = [each for each in invitable_experts(meeting) if each.is_on_panel]
    if not found:
        raise Refused(_l("Everybody on the panel is invited."))
    for expert in found:
        invitation = Invitation(
            person_id=expert.person_id, name=expert.name, organization=expert.employer
        )
        _invite(actor, meeting, invitation)
    return len(found)


def invitable_experts(meeting: Meeting) -> list[KnownExpert]:
    """The experts of the panel and of the specialty that are not invited yet."""
    invited = {each.person_id for each in meeting.invitations}
    return [e for e in list_known_experts(meeting.center) if e.person_id not in invited]


def invite_guest(
    actor: Actor,
    meeting_id: int,
    name: str,
    organization: str,
    capacity: Capacity,
    email: str = "",
) -> None:
    """Invite somebody outside the system, such as the national center; by mail if there is an
    address."""
    meeting = lock_prepared(actor, meeting_id)
    guest = Invitation(name=name, organization=organization, email=email or None)
    _invite(actor, meeting, guest, capacity)


def _invite(
    actor: Actor,
    meeting: Meeting,
    invitation: Invitation,
    capacity: Capacity = Capacity.ATTENDING,
) -> None:
    invitation.capacity = capacity
    meeting.invitations.append(invitation)
    db.session.flush()
    record(actor, meeting, "invited", {"name": invitation.name, "capacity": capacity.value})
    if meeting.state is MeetingState.ANNOUNCED:
        _rise(meeting)
        tell_one(meeting, invitation, "meeting.announce")


def _rise(meeting: Meeting) -> None:
    """Another version, though nothing of the meeting itself is changed: a calendar takes what it is
    sent for newer than what it was sent before."""
    flag_modified(meeting, "title")


def take_back_invitation(actor: Actor, meeting_id: int, invitation_id: int) -> None:
    """Take an invitation back."""
    meeting = lock_prepared(actor, meeting_id)
    invitation = find_invitation(meeting, invitation_id)
    if meeting.state is MeetingState.ANNOUNCED:
        _rise(meeting)
        tell_one(meeting, invitation, "meeting.uninvited")
    meeting.invitations.remove(invitation)
    record(actor, meeting, "uninvited", {"name": invitation.name})


def find_invitation(meeting: Meeting, invitation_id: int) -> Invitation:
    """An invitation of the meeting; raises NotFound."""
    found = next((each for each in meeting.invitations if each.id == invitation_id), None)
    if found is None:
        raise NotFound
    return found


def answer(
    actor: Actor,
    meeting_id: int,
    invitation_id: int,
    reply: Reply,
    substitute: str = "",
    reason: str = "",
) -> None:
    """Say whether one comes, or who comes instead; the answer may change until the meeting. What a
    guest without an account says, the center notes."""
    meeting = lock_meeting(actor, meeting_id, own=False)
    invitation = find_invitation(meeting, invitation_id)
    if not (answers(actor, invitation) or answers_for(actor, meeting, invitation)):
        raise NotFound
    if meeting.state is not MeetingState.ANNOUNCED:
        raise Refused(_l("The meeting takes no answers now."))
    if reply is Reply.SUBSTITUTE and not substitute:
        raise Refused(_l("Say who comes instead."), "substitute")
    if reply is Reply.NONE:
        raise Refused(_l("Choose an answer."), "reply")
    invitation.reply, invitation.reason = reply, reason
    invitation.substitute = substitute if reply is Reply.SUBSTITUTE else ""
    invitation.answered_at = clock.now()
    record(actor, meeting, "answered", {"name": invitation.name, "reply": reply.value})
