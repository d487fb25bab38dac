"""Reminders of meetings, months and tasks, each for the day that the clock says."""

from collections.abc import Sequence
from datetime import date

from qcc.centers.queries import find_host_id
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify_outside, remind, remind_person, texts
from qcc.infra.templating import as_moment
from qcc.infra.workdays import is_working
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Role
from qcc.meetings.models import ActionItem, Invitation, Meeting, Reply
from qcc.meetings.queries.reminders import (
    CenterMonth,
    escalation_step,
    get_with_invited,
    list_actions_around,
    list_meetings_ahead,
    list_minutes_around,
    list_owed_months,
    list_unrecorded,
)
from qcc.meetings.rules.reminders import (
    Rung,
    is_short,
    month_missed,
    month_running_out,
    told_of_action,
    told_of_meeting,
    told_of_minutes,
    told_of_unrecorded,
    told_to_answer,
)
from qcc.meetings.services.calendars import event_of
from qcc.organizations.queries import find_commission

DESK_OF = {Rung.SECRETARY: Role.CENTER_SECRETARY, Rung.DIRECTOR: Role.CENTER_DIRECTOR}
DESKS = (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY)

texts(
    {
        "meeting.soon": _l("The meeting takes place: %(title)s, %(when)s."),
        "meeting.soon.guest": _l("%(center)s reminds you: %(title)s, %(when)s. %(where)s"),
        "meeting.unanswered": _l("Your answer to the invitation is awaited: %(title)s, %(when)s."),
        "meeting.unrecorded": _l(
            "Note who was there and that the meeting was held, or call it off: %(title)s, %(when)s."
        ),
        "minutes.due": _l("The minutes are to be final by %(due)s: %(title)s."),
        "minutes.late": _l("The minutes have been late since %(due)s: %(title)s (%(center)s)."),
        "month.open": _l("%(center)s has neither held nor announced a meeting for %(month)s."),
        "month.missed": _l("%(center)s held no meeting in %(month)s."),
        "action.due": _l("A task is due on %(due)s: %(what)s."),
        "action.overdue": _l("A task has been overdue since %(due)s: %(what)s (%(owner)s)."),
    },
    mandatory={"month.missed", "minutes.late", "action.overdue"},
)


def _remind_center(
    center_id: int, kind: str, values: dict[str, object], link: str, roles: Sequence[Role] = DESKS
) -> int:
    """Remind desks of a center; one without host has none."""
    host = find_host_id(center_id)
    if host is None:
        return 0
    return sum(remind(host, role, kind, values, link, center_id) for role in roles)


def _remind_commission(place: str, kind: str, values: dict[str, object], link: str) -> int:
    commission = find_commission(place)
    if commission is None:
        return 0
    return remind(commission.id, Role.COMMISSION_OFFICER, kind, values, link)


def remind_of_meetings(today: date) -> int:
    """Tell those invited of the meetings of the next days, and ask who has not answered."""
    told = 0
    for meeting_id, starts_on in list_meetings_ahead(today):
        if told_of_meeting(starts_on, today, is_working):
            meeting = get_with_invited(meeting_id)
            told += _tell_invited(meeting, "meeting.soon", meeting.invitations)
        elif told_to_answer(starts_on, today, is_working):
            meeting = get_with_invited(meeting_id)
            silent = [
                each
                for each in meeting.invitations
                if each.reply is Reply.NONE and each.center_id != meeting.center_id
            ]
            told += _tell_invited(meeting, "meeting.unanswered", silent)
    return told


def remind_of_minutes(today: date) -> int:
    """Ask what became of meetings whose day is over, and tell centers of minutes that are due, and
    one after another above them of those that are late."""
    told = 0
    for meeting in list_unrecorded(today):
        if told_of_unrecorded(legal_date(meeting.starts_at), today, is_working):
            told += _ask_what_became(meeting)
    for meeting, due_on in list_minutes_around(today):
        step = escalation_step(meeting.center.place, today)
        notice = told_of_minutes(due_on, today, step, is_working)
        for rung in notice.rungs if notice else ():
            told += _tell_of_minutes(meeting, due_on, rung, notice.kind if notice else "")
    return told


def _ask_what_became(meeting: Meeting) -> int:
    values: dict[str, object] = {"title": meeting.title, "when": as_moment(meeting.starts_at)}
    link = f"/meetings/{meeting.id}"
    return _remind_center(meeting.center_id, "meeting.unrecorded", values, link)


def _tell_of_minutes(meeting: Meeting, due_on: date, rung: Rung, kind: str) -> int:
    values: dict[str, object] = {
        "title": meeting.title,
        "due": due_on.isoformat(),
        "center": meeting.center.name,
    }
    link = f"/meetings/{meeting.id}"
    if rung is Rung.COMMISSION:
        return _remind_commission(meeting.center.place, kind, values, link)
    return _remind_center(meeting.center_id, kind, values, link, (DESK_OF[rung],))


def _tell_invited(meeting: Meeting, kind: str, invited: Sequence[Invitation]) -> int:
    values: dict[str, object] = {"title": meeting.title, "when": as_moment(meeting.starts_at)}
    link, told = f"/meetings/{meeting.id}", 0
    for each in invited:
        if each.center_id is not None:
            told += _remind_center(each.center_id, kind, values, link)
        elif each.person_id is not None:
            told += remind_person(each.person_id, Role.EXPERT, kind, values, link)
        elif each.email and kind == "meeting.soon":
            where = {"center": meeting.center.name, "where": event_of(meeting).place}
            notify_outside(each.email, "meeting.soon.guest", {**values, **where})
            told += 1
    return told


def remind_of_months(today: date) -> int:
    """Tell centers of a month that runs out without a meeting, and them and their commission of
    one that passed."""
    told = 0
    if month_running_out(today, is_working):
        for row in list_owed_months(today.year, today.month):
            if not row.is_announced and is_short(
                row.held_on, today.year, today.month, row.per_month
            ):
                told += _tell_of_month(row, "month.open", today.year, today.month)
    missed = month_missed(today, is_working)
    if missed:
        for row in list_owed_months(*missed):
            if is_short(row.held_on, *missed, row.per_month):
                told += _tell_of_month(row, "month.missed", *missed)
                values = _words(row, *missed)
                told += _remind_commission(row.place, "month.missed", values, _page(row, missed[0]))
    return told


def _words(row: CenterMonth, year: int, month: int) -> dict[str, object]:
    return {"center": row.name, "month": f"{year}-{month:02}"}


def _page(row: CenterMonth, year: int) -> str:
    """The compliance of the year; each center's own line in it."""
    return f"/meetings/compliance?year={year}#center-{row.center_id}"


def _tell_of_month(row: CenterMonth, kind: str, year: int, month: int) -> int:
    return _remind_center(row.center_id, kind, _words(row, year, month), _page(row, year))


def remind_of_actions(today: date) -> int:
    """Tell owners of tasks that are due, and one after another above them of what is overdue."""
    told = 0
    for item in list_actions_around(today):
        step = escalation_step(item.center.place, today)
        notice = told_of_action(item.due_on, today, step, is_working)
        for rung in notice.rungs if notice else ():
            told += _tell_rung(item, rung, notice.kind if notice else "")
    return told


def _tell_rung(item: ActionItem, rung: Rung, kind: str) -> int:
    values: dict[str, object] = {
        "what": item.what,
        "due": item.due_on.isoformat(),
        "owner": item.owner,
    }
    link = f"/actions/{item.id}"
    if rung is Rung.COMMISSION:
        return _remind_commission(item.center.place, kind, values, link)
    if rung is Rung.OWNER:
        if item.owner_center_id is not None:
            return _remind_center(item.owner_center_id, kind, values, link)
        if item.owner_person_id is not None:
            return remind_person(item.owner_person_id, Role.EXPERT, kind, values, link)
        return 0
    return _remind_center(item.center_id, kind, values, link, (DESK_OF[rung],))
