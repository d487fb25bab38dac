"""Action items from decision to acceptance, and amendments to final minutes."""

from datetime import date

from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, Role
from qcc.meetings.models import ActionItem, Amendment
from qcc.meetings.permissions import is_own, may_report
from qcc.meetings.queries import lock_action, lock_amendment, lock_meeting
from qcc.meetings.services.holding import find_section, lock_draft
from qcc.meetings.services.inviting import find_invitation
from qcc.meetings.services.papers import ask_for_amendment
from qcc.meetings.services.telling import tell_center, tell_invited, tell_owner
from qcc.meetings.workflow import (
    ACTION,
    AMENDMENT,
    ActionState,
    AmendmentMoment,
    AmendmentState,
    MeetingState,
)


def add_action(
    actor: Actor, meeting_id: int, section_id: int, what: str, invitation_id: int, due_on: date
) -> ActionItem:
    """Give somebody who was invited a task, as a section decides."""
    meeting = lock_draft(actor, meeting_id)
    section, owner = find_section(meeting, section_id), find_invitation(meeting, invitation_id)
    given_on = meeting.held_on or clock.today()
    if due_on < given_on:
        raise Refused(_l("The task cannot be due before the meeting."), "due_on")
    item = ActionItem(
        center_id=meeting.center_id,
        section_id=section.id,
        state=ActionState.OPEN,
        what=what,
        owner=owner.name,
        owner_center_id=owner.center_id,
        owner_person_id=owner.person_id,
        given_on=given_on,
        due_on=due_on,
    )
    db.session.add(item)
    db.session.flush()
    detail = {"what": what, "owner": owner.name, "due_on": due_on}
    begin(ACTION, item, "give", actor, detail=detail)
    return item


def change_action(
    actor: Actor,
    meeting_id: int,
    action_id: int,
    version: int,
    what: str,
    invitation_id: int,
    due_on: date,
) -> ActionItem:
    """Put a task otherwise as long as the minutes are written."""
    meeting = lock_draft(actor, meeting_id)
    item, owner = lock_action(actor, action_id), find_invitation(meeting, invitation_id)
    if item.section.meeting_id != meeting.id or item.state is not ActionState.OPEN:
        raise NotFound
    require_version(item, version)
    if due_on < item.given_on:
        raise Refused(_l("The task cannot be due before the meeting."), "due_on")
    before = {"what": item.what, "owner": item.owner, "due_on": item.due_on}
    item.what, item.due_on, item.owner = what, due_on, owner.name
    item.owner_center_id, item.owner_person_id = owner.center_id, owner.person_id
    db.session.flush()
    detail = {"before": before, "what": what, "owner": owner.name, "due_on": due_on}
    audit.record(actor, "action.changed", "action_item", item.id, detail)
    return item


def report_done(
    actor: Actor,
    action_id: int,
    version: int,
    evidence: str,
    data: bytes = b"",
    filename: str = "",
) -> ActionItem:
    """The owner says what was done, with a file if there is one."""
    item = lock_action(actor, action_id)
    if not may_report(actor, item):
        raise NotFound
    if not evidence.strip():
        raise Refused(_l("Say what was done."), "evidence")
    if item.section.meeting.state is not MeetingState.FINAL:
        raise Refused(_l("The minutes are not signed yet."))
    item.done_at, item.evidence = clock.now(), evidence.strip()
    take(ACTION, item, "report", actor, version=version)
    if data:
        item.file = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    tell_center(item.center_id, "action.report", f"/actions/{item.id}", {"what": item.what})
    return item


def decide_action(
    actor: Actor, action_id: int, version: int, action: str, reason: str = ""
) -> ActionItem:
    """The center accepts what was done, returns it, or drops the task."""
    item = lock_action(actor, action_id)
    if not is_own(actor, item.center_id):
        raise NotFound
    take(ACTION, item, action, actor, version=version, reason=reason)
    if item.section.meeting.state is MeetingState.FINAL:  # nobody was told of a draft's tasks
        tell_owner(item, f"action.{action}", reason.strip())
    return item


def propose_amendment(actor: Actor, meeting_id: int, text: str, reason: str) -> Amendment:
    """Propose to add something to final minutes."""
    meeting = lock_meeting(actor, meeting_id)
    if meeting.state is not MeetingState.FINAL:
        raise Refused(_l("Only final minutes are amended."))
    amendment = Amendment(
        meeting_id=meeting.id,
        state=AmendmentState.PROPOSED,
        text=text,
        reason=reason,
        by_director=actor.role is Role.CENTER_DIRECTOR,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(amendment)
    db.session.flush()
    begin(AMENDMENT, amendment, "propose", actor, reason=reason, detail={"text": text})
    return amendment


def decide_amendment(
    actor: Actor,
    meeting_id: int,
    amendment_id: int,
    version: int,
    action: str,
    reason: str = "",
) -> Amendment:
    """The second person approves or refuses."""
    meeting = lock_meeting(actor, meeting_id)
    amendment = lock_amendment(meeting, amendment_id)
    require_version(amendment, version)
    facts = AmendmentMoment(
        is_another=amendment.proposed_by != actor.person_id,
        one_is_director=amendment.by_director or actor.role is Role.CENTER_DIRECTOR,
    )
    AMENDMENT.require(action, amendment.state, facts)
    amendment.decided_by, amendment.decided_at = actor.person_id, clock.now()
    take(AMENDMENT, amendment, action, actor, facts=facts, reason=reason)
    if action == "approve":
        tell_invited(meeting, "meeting.amend")
        ask_for_amendment(meeting, amendment)
    return amendment
