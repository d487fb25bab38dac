"""Housekeeping of the ground, by the clock."""

from datetime import timedelta

from qcc.infra import audit
from qcc.infra.db import db
from qcc.infra.files import sweep_orphans
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import forget_old_keys
from qcc.infra.queue import forget_old_tasks, send_lost
from qcc.infra.scheduler import Job, Queue, forget_old_runs
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
        "Removed: %(keys)s keys, %(runs)s runs, %(tasks)s tasks, %(files)s files",
        keys=forget_old_keys(),
        tasks=forget_old_tasks(),
        runs=forget_old_runs(),
        files=sweep_orphans(),
    )


def send_again() -> str:
    """Put lost tasks into the queue again."""
    return f"{send_lost()} sent again"


JOBS = (
    Job(
        "infra.verify_audit",
        note_head,
        gather=walk_audit,
        title=_l("The audit chain, and its head of the day"),
    ),
    Queue(
        "infra.send_lost_tasks",
        send_again,
        timedelta(seconds=30),
        _l("Tasks that a worker left undone"),
    ),
    Job("infra.tidy", tidy, title=_l("Keys, records and files that nobody needs")),
)
