"""Housekeeping of the ground, by the clock."""

from datetime import timedelta

from qcc.infra import audit
from qcc.infra.db import db, transaction
from qcc.infra.files import sweep_orphans
from qcc.infra.idempotency import forget_old_keys
from qcc.infra.scheduler import Job, forget_old_runs

DAY = timedelta(days=1)


def verify_audit() -> str:
    """Walk the audit chain each night; a break is an error in the log and in the run's outcome."""
    breaks = list(audit.verify(db.session))
    db.session.rollback()
    if breaks:
        raise RuntimeError(f"audit chain: {len(breaks)} breaks, first at event {breaks[0].seq}")
    return "whole"


def tidy() -> str:
    """Forget used keys, old runs and files that no row names."""
    with transaction():
        keys = forget_old_keys()
        orphans = sweep_orphans()
    return f"{keys} keys, {forget_old_runs()} runs, {orphans} files"


JOBS = (Job("infra.verify_audit", verify_audit, DAY), Job("infra.tidy", tidy, DAY))
