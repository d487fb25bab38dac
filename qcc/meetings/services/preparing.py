"""Before a meeting: its time and place, agenda, invitations, the notice, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qcc.centers.models import Center
from qcc.centers.queries import get_center
from qcc.experts.queries import KnownExpert, find_upper_center, list_known_experts
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor
from qcc.meetings.models import (
    AgendaEntry,
    Capacity,
    Invitation,
    Meeting,
    MeetingMode,
    Reply,
)
from qcc.meetings.permissions import answers
from qcc.meetings.queries import list_lower_centers, lock_meeting
from qcc.meetings.rules.agenda import moved
from qcc.meetings.rules.attendance import has_quorum
from qcc.meetings.services.papers import ask_for_cancellation, ask_for_change, ask_for_notice
from qcc.meetings.services.telling import tell_invited, tell_one
from qcc.meetings.workflow import MEETING, PREPARED, MeetingMoment, MeetingState
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

NOT_PREPARED = _l("The meeting was held or called off: this can no longer be changed.")


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """When, where and how a meeting takes place."""

    title: str
    mode: MeetingMode
    starts_at: datetime
    venue: str
    link: str


def meeting_moment(meeting: Meeting) -> MeetingMoment:
    """The meeting as the conditions of its transitions look at it."""
    now = clock.now()
    return MeetingMoment(
        lies_ahead=meeting.starts_at > now,
        has_agenda=bool(meeting.agenda),
        has_invited=bool(meeting.invitations),
        has_begun=meeting.starts_at <= now,
        somebody_is_present=any(each.signed_in_at for each in meeting.invitations),
        has_quorum=meeting.starts_at > now or _has_quorum(meeting),
        minutes_are_written=bool(meeting.sections)
        and all(section.is_written for section in meeting.sections),
    )


def _has_quorum(meeting: Meeting) -> bool:
    """Whether as many attend as the rulebook of the day asks for, if there is one."""
    try:
        book = rulebook_for(meeting.center.place, legal_date(meeting.starts_at))
    except NoRulebookInForce:
        return True
    share = book["meetings.quorum"].number if "meetings.quorum" in book else None
    asked = [each for each in meeting.invitations if each.capacity is Capacity.ATTENDING]
    return has_quorum(sum(1 for each in asked if each.signed_in_at), len(asked), share)


def lock_prepared(actor: Actor, meeting_id: int, version: int | None = None) -> Meeting:
    """A meeting of the own center that is not held yet."""
    meeting = lock_meeting(actor, meeting_id)
    if version is not None:
        require_version(meeting, version)
    if meeting.state not in PREPARED:
        raise Refused(NOT_PREPARED)
    return meeting


def plan_meeting(actor: Actor, meeting_id: int, version: int, plan: MeetingPlan) -> Meeting:
    """Set time, place and manner; whoever was told of an announced meeting is told again."""
    meeting = lock_prepared(actor, meeting_id, version)
    if plan.starts_at <= clock.now():
        raise Refused(_l("The meeting has to lie ahead."), "starts_at")
    if plan.mode is not MeetingMode.ONLINE and not plan.venue:
        raise Refused(_l("Say where the meeting takes place."), "venue")
    told = meeting.starts_at
    before = {"starts_at": told, "venue": meeting.venue, "mode": meeting.mode.value}
    meeting.title, meeting.mode, meeting.starts_at = plan.title, plan.mode, plan.starts_at
    meeting.venue, meeting.link = plan.venue, plan.link
    is_changed = db.session.is_modified(meeting)
    if plan.starts_at != told:
        for invitation in meeting.invitations:  # what was answered was answered for another hour
            invitation.reply, invitation.answered_at = Reply.NONE, None
            invitation.substitute = ""
    db.session.flush()
    _record(actor, meeting, "planned", {"before": before, "starts_at": meeting.starts_at})
    if is_changed and meeting.state is MeetingState.ANNOUNCED:
        tell_invited(meeting, "meeting.changed")
        ask_for_change(meeting, told)
    return meeting


def _record(actor: Actor, meeting: Meeting, what: str, detail: dict[str, object]) -> None:
    audit.record(actor, f"meeting.{what}", "meeting", meeting.id, detail)


# --- agenda ---


def add_topic(actor: Actor, meeting_id: int, title: str, presenter: str, minutes: int) -> None:
    """A topic at the end of the agenda."""
    meeting = lock_prepared(actor, meeting_id)
    position = len(meeting.agenda)
    meeting.agenda.append(
        AgendaEntry(position=position, title=title, presenter=presenter, minutes=minutes)
    )
    _record(actor, meeting, "topic_added", {"title": title, "minutes": minutes})


def _entry(meeting: Meeting, entry_id: int) -> AgendaEntry:
    found = next((entry for entry in meeting.agenda if entry.id == entry_id), None)
    if found is None:
        raise NotFound
    return found


def move_topic(actor: Actor, meeting_id: int, entry_id: int, to: int) -> None:
    """Put an entry of the agenda at another place, counted from 0."""
    meeting = lock_prepared(actor, meeting_id)
    _entry(meeting, entry_id)
    by_id = {entry.id: entry for entry in meeting.agenda}
    _number([by_id[key] for key in moved(list(by_id), entry_id, to)])
    _record(actor, meeting, "topic_moved", {"entry": entry_id, "to": to})


def remove_topic(actor: Actor, meeting_id: int, entry_id: int) -> None:
    """Take an entry off the agenda."""
    meeting = lock_prepared(actor, meeting_id)
    entry = _entry(meeting, entry_id)
    meeting.agenda.remove(entry)
    _number(meeting.agenda)
    _record(actor, meeting, "topic_removed", {"title": entry.title})


def _number(entries: Sequence[AgendaEntry]) -> None:
    for position, entry in enumerate(entries):
        entry.position = position


# --- invitations ---


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
    actor: Actor, meeting_id: int, name: str, organization: str, capacity: Capacity
) -> None:
    """Invite somebody outside the system, such as the national center."""
    meeting = lock_prepared(actor, meeting_id)
    guest = Invitation(name=name, organization=organization)
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
    _record(actor, meeting, "invited", {"name": invitation.name, "capacity": capacity.value})
    if meeting.state is MeetingState.ANNOUNCED:
        tell_one(meeting, invitation, "meeting.announce")


def take_back_invitation(actor: Actor, meeting_id: int, invitation_id: int) -> None:
    """Take an invitation back."""
    meeting = lock_prepared(actor, meeting_id)
    invitation = find_invitation(meeting, invitation_id)
    if meeting.state is MeetingState.ANNOUNCED:
        tell_one(meeting, invitation, "meeting.uninvited")
    meeting.invitations.remove(invitation)
    _record(actor, meeting, "uninvited", {"name": invitation.name})


def find_invitation(meeting: Meeting, invitation_id: int) -> Invitation:
    """An invitation of the meeting; raises NotFound."""
    found = next((each for each in meeting.invitations if each.id == invitation_id), None)
    if found is None:
        raise NotFound
    return found


def announce(actor: Actor, meeting_id: int, version: int) -> Meeting:
    """Send the notice: those invited see the meeting from now on."""
    meeting = lock_meeting(actor, meeting_id)
    take(MEETING, meeting, "announce", actor, facts=meeting_moment(meeting), version=version)
    meeting.announced_at = clock.now()
    tell_invited(meeting, "meeting.announce")
    ask_for_notice(meeting)
    return meeting


def cancel(actor: Actor, meeting_id: int, version: int, reason: str) -> Meeting:
    """Call a meeting off; whoever was told of it is told so."""
    meeting = lock_meeting(actor, meeting_id)
    was_announced = meeting.state is MeetingState.ANNOUNCED
    take(
        MEETING,
        meeting,
        "cancel",
        actor,
        facts=meeting_moment(meeting),
        version=version,
        reason=reason,
    )
    if was_announced:
        tell_invited(meeting, "meeting.cancel", reason.strip())
        ask_for_cancellation(meeting, reason.strip())
    return meeting


def answer(
    actor: Actor,
    meeting_id: int,
    invitation_id: int,
    reply: Reply,
    substitute: str = "",
    reason: str = "",
) -> None:
    """Say whether one comes, or who comes instead; the answer may change until the meeting."""
    meeting = lock_meeting(actor, meeting_id, own=False)
    invitation = find_invitation(meeting, invitation_id)
    if not answers(actor, invitation):
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
    _record(actor, meeting, "answered", {"name": invitation.name, "reply": reply.value})
