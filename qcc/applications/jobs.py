"""Work of applications for the clock: rendering the papers that were asked for."""

from datetime import timedelta

from qcc.applications.documents import HTML_OF
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job


def issue_papers() -> str:
    """Issue pending forms and decisions."""
    return f"{issue_pending(HTML_OF)} issued"


JOBS = (Job("applications.issue_papers", issue_papers, timedelta(seconds=3)),)
