"""Work of meetings for the clock: the proposal of the month, papers."""

from datetime import timedelta

from qcc.infra.i18n import _l
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period
from qcc.meetings.documents import HTML_OF
from qcc.meetings.services.proposing import propose_all


def issue_papers() -> str:
    """Issue pending notices, attendance sheets and minutes."""
    return f"{issue_pending(HTML_OF)} issued"


def propose(period: Period) -> str:
    """On the first of a month, the meeting of each center that has proposed none."""
    return f"{propose_all(period.day)} proposed" if period.day.day == 1 else "not today"


JOBS = (
    Queue(
        "meetings.issue_papers",
        issue_papers,
        timedelta(seconds=3),
        _l("Papers of meetings to issue"),
    ),
    Job("meetings.propose", propose, at=timedelta(hours=8), title=_l("Meetings of the month")),
)
