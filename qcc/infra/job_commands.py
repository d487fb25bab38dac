"""Commands about work by the clock: what there is, and running it by hand."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from qcc.infra import clock
from qcc.infra.job_pages import works
from qcc.infra.scheduler import Job, Work, due, outcome_of, run_period, summaries
from qcc.kernel.dates import legal_date, start_of_day
from qcc.kernel.periods import period_at

jobs_group = AppGroup("jobs", help="Work by the clock.")


@jobs_group.command("list")
def list_jobs() -> None:
    """Each job: how often, its newest run, and how many attempts failed since."""
    found = summaries()
    for work in works().values():
        known = found.get(work.name)
        run = known and known.run
        last = f"{run.period} {run.outcome}" if run else "queue" if not _is_job(work) else "never"
        failed = f", {known.failures} failed since" if known and known.failures else ""
        click.echo(f"{work.name:32} every {work.every}  {last}{failed}")


def _is_job(work: Work) -> bool:
    return isinstance(work, Job)


@jobs_group.command("run")
@click.argument("name")
@click.option("--on", help="The day to run it for, as YYYY-MM-DD; today if none is given.")
def run_job(name: str, on: str | None) -> None:
    """Run a job for a day, or a queue once; a day is done once, whoever does it."""
    work = works().get(name)
    if work is None:
        raise click.ClickException(f"There is no job {name}; see: flask jobs list")
    if not isinstance(work, Job):
        click.echo(f"{name}: {work.run() or 'done'}")
        return
    period = period_at(_moment(on), work.every)
    if any(missed < period for missed in due(work, clock.now())):
        raise click.ClickException("Earlier days were missed: they are made up for in order.")
    if outcome_of(work, period) is not None:
        click.echo(f"{name} {period.name}: was done before")
    elif run_period(work, period):
        click.echo(f"{name} {period.name}: {outcome_of(work, period)}")
    else:
        raise click.ClickException(f"{name} {period.name} failed; the log says why")


def _moment(on: str | None) -> datetime:
    if on is None:
        return clock.now()
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise click.ClickException("--on is a day, written YYYY-MM-DD") from error
    if day > legal_date(clock.now()):
        raise click.ClickException("--on lies in the future")
    return start_of_day(day)
