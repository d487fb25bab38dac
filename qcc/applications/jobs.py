"""Work of applications for the clock: rendering papers, and closing what came to nothing."""

from datetime import timedelta

from qcc.applications.documents import HTML_OF
from qcc.applications.queries.calls import list_lapsed_centers
from qcc.applications.services import lapse_by_clock
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.infra.i18n import _l
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Queue


def issue_papers() -> str:
    """Issue pending forms and decisions."""
    return f"{issue_pending(HTML_OF)} issued"


def lapse_calls() -> str:
    """Give back the centers of calls that closed and came to nothing, each by itself."""
    over = list_lapsed_centers(clock.now())
    db.session.rollback()
    given_back = 0
    for center_id in over:
        with transaction():
            given_back += lapse_by_clock(center_id)
    return f"{given_back} centers given back"


JOBS = (
    Queue(
        "applications.issue_papers",
        issue_papers,
        timedelta(seconds=3),
        _l("Forms and decisions to issue"),
    ),
    Queue(
        "applications.lapse_calls",
        lapse_calls,
        timedelta(minutes=1),
        _l("Calls that came to nothing"),
    ),
)
