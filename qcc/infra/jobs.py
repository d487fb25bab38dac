"""Housekeeping of the ground, by the clock."""

from qcc.infra import audit
from qcc.infra.db import db
from qcc.infra.files import sweep_orphans
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import forget_old_keys
from qcc.infra.scheduler import Job, forget_old_runs
from qcc.kernel.periods import Period


def walk_audit(_period: Period) -> str:
    """Walk the audit chain; its count and head, worth noting elsewhere. Raises RuntimeError if it
    is broken."""
    for found in audit.verify(db.session):
        raise RuntimeError(f"audit chain broken at event {found.seq}: {found.reason}")
    count, last = audit.head(db.session)
    return f"{count}:{last}"


def note_head(_period: Period, head: str) -> str:
    """Keep the head of the day with the run."""
    return head


def tidy(_period: Period) -> object:
    """Forget used keys, old runs and files that no row names."""
    return _(
        "Removed: %(keys)s keys, %(runs)s runs, %(files)s files",
        keys=forget_old_keys(),
        runs=forget_old_runs(),
        files=sweep_orphans(),
    )


JOBS = (
    Job(
        "infra.verify_audit",
        note_head,
        gather=walk_audit,
        title=_l("The audit chain, and its head of the day"),
    ),
    Job("infra.tidy", tidy, title=_l("Keys, records and files that nobody needs")),
)
