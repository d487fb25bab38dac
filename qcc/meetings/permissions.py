"""Which meetings and action items concern an actor, and what of them."""

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.meetings.models import ActionItem, Invitation, Meeting
from qcc.meetings.workflow import TOLD, MeetingState

CENTER_ROLES = frozenset({Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY})
AUTHORITIES = frozenset({Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER})


def is_invited(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over an invitation: it is to the actor's center or to the actor."""
    if actor.role in CENTER_ROLES:
        return sa.or_(
            Invitation.center_id == actor.center_id, Invitation.person_id == actor.person_id
        )
    if actor.role is Role.EXPERT:
        return Invitation.person_id == actor.person_id
    return sa.false()


def meeting_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a meeting joined with its center: the center's own people; once it is
    announced those invited; the commission and evaluation center of its place and above."""
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    invited = sa.and_(
        Meeting.state.in_(sorted(TOLD)),
        Meeting.id.in_(sa.select(Invitation.meeting_id).where(is_invited(actor))),
    )
    if actor.role in CENTER_ROLES:
        return sa.or_(Meeting.center_id == actor.center_id, invited)
    return invited


def action_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over an action item joined with its center: who gave it, who owes it, and the
    authorities of the place."""
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    mine = ActionItem.owner_person_id == actor.person_id
    if actor.role in CENTER_ROLES:
        return sa.or_(
            ActionItem.center_id == actor.center_id,
            ActionItem.owner_center_id == actor.center_id,
            mine,
        )
    return mine if actor.role is Role.EXPERT else sa.false()


def is_own(actor: Actor, center_id: int) -> bool:
    """Whether the actor is the director or a secretary of the center."""
    return actor.role in CENTER_ROLES and actor.center_id == center_id


def may_read_minutes(actor: Actor, meeting: Meeting) -> bool:
    """The center reads its drafts; those invited from the circulation on; authorities what was
    signed."""
    if is_own(actor, meeting.center_id):
        return True
    if actor.role in AUTHORITIES:
        return meeting.state is MeetingState.FINAL
    return meeting.state in (MeetingState.CORRECTING, MeetingState.FINAL)


def may_read_files(actor: Actor, meeting: Meeting) -> bool:
    """Those invited read the files of a meeting they see; authorities once the minutes are
    signed."""
    return meeting.state is MeetingState.FINAL or actor.role not in AUTHORITIES


def answers(actor: Actor, invitation: Invitation) -> bool:
    """Whether the actor answers the invitation."""
    if actor.role in CENTER_ROLES and invitation.center_id == actor.center_id:
        return invitation.center_id is not None
    return invitation.person_id == actor.person_id


def answers_for(actor: Actor, meeting: Meeting, invitation: Invitation) -> bool:
    """Whether the actor notes the answer of a guest, who has no account to answer with."""
    return invitation.is_guest and is_own(actor, meeting.center_id)


def may_report(actor: Actor, item: ActionItem) -> bool:
    """Who owes an item reports it done; so does the center, for owners outside the system."""
    if is_own(actor, item.center_id) or item.owner_person_id == actor.person_id:
        return True
    return actor.role in CENTER_ROLES and item.owner_center_id == actor.center_id
