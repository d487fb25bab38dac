"""Messages about meetings to those invited and to the center's own desks."""

from collections.abc import Iterable
from dataclasses import replace

from qcc.centers.queries import current_hosting
from qcc.infra.calendars import CANCEL, REQUEST, calendar_text
from qcc.infra.db import db
from qcc.infra.i18n import _l
from qcc.infra.outbox import EVENT, notify, notify_outside, notify_person, texts
from qcc.infra.templating import as_moment
from qcc.kernel.permissions import Role
from qcc.meetings.models import ActionItem, Invitation, Meeting
from qcc.meetings.services.calendars import event_of

texts(
    {
        "meeting.proposed": _l("The meeting of the month is proposed: %(title)s."),
        "meeting.announce": _l("You are invited: %(title)s, %(when)s."),
        "meeting.changed": _l("The meeting was changed: %(title)s, %(when)s."),
        "meeting.cancel": _l("The meeting is called off: %(title)s. %(reason)s"),
        "meeting.uninvited": _l("You are no longer invited: %(title)s, %(when)s."),
        "meeting.announce.guest": _l(
            "%(center)s invites you: %(title)s, %(when)s. %(where)s Please tell the center whether"
            " you come."
        ),
        "meeting.changed.guest": _l(
            "%(center)s has changed the meeting: %(title)s, %(when)s. %(where)s"
        ),
        "meeting.cancel.guest": _l("%(center)s calls the meeting off: %(title)s. %(reason)s"),
        "meeting.uninvited.guest": _l("%(center)s no longer invites you: %(title)s, %(when)s."),
        "meeting.circulate": _l("The minutes await your corrections: %(title)s."),
        "meeting.corrected": _l("A correction of the minutes was asked for: %(title)s."),
        "meeting.return": _l("The minutes were returned by the director: %(title)s. %(reason)s"),
        "meeting.sign": _l("The minutes are final: %(title)s."),
        "meeting.amend": _l("The minutes were amended: %(title)s."),
        "action.given": _l("You have a task until %(due)s: %(what)s."),
        "action.report": _l("A task was reported done: %(what)s."),
        "action.accept": _l("The task is accepted: %(what)s."),
        "action.return": _l("The task was returned: %(what)s. %(reason)s"),
        "action.drop": _l("The task was dropped: %(what)s. %(reason)s"),
    },
    mandatory={"meeting.announce", "meeting.changed", "meeting.cancel", "action.given"},
)


def tell_center(center_id: int, kind: str, link: str, values: dict[str, object]) -> None:
    """To the desks of director and secretaries; a center without host has none."""
    hosting = current_hosting(center_id)
    if hosting is None:
        return
    for role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY):
        notify(hosting.institution_id, role, kind, values, link, center_id)


def _tell(invitation: Invitation, kind: str, link: str, values: dict[str, object]) -> None:
    if invitation.center_id is not None:
        tell_center(invitation.center_id, kind, link, values)
    elif invitation.person_id is not None:
        notify_person(invitation.person_id, Role.EXPERT, kind, values, link)


METHODS = {
    "meeting.announce": REQUEST,
    "meeting.changed": REQUEST,
    "meeting.cancel": CANCEL,
    "meeting.uninvited": CANCEL,
}
"""Messages that carry the meeting for the reader's calendar, and what for."""


def _values(meeting: Meeting, kind: str, reason: str, path: str = "") -> dict[str, object]:
    """What a message says; the event in it leads to the *path*, if the reader can open it."""
    values: dict[str, object] = {
        "title": meeting.title,
        "when": as_moment(meeting.starts_at),
        "reason": reason,
    }
    if method := METHODS.get(kind):
        db.session.flush()  # the event's sequence is the version of what stands now
        event = replace(event_of(meeting), path=path, is_cancelled=method == CANCEL)
        values[EVENT] = calendar_text([event], method)
    return values


def tell_invited(meeting: Meeting, kind: str, reason: str = "") -> None:
    """To everybody invited who has a desk here; to guests by mail."""
    _tell_each(meeting, meeting.invitations, kind, reason)


def tell_one(meeting: Meeting, invitation: Invitation, kind: str) -> None:
    """To one of those invited."""
    _tell_each(meeting, [invitation], kind)


def _tell_each(
    meeting: Meeting, invited: Iterable[Invitation], kind: str, reason: str = ""
) -> None:
    link = f"/meetings/{meeting.id}"
    values = _values(meeting, kind, reason, link)
    for invitation in invited:
        if invitation.is_guest:
            _tell_guest(meeting, invitation, kind, reason)
        elif invitation.center_id != meeting.center_id:
            _tell(invitation, kind, link, values)


def _tell_guest(meeting: Meeting, guest: Invitation, kind: str, reason: str) -> None:
    """What concerns time and place; a guest sees no pages, so the mail says it all."""
    if guest.email and kind in METHODS:
        where = {"center": meeting.center.name, "where": event_of(meeting).place}
        notify_outside(guest.email, f"{kind}.guest", {**_values(meeting, kind, reason), **where})


def tell_own(meeting: Meeting, kind: str, reason: str = "") -> None:
    """To the center's own desks."""
    values: dict[str, object] = {"title": meeting.title, "reason": reason}
    tell_center(meeting.center_id, kind, f"/meetings/{meeting.id}", values)


def tell_owner(item: ActionItem, kind: str, reason: str = "") -> None:
    """To whoever owes the item, if they have a desk here."""
    values: dict[str, object] = {
        "what": item.what,
        "due": item.due_on.isoformat(),
        "reason": reason,
    }
    link = f"/actions/{item.id}"
    if item.owner_center_id is not None:
        tell_center(item.owner_center_id, kind, link, values)
    elif item.owner_person_id is not None:
        notify_person(item.owner_person_id, Role.EXPERT, kind, values, link)
