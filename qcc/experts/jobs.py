"""Work of panels for the clock: terms, the nightly check, papers."""

from datetime import timedelta

from qcc.experts.documents import HTML_OF
from qcc.experts.services.moves import follow_moves
from qcc.experts.services.terms import age_panels, check_all_panels
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job

DAY = timedelta(days=1)


def issue_papers() -> str:
    """Issue pending rosters and letters."""
    return f"{issue_pending(HTML_OF)} issued"


JOBS = (
    Job("experts.issue_papers", issue_papers, timedelta(seconds=3)),
    Job("experts.age_panels", age_panels, DAY),
    Job("experts.follow_moves", follow_moves, DAY),
    Job("experts.check_all_panels", check_all_panels, DAY),
)
