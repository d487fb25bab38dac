"""Work of assessments for the clock: results become final, proposals are looked at again."""

from datetime import timedelta

from qcc.evaluations.services.appealing import finalize_all
from qcc.evaluations.services.due import (
    remind_of_documents,
    remind_of_reviews,
    remind_of_tasks,
)
from qcc.evaluations.services.proposing import look_again
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.scheduler import Job
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


JOBS = (
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
)
