"""Work of panels for the clock: terms, the nightly check, papers."""

from datetime import timedelta

from qcc.experts.services.terms import age_panels, check_all_panels
from qcc.infra.scheduler import Job

DAY = timedelta(days=1)

JOBS = (
    Job("experts.age_panels", age_panels, DAY),
    Job("experts.check_all_panels", check_all_panels, DAY),
)
