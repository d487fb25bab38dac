"""Work of assessments for the clock: results become final, proposals are looked at again."""

from datetime import timedelta

from qcc.evaluations.services.appealing import finalize_all
from qcc.evaluations.services.proposing import look_again
from qcc.infra.i18n import _, _l
from qcc.infra.scheduler import Job
from qcc.kernel.periods import Period


def finalize(period: Period) -> object:
    """Results against which nobody appealed in time; two failed years in a row are proposed."""
    return _("Results that became final: %(count)s", count=finalize_all(period.day))


def look(_period: Period) -> object:
    """Proposed revocations that no longer stand lapse."""
    return _("Revocations to be decided: %(count)s", count=look_again())


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
)
