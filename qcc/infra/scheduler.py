"""The clock's edge: one process runs the jobs; a job runs once for each of its periods.

A row (job, period) is claimed before the work, so that a second scheduler started by mistake does
nothing twice. The only place that knows APScheduler.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import Model, db, transaction
from qcc.kernel.dates import SHANGHAI

log = logging.getLogger(__name__)


class JobRun(Model):
    """A job's claim on one period, and how it ended."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(200), default="")


@dataclass(frozen=True, slots=True)
class Job:
    """Work for the clock: *run* opens its own transactions and returns a word about the outcome.

    *every* is the length of a period; a daily job's period is a date in Asia/Shanghai.
    """

    name: str
    run: Callable[[], object]
    every: timedelta

    def period(self, moment: datetime) -> str:
        """The period at which *moment* falls."""
        local = moment.astimezone(SHANGHAI)
        if self.every >= timedelta(days=1):
            return local.date().isoformat()
        seconds = int(self.every.total_seconds())
        return datetime.fromtimestamp(
            int(moment.timestamp()) // seconds * seconds, SHANGHAI
        ).isoformat()

    @property
    def is_recorded(self) -> bool:
        """Jobs of less than a minute are queues: they find nothing to do twice by themselves."""
        return self.every >= timedelta(minutes=1)


def run_once(job: Job) -> bool:
    """Run the job for the present period unless that was claimed; returns whether it ran."""
    if not job.is_recorded:
        job.run()
        return True
    period = job.period(clock.now())
    try:
        with transaction() as session:
            session.add(JobRun(job=job.name, period=period, started_at=clock.now()))
    except IntegrityError:
        return False
    try:
        outcome = str(job.run() or "done")
    except Exception as error:
        outcome = f"failed: {type(error).__name__}"
        log.exception("job %s failed", job.name)
    with transaction() as session:
        session.execute(
            sa.update(JobRun)
            .filter_by(job=job.name, period=period)
            .values(ended_at=clock.now(), outcome=outcome[:200])
        )
    return True


def run_forever(app: Flask, jobs: Sequence[Job]) -> None:
    """Run the jobs until the process is told to stop. Daily jobs are looked at every minute, so
    that a machine that slept over midnight catches up."""
    # A queue that is still at work when its next turn comes is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(timezone=SHANGHAI)

    def in_context(job: Job) -> Callable[[], None]:
        def work() -> None:
            with app.app_context():
                try:
                    run_once(job)
                except Exception:
                    log.exception("job %s failed", job.name)
                finally:
                    db.session.remove()

        return work

    for job in jobs:
        scheduler.add_job(
            in_context(job),
            IntervalTrigger(seconds=min(60, max(1, int(job.every.total_seconds())))),
            id=job.name,
            max_instances=1,
            coalesce=True,
            next_run_time=clock.now(),
        )
    scheduler.start()


def forget_old_runs() -> int:
    """Delete records of runs that are older than 90 days."""
    limit = clock.now() - timedelta(days=90)
    with transaction() as session:
        return session.execute(sa.delete(JobRun).where(JobRun.started_at < limit)).rowcount  # type: ignore[attr-defined,no-any-return]
