"""Work of assessments: by the clock, results become final and proposals are looked at again; by the
queue, annual reports are made."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from qcc.evaluations import rectification_documents, violation_documents
from qcc.evaluations.documents import annual_report
from qcc.evaluations.documents.official import HTML_OF as PAPERS
from qcc.evaluations.queries.annual_report import read_center_year
from qcc.evaluations.queries.reports import get_report, get_reported_center
from qcc.evaluations.services import reporting
from qcc.evaluations.services.appealing import finalize_all
from qcc.evaluations.services.due import (
    remind_of_documents,
    remind_of_reviews,
    remind_of_tasks,
)
from qcc.evaluations.services.ordering import lapse_fallen
from qcc.evaluations.services.proposing import look_again
from qcc.evaluations.services.rectification_due import remind_of_rectifications
from qcc.evaluations.services.violation_lapses import lapse_cases
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.papers import issue_pending
from qcc.infra.queue import Progress, TaskKind
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period
from qcc.kernel.permissions import Actor


def finalize(period: Period) -> object:
    """Results against which nobody appealed in time; two failed years in a row are proposed."""
    return _("Results that became final: %(count)s", count=finalize_all(period.day))


def look(_period: Period) -> object:
    """Proposed revocations that no longer stand lapse."""
    return _("Revocations to be decided: %(count)s", count=look_again())


def documents(period: Period) -> object:
    """Yearly documents due and overdue."""
    return _("Reminders: %(count)s", count=remind_of_documents(period.day))


def tasks(period: Period) -> object:
    """Assigned tasks due and overdue."""
    return _("Reminders: %(count)s", count=remind_of_tasks(period.day))


def reviews(period: Period) -> object:
    """Internal rules and findings to be looked at again."""
    return _("Reminders: %(count)s", count=remind_of_reviews(period.day))


HTML_OF = {**PAPERS, **rectification_documents.HTML_OF, **violation_documents.HTML_OF}


def lapse(_period: Period) -> object:
    """Rectification orders and cases that nothing stands behind any more."""
    return _(
        "Orders and cases that no longer stand: %(count)s", count=lapse_fallen() + lapse_cases()
    )


def rectifications(period: Period) -> object:
    """Rectifications due and overdue."""
    return _("Reminders: %(count)s", count=remind_of_rectifications(period.day))


def issue_papers() -> str:
    """Issue pending results, revocations, commendations, orders and decisions on violations."""
    return f"{issue_pending(HTML_OF)} issued"


# --- the queue ---


def make_report(actor: Actor, params: Mapping[str, Any], tell: Progress) -> bytes:
    """The year is read, the report is set. While it is set nothing is open."""
    tell(0, 2)
    report = get_report(actor, params["code"])
    center = get_reported_center(actor, report.center_id)
    year = read_center_year(center, report.year, clock.today())
    db.session.rollback()
    tell(1, 2)
    return annual_report.pdf(year)


def make_pack(actor: Actor, params: Mapping[str, Any], tell: Progress) -> bytes:
    """All reports of a batch in one file."""
    tell(0, 1)
    return reporting.pack(actor, params["code"])


TASKS = (
    TaskKind(reporting.MAKE, make_report, reporting.keep_report, _l("Annual report")),
    TaskKind(
        reporting.MAKE_PART, make_report, reporting.keep_report, _l("Annual report"), quiet=True
    ),
    TaskKind(reporting.PACK, make_pack, reporting.keep_pack, _l("Annual reports of all centers")),
)

JOBS = (
    Queue(
        "evaluations.issue_papers",
        issue_papers,
        timedelta(seconds=3),
        _l("Assessment papers to issue"),
    ),
    Job(
        "evaluations.finalize",
        finalize,
        title=_l("Results that become final after the days of appeal"),
    ),
    Job(
        "evaluations.look_again",
        look,
        at=timedelta(hours=1),
        title=_l("Proposed revocations looked at again"),
    ),
    Job(
        "evaluations.remind_of_documents",
        documents,
        at=MORNING,
        title=_l("Yearly documents due and overdue"),
    ),
    Job(
        "evaluations.remind_of_tasks",
        tasks,
        at=MORNING,
        title=_l("Assigned tasks due and overdue"),
    ),
    Job(
        "evaluations.remind_of_reviews",
        reviews,
        at=MORNING,
        title=_l("Internal rules and visits to be looked at again"),
    ),
    Job(
        "evaluations.lapse_orders",
        lapse,
        at=timedelta(hours=1),
        title=_l("Rectification orders and cases that nothing stands behind any more"),
    ),
    Job(
        "evaluations.remind_of_rectifications",
        rectifications,
        at=MORNING,
        title=_l("Rectifications due and overdue"),
    ),
)
