"""Work of assessments for the clock: results become final, proposals are looked at again."""

from datetime import timedelta

from qcc.evaluations import rectification_documents, violation_documents
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
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period


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


HTML_OF = {**rectification_documents.HTML_OF, **violation_documents.HTML_OF}


def issue_orders() -> str:
    """Issue pending rectification orders, and decisions on violations."""
    return f"{issue_pending(HTML_OF)} issued"


def lapse(_period: Period) -> object:
    """Rectification orders and cases that nothing stands behind any more."""
    return _(
        "Orders and cases that no longer stand: %(count)s", count=lapse_fallen() + lapse_cases()
    )


def rectifications(period: Period) -> object:
    """Rectifications due and overdue."""
    return _("Reminders: %(count)s", count=remind_of_rectifications(period.day))


JOBS = (
    Queue(
        "evaluations.issue_orders",
        issue_orders,
        timedelta(seconds=3),
        _l("Rectification orders and decisions on violations to issue"),
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
