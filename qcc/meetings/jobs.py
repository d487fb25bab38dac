"""Work of meetings for the clock: the proposal of the month, reminders, papers."""

from datetime import timedelta

from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job, Queue
from qcc.infra.workdays import is_working
from qcc.kernel.periods import Period
from qcc.meetings.documents import HTML_OF
from qcc.meetings.rules.reminders import is_day_of_proposal
from qcc.meetings.services.proposing import propose_all
from qcc.meetings.services.reminding import (
    remind_of_actions,
    remind_of_meetings,
    remind_of_minutes,
    remind_of_months,
)


def issue_papers() -> str:
    """Issue pending notices, attendance sheets and minutes."""
    return f"{issue_pending(HTML_OF)} issued"


def propose(period: Period) -> object:
    """On the first working day of a month, the meeting of each center that has proposed none."""
    if not is_day_of_proposal(period.day, is_working):
        return _("Not today")
    return _("Meetings proposed: %(count)s", count=propose_all(period.day))


def meetings(period: Period) -> object:
    """Meetings of the next days."""
    return _("Reminders: %(count)s", count=remind_of_meetings(period.day))


def minutes(period: Period) -> object:
    """Meetings that nobody noted as held, minutes due and late."""
    return _("Reminders: %(count)s", count=remind_of_minutes(period.day))


def months(period: Period) -> object:
    """Months without a meeting."""
    return _("Reminders: %(count)s", count=remind_of_months(period.day))


def actions(period: Period) -> object:
    """Tasks due and overdue."""
    return _("Reminders: %(count)s", count=remind_of_actions(period.day))


JOBS = (
    Queue(
        "meetings.issue_papers",
        issue_papers,
        timedelta(seconds=3),
        _l("Papers of meetings to issue"),
    ),
    Job("meetings.propose", propose, at=MORNING, title=_l("Meetings of the month")),
    Job("meetings.remind_of_meetings", meetings, at=MORNING, title=_l("Meetings of the next days")),
    Job("meetings.remind_of_minutes", minutes, at=MORNING, title=_l("Minutes due and late")),
    Job("meetings.remind_of_months", months, at=MORNING, title=_l("Months without a meeting")),
    Job("meetings.remind_of_actions", actions, at=MORNING, title=_l("Tasks due and overdue")),
)
