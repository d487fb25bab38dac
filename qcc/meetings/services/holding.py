"""The meeting itself and its minutes: attendance, sections, circulation, signature."""

from collections.abc import Mapping
from datetime import timedelta

from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Meeting, MinutesCorrection, MinutesRevision, MinutesSection
from qcc.meetings.permissions import answers
from qcc.meetings.queries import lock_meeting
from qcc.meetings.services.inviting import find_invitation
from qcc.meetings.services.papers import ask_for_minutes
from qcc.meetings.services.preparing import meeting_moment
from qcc.meetings.services.telling import tell_invited, tell_own, tell_owner
from qcc.meetings.workflow import MEETING, ActionState, MeetingState
from qcc.regulations.rulebooks import rulebook_for

S = MeetingState
SIGNING = frozenset({S.ANNOUNCED, S.HELD, S.DRAFTING})
FIELDS = ("topic", "discussion", "decision")


def sign_in(actor: Actor, meeting_id: int, invitation_id: int, present: bool) -> None:
    """The secretary notes who is there, or takes that back while the minutes are written."""
    meeting = lock_meeting(actor, meeting_id)
    if meeting.state not in SIGNING:
        raise Refused(_l("The attendance can no longer be changed."))
    invitation = find_invitation(meeting, invitation_id)
    if (invitation.signed_in_at is not None) == present:
        return
    invitation.signed_in_at = clock.now() if present else None
    audit.record(
        actor,
        "meeting.signed_in" if present else "meeting.signed_out",
        "meeting",
        meeting.id,
        {"name": invitation.name},
    )


def hold(actor: Actor, meeting_id: int, version: int) -> Meeting:
    """The meeting was held: it counts for the month in which it began."""
    meeting = lock_meeting(actor, meeting_id)
    facts = meeting_moment(meeting)
    require_version(meeting, version)
    meeting.held_at = meeting.starts_at
    take(MEETING, meeting, "hold", actor, facts=facts)
    book = rulebook_for(meeting.center.place, meeting.held_on or clock.today())
    meeting.rulebook_version = book.version
    return meeting


def draft_minutes(actor: Actor, meeting_id: int, version: int) -> Meeting:
    """Begin the minutes, with a section for each topic of the agenda."""
    meeting = lock_meeting(actor, meeting_id)
    take(MEETING, meeting, "draft", actor, facts=meeting_moment(meeting), version=version)
    for entry in meeting.agenda:
        section = MinutesSection(position=entry.position, topic=entry.title, saved_at=clock.now())
        meeting.sections.append(section)
    db.session.flush()
    return meeting


def lock_draft(actor: Actor, meeting_id: int) -> Meeting:
    """A meeting of the own center whose minutes are being written."""
    meeting = lock_meeting(actor, meeting_id)
    if meeting.state is not S.DRAFTING:
        raise Refused(_l("The minutes are not being written now."))
    return meeting


def find_section(meeting: Meeting, section_id: int) -> MinutesSection:
    """A section of the minutes; raises NotFound."""
    found = next((each for each in meeting.sections if each.id == section_id), None)
    if found is None:
        raise NotFound
    return found


def add_section(actor: Actor, meeting_id: int, topic: str) -> MinutesSection:
    """A topic that came up in the meeting."""
    meeting = lock_draft(actor, meeting_id)
    section = MinutesSection(position=len(meeting.sections), topic=topic, saved_at=clock.now())
    meeting.sections.append(section)
    db.session.flush()
    audit.record(actor, "minutes.section_added", "meeting", meeting.id, {"topic": topic})
    return section


def save_section(
    actor: Actor, meeting_id: int, section_id: int, version: int, values: Mapping[str, str]
) -> MinutesSection:
    """Save what was typed; of two writers the second is told (StaleEdit). Each saving is kept as a
    revision."""
    meeting = lock_draft(actor, meeting_id)
    section = find_section(meeting, section_id)
    db.session.refresh(section)
    require_version(section, version)
    if all(getattr(section, name) == values[name] for name in FIELDS):
        return section
    for name in FIELDS:
        setattr(section, name, values[name])
    section.saved_at = clock.now()
    content = {name: values[name] for name in FIELDS}
    db.session.add(
        MinutesRevision(
            section_id=section.id, at=clock.now(), person_name=actor.name, content=content
        )
    )
    db.session.flush()
    detail = {"section": section.id, "version": section.version}
    audit.record(actor, "minutes.saved", "meeting", meeting.id, detail)
    return section


def circulate(actor: Actor, meeting_id: int, version: int) -> Meeting:
    """Send the minutes to those invited for correction."""
    meeting = lock_meeting(actor, meeting_id)
    take(MEETING, meeting, "circulate", actor, facts=meeting_moment(meeting), version=version)
    book = rulebook_for(meeting.center.place, meeting.held_on or clock.today())
    days = book["meetings.correction_days"].number
    meeting.correct_by = clock.today() + timedelta(days=days)
    tell_invited(meeting, "meeting.circulate")
    return meeting


def correct(actor: Actor, meeting_id: int, text: str) -> MinutesCorrection:
    """Somebody invited says what is to be corrected, within the rulebook's days; the center reads
    it beside the minutes and decides what of it is taken over."""
    meeting = lock_meeting(actor, meeting_id, own=False)
    invitation = next((each for each in meeting.invitations if answers(actor, each)), None)
    if invitation is None:
        raise NotFound
    if meeting.state is not S.CORRECTING:
        raise Refused(_l("The minutes take no corrections now."), "text")
    if meeting.correct_by is not None and clock.today() > meeting.correct_by:
        raise Refused(_l("The days for corrections are over."), "text")
    correction = MinutesCorrection(
        meeting_id=meeting.id,
        person_id=actor.person_id,
        invited_as=invitation.name,
        text=text,
        at=clock.now(),
    )
    db.session.add(correction)
    db.session.flush()
    audit.record(actor, "minutes.corrected", "meeting", meeting.id, {"as": invitation.name})
    tell_own(meeting, "meeting.corrected")
    return correction


def return_minutes(actor: Actor, meeting_id: int, version: int, reason: str) -> Meeting:
    """The director gives the minutes back."""
    meeting = lock_meeting(actor, meeting_id)
    facts = meeting_moment(meeting)
    take(MEETING, meeting, "return", actor, facts=facts, version=version, reason=reason)
    tell_own(meeting, "meeting.return", reason.strip())
    return meeting


def sign_minutes(actor: Actor, meeting_id: int, version: int) -> Meeting:
    """The director signs: the minutes are final, and the tasks are given out."""
    meeting = lock_meeting(actor, meeting_id)
    facts = meeting_moment(meeting)
    require_version(meeting, version)
    meeting.final_at, meeting.signed_by = clock.now(), actor.person_id
    take(MEETING, meeting, "sign", actor, facts=facts)
    tell_invited(meeting, "meeting.sign")
    for section in meeting.sections:
        for item in section.actions:
            if item.state is ActionState.OPEN:
                tell_owner(item, "action.given")
    ask_for_minutes(meeting)
    return meeting
