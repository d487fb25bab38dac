"""Work of applications for the clock: papers, reminders, and closing what came to nothing."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from qcc.applications.documents import HTML_OF
from qcc.applications.queries.calls import list_lapsed_centers
from qcc.applications.services import lapse_by_clock
from qcc.applications.services.archiving import ZipMade, make_zip, note_zip
from qcc.applications.services.reminding import clear_drafts, remind_of_ends
from qcc.infra import clock, files
from qcc.infra.db import db, transaction
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.papers import issue_pending
from qcc.infra.queue import Outcome, Progress, TaskKind
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period
from qcc.kernel.permissions import Actor


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


def ends(period: Period) -> object:
    """Calls that close, and corrections that are due."""
    return _("Reminders: %(count)s", count=remind_of_ends(period.day))


def drafts(period: Period) -> object:
    """Drafts that came to nothing long ago."""
    return _("Removed: %(count)s drafts", count=clear_drafts(period.day))


def make_archive(actor: Actor, params: Mapping[str, Any], tell: Progress) -> tuple[ZipMade, bytes]:
    """The file of a competition, packed; it is read for as long as it takes, and nothing waits."""
    tell(0, 2)
    target = BytesIO()
    made = make_zip(actor, params["code"], target)
    tell(1, 2)
    return made, target.getvalue()


def keep_archive(
    actor: Actor, params: Mapping[str, Any], prepared: tuple[ZipMade, bytes]
) -> Outcome:
    """Keep it, sealed, for who asked; that they take it out is on record."""
    made, data = prepared
    note_zip(actor, made)
    kept = files.keep(data, made.name, "zip", actor.organization_id, actor.user_id, sealed=True)
    return Outcome(file=kept, link=f"/competitions/{params['code']}")


TASKS = (TaskKind("applications.archive", make_archive, keep_archive, _l("File of a competition")),)

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
    Job(
        "applications.remind_of_ends",
        ends,
        at=MORNING,
        title=_l("Calls that close and corrections that are due"),
    ),
    Job("applications.clear_drafts", drafts, title=_l("Drafts of calls of long ago")),
)
