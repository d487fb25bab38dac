"""The clock's edge: one process runs the jobs; a job has one effect in each of its periods.

The row (job, period) is claimed in the transaction of the effect: two schedulers, a restart or a
kill give one effect, never none and never two. Periods that were missed are caught up in order. The
only place that knows APScheduler.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import SQLITE_COLUMNS, Key, Model, db, transaction, violates
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.periods import DAY, Period, period_named, periods_due

log = logging.getLogger(__name__)

LOOKED_AT_EVERY = timedelta(minutes=1)
"""How often the clock looks whether a period of a job is due."""

OTHERS_LOOKED_AT_EVERY = timedelta(seconds=10)
"""The same for one that waits for other jobs: they are done a moment later."""

GIVE_UP_AFTER = 8
"""So many failures, and the periods that follow go on without this one; over two hours by then."""

KEPT = timedelta(days=400)
"""How long the records of runs and failures are kept: longer than any outage that is caught up."""


class JobRun(Model):
    """A job's claim on one period, and what came of it."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def seconds(self) -> float | None:
        """How long it took; None if it was given up."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


SQLITE_COLUMNS["pk_job_runs"] = "job_runs.job, job_runs.period"


class JobFailure(Model):
    """An attempt at a period that failed, and of which nothing remained."""

    __tablename__ = "job_failures"
    __table_args__ = (sa.Index("ix_job_failures_period", "job", "period", "at"),)

    id: Mapped[Key]
    job: Mapped[str] = mapped_column(sa.String(60))
    period: Mapped[str] = mapped_column(sa.String(40))
    started_at: Mapped[datetime]
    at: Mapped[datetime]
    error: Mapped[str] = mapped_column(sa.String(200))

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Job:
    """What is done once in each period. *run* is given the period, does its work in the transaction
    in which that is claimed, and returns a word about the outcome.

    *at* is how long after its beginning a period is due: people are told of things in the morning.
    *gather* reads what takes long, before the transaction; *run* is given that too. *after*: the
    names of jobs that are done for a period before this one is.
    """

    name: str
    run: Callable[..., object]
    every: timedelta = DAY
    at: timedelta = timedelta(0)
    gather: Callable[[Period], Any] | None = None
    title: Any = ""
    """How administrators read its name."""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """What is looked through again and again, and finds nothing to do twice by itself. *run* opens
    its own transactions."""

    name: str
    run: Callable[[], object]
    every: timedelta
    title: Any = ""


Work = Job | Queue


def run_due(job: Job) -> list[str]:
    """Run the job for each period that is due, in order; the names of those that were run here.

    After one that failed nothing goes on before its next attempt.
    """
    ran = []
    for period in due(job, clock.now()):
        if _waits(job, period) or not _others_are_done(job, period):
            break
        if run_period(job, period):
            ran.append(period.name)
        elif outcome_of(job, period) is None:
            break
    return ran


def due(job: Job, moment: datetime) -> Iterator[Period]:
    """The periods of the job that nobody has run yet, in order, up to the moment; a new job begins
    with the present one."""
    last = db.session.scalar(sa.select(sa.func.max(JobRun.period)).filter_by(job=job.name))
    first = db.session.scalar(sa.select(sa.func.min(JobFailure.period)).filter_by(job=job.name))
    db.session.rollback()
    if last is None and first is not None:
        yield period_named(first, job.every)
    yield from periods_due(last or first, moment - job.at, job.every)


def outcome_of(job: Job, period: Period) -> str | None:
    """What came of the period; None if it was neither run nor given up."""
    found = db.session.get(JobRun, (job.name, period.name))
    outcome = None if found is None else found.outcome
    db.session.rollback()
    return outcome


def run_period(job: Job, period: Period) -> bool:
    """Claim the period and do its work in one transaction; False if it was claimed before, or
    failed, which is on record then."""
    began = clock.now()
    try:
        gathered = () if job.gather is None else (job.gather(period),)
        with transaction() as session:
            session.execute(
                sa.insert(JobRun).values(
                    job=job.name, period=period.name, started_at=began, outcome=""
                )
            )
            outcome = str(job.run(period, *gathered) or "done")
            _end(job, period, outcome)
    except Exception as error:
        if isinstance(error, IntegrityError) and violates(error, "pk_job_runs"):
            return False
        log.exception("job %s failed for %s", job.name, period.name)
        _note_failure(job, period, began, error)
        return False
    return True


def _end(job: Job, period: Period, outcome: str) -> None:
    db.session.execute(
        sa.update(JobRun)
        .filter_by(job=job.name, period=period.name)
        .values(ended_at=clock.now(), outcome=outcome[:200])
    )


def _failures(job: Job, period: Period) -> sa.Select[int, datetime]:
    return sa.select(sa.func.count(), sa.func.max(JobFailure.at)).filter_by(
        job=job.name, period=period.name
    )


def _note_failure(job: Job, period: Period, began: datetime, error: Exception) -> None:
    """Put the attempt on record; after the last one the period is closed without an effect."""
    with transaction() as session:
        session.add(
            JobFailure(
                job=job.name,
                period=period.name,
                started_at=began,
                at=clock.now(),
                error=f"{type(error).__name__}: {error}"[:200],
            )
        )
        session.flush()
        count, _last = session.execute(_failures(job, period)).one()
        if count >= GIVE_UP_AFTER:
            session.add(
                JobRun(job=job.name, period=period.name, started_at=began, outcome="given up")
            )


def _waits(job: Job, period: Period) -> bool:
    """Whether the last attempt failed a short while ago: one minute, then two, four, eight, …"""
    count, last = db.session.execute(_failures(job, period)).one()
    db.session.rollback()
    return bool(count) and clock.now() < last + timedelta(minutes=2 ** (count - 1))


def _others_are_done(job: Job, period: Period) -> bool:
    """Whether the jobs that come before this one have done the period, or a later one."""
    if not job.after:
        return True
    done = db.session.scalar(
        sa.select(sa.func.count(sa.distinct(JobRun.job))).where(
            JobRun.job.in_(job.after), JobRun.period >= period.name
        )
    )
    db.session.rollback()
    return done == len(job.after)


def run_forever(app: Flask, works: Sequence[Work]) -> None:
    """Do the work until the process is told to stop."""
    # A queue that is still at work when its next turn comes is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(timezone=SHANGHAI)

    def in_context(work: Work) -> Callable[[], None]:
        def turn() -> None:
            with app.app_context():
                try:
                    run_due(work) if isinstance(work, Job) else work.run()
                except Exception:
                    log.exception("job %s failed", work.name)
                finally:
                    db.session.remove()

        return turn

    for work in works:
        looked_at = work.every
        if isinstance(work, Job):
            looked_at = OTHERS_LOOKED_AT_EVERY if work.after else LOOKED_AT_EVERY
        scheduler.add_job(
            in_context(work),
            IntervalTrigger(seconds=max(1, int(looked_at.total_seconds()))),
            id=work.name,
            max_instances=1,
            coalesce=True,
            next_run_time=clock.now(),
        )
    scheduler.start()


def forget_old_runs() -> int:
    """Delete what is on record of runs of long ago; how many runs."""
    limit = clock.now() - KEPT
    db.session.execute(sa.delete(JobFailure).where(JobFailure.at < limit))
    return db.session.execute(sa.delete(JobRun).where(JobRun.started_at < limit)).rowcount  # type: ignore[attr-defined,no-any-return]


class Summary(NamedTuple):
    """What is on record of a job: its newest run, and how many attempts failed after that."""

    run: JobRun | None
    failures: int


def summaries() -> dict[str, Summary]:
    """By job, what is on record."""
    newest = sa.select(JobRun.job, sa.func.max(JobRun.period).label("period")).group_by(JobRun.job)
    last = newest.subquery()
    runs = db.session.scalars(
        sa.select(JobRun).join(
            last, sa.and_(JobRun.job == last.c.job, JobRun.period == last.c.period)
        )
    )
    by_job = {run.job: run for run in runs}
    failed = db.session.execute(
        sa.select(JobFailure.job, sa.func.count().label("failures"))
        .outerjoin(last, last.c.job == JobFailure.job)
        .where(sa.or_(last.c.period.is_(None), JobFailure.period > last.c.period))
        .group_by(JobFailure.job)
    )
    counts = {row.job: row.failures for row in failed}
    return {
        job: Summary(by_job.get(job), counts.get(job, 0)) for job in by_job.keys() | counts.keys()
    }


def list_runs(job: str, after: str, limit: int) -> Sequence[JobRun]:
    """The runs of a job, newest first, those before the period named *after*."""
    found = sa.select(JobRun).filter_by(job=job).order_by(JobRun.period.desc()).limit(limit)
    return db.session.scalars(found.where(JobRun.period < after) if after else found).all()


def list_failures(job: str, limit: int) -> Sequence[JobFailure]:
    """The newest attempts of a job that failed."""
    found = sa.select(JobFailure).filter_by(job=job).order_by(JobFailure.id.desc()).limit(limit)
    return db.session.scalars(found).all()
