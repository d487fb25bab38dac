"""Before a meeting: its time and place, agenda, the notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor
from qcc.meetings.models import (
    AgendaEntry,
    Meeting,
    MeetingMode,
    Reply,
)
from qcc.meetings.queries import lock_meeting
from qcc.meetings.rules.agenda import moved
from qcc.meetings.services.attendance import quorum_of
from qcc.meetings.services.papers import ask_for_cancellation, ask_for_change, ask_for_notice
from qcc.meetings.services.telling import tell_invited
from qcc.meetings.workflow import MEETING, PREPARED, MeetingMoment, MeetingState

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
    now, quorum = clock.now(), quorum_of(meeting)
    return MeetingMoment(
        lies_ahead=meeting.starts_at > now,
        has_agenda=bool(meeting.agenda),
        has_invited=bool(meeting.invitations),
        has_begun=meeting.starts_at <= now,
        somebody_is_present=any(each.signed_in_at for each in meeting.invitations),
        has_quorum=meeting.starts_at > now or quorum is None or quorum.is_reached,
        minutes_are_written=bool(meeting.sections)
        and all(section.is_written for section in meeting.sections),
    )


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
    record(actor, meeting, "planned", {"before": before, "starts_at": meeting.starts_at})
    if is_changed and meeting.state is MeetingState.ANNOUNCED:
        tell_invited(meeting, "meeting.changed")
        ask_for_change(meeting, told)
    return meeting


def record(actor: Actor, meeting: Meeting, what: str, detail: dict[str, object]) -> None:
    """An act about the meeting, in the audit."""
    audit.record(actor, f"meeting.{what}", "meeting", meeting.id, detail)


# --- agenda ---


def add_topic(actor: Actor, meeting_id: int, title: str, presenter: str, minutes: int) -> None:
    """A topic at the end of the agenda."""
    meeting = lock_prepared(actor, meeting_id)
    position = len(meeting.agenda)
    meeting.agenda.append(
        AgendaEntry(position=position, title=title, presenter=presenter, minutes=minutes)
    )
    record(actor, meeting, "topic_added", {"title": title, "minutes": minutes})


def _entry(meeting: Meeting, entry_id: int) -> AgendaEntry:
    found = next((entry for entry in meeting.agenda if entry.id == entry_id), None)
    if found is None:
        raise NotFound
    return found


def change_topic(
    actor: Actor, meeting_id: int, entry_id: int, title: str, presenter: str, minutes: int
) -> None:
    """Another wording, presenter or time of an entry of the agenda."""
    meeting = lock_prepared(actor, meeting_id)
    entry = _entry(meeting, entry_id)
    before = {"title": entry.title, "presenter": entry.presenter, "minutes": entry.minutes}
    entry.title, entry.presenter, entry.minutes = title, presenter, minutes
    record(actor, meeting, "topic_changed", {"before": before, "title": title, "minutes": minutes})


def move_topic(actor: Actor, meeting_id: int, entry_id: int, to: int) -> None:
    """Put an entry of the agenda at another place, counted from 0."""
    meeting = lock_prepared(actor, meeting_id)
    _entry(meeting, entry_id)
    by_id = {entry.id: entry for entry in meeting.agenda}
    _number([by_id[key] for key in moved(list(by_id), entry_id, to)])
    record(actor, meeting, "topic_moved", {"entry": entry_id, "to": to})


def remove_topic(actor: Actor, meeting_id: int, entry_id: int) -> None:
    """Take an entry off the agenda."""
    meeting = lock_prepared(actor, meeting_id)
    entry = _entry(meeting, entry_id)
    meeting.agenda.remove(entry)
    _number(meeting.agenda)
    record(actor, meeting, "topic_removed", {"title": entry.title})


def _number(entries: Sequence[AgendaEntry]) -> None:
    for position, entry in enumerate(entries):
        entry.position = position


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
