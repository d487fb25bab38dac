"""Jobs by the clock: once for each period however many schedulers run, and one that fails neither
goes unnoticed nor stops the others."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from qcc.accounts.models import FailedSignIn
from qcc.cli import JOBS
from qcc.infra.clock import now as clock_now
from qcc.infra.db import db
from qcc.infra.jobs import tidy
from qcc.infra.scheduler import GIVE_UP_AFTER, KEPT, Job, JobFailure, JobRun, run_due
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.periods import Period
from tests.conftest import Clock
from tests.crowds import at_once
from tests.nightly import tonight

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
DAILY = [job.name for job in JOBS if isinstance(job, Job)]


def _runs() -> list[JobRun]:
    db.session.rollback()
    rows = list(db.session.scalars(sa.select(JobRun).order_by(JobRun.job, JobRun.period)))
    db.session.expunge_all()  # the next run begins with a session of its own
    return rows


def _failures() -> list[JobFailure]:
    db.session.rollback()
    rows = list(db.session.scalars(sa.select(JobFailure).order_by(JobFailure.id)))
    db.session.expunge_all()
    return rows


def _counting(*, fails: int = 0) -> tuple[list[str], Callable[[Period], str]]:
    """A job that writes down its periods, and fails so many times after it has."""
    done: list[str] = []
    left = [fails]

    def run(period: Period) -> str:
        db.session.add(FailedSignIn(account=period.name, source="job", at=clock_now()))
        db.session.flush()
        if left[0]:
            left[0] -= 1
            raise OSError("the inner detail")
        done.append(period.name)
        return f"{len(done)} done"

    return done, run


def _effects() -> list[str]:
    """The periods whose effect is in the database."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(FailedSignIn.account).order_by(FailedSignIn.id)))


# --- once for each period ---


@pytest.mark.usefixtures("clock")
def test_a_job_runs_once_in_its_period(app: Flask) -> None:
    done, run = _counting()
    job = Job("test.daily", run)
    assert run_due(job) == ["2026-03-02"]
    assert run_due(job) == []
    assert done == ["2026-03-02"]
    (row,) = _runs()
    assert (row.job, row.period, row.outcome) == ("test.daily", "2026-03-02", "1 done")
    assert row.ended_at is not None


def test_missed_days_are_caught_up_in_order(app: Flask, clock: Clock) -> None:
    done, run = _counting()
    job = Job("test.daily", run)
    run_due(job)
    clock.forward(3 * DAY)
    assert run_due(job) == ["2026-03-03", "2026-03-04", "2026-03-05"]
    assert _effects() == done == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_job_of_the_morning_waits_for_the_morning(app: Flask, clock: Clock) -> None:
    _done, run = _counting()
    job = Job("test.morning", run, at=timedelta(hours=7))
    clock.set(datetime(2026, 3, 1, 7, 0, tzinfo=SHANGHAI))
    assert run_due(job) == ["2026-03-01"]
    clock.set(datetime(2026, 3, 2, 6, 59, 59, tzinfo=SHANGHAI))
    assert run_due(job) == []
    clock.set(datetime(2026, 3, 2, 7, 0, tzinfo=SHANGHAI))
    assert run_due(job) == ["2026-03-02"]


@pytest.mark.usefixtures("clock")
def test_of_many_schedulers_at_once_one_runs_it(app: Flask) -> None:
    _done, run = _counting()
    job = Job("test.daily", run)
    outcomes = at_once(app, [lambda: run_due(job)] * 12)
    assert sorted(outcomes) == [[]] * 11 + [["2026-03-02"]]
    assert _effects() == ["2026-03-02"]
    assert len(_runs()) == 1


def test_two_schedulers_for_twenty_periods(app: Flask, clock: Clock) -> None:
    _done, run = _counting()
    job = Job("test.daily", run)
    days = []
    for _ in range(20):
        days.append(clock.moment.date().isoformat())
        outcomes = at_once(app, [lambda: run_due(job)] * 2)
        assert sorted(outcomes) == [[], [days[-1]]]
        clock.forward(DAY)
    assert _effects() == days


@pytest.mark.usefixtures("clock")
def test_what_is_gathered_before_is_given_to_the_work(app: Flask) -> None:
    job = Job("test.two", lambda period, found: f"{period.name} {found}", gather=lambda p: p.day)
    run_due(job)
    assert _runs()[0].outcome == "2026-03-02 2026-03-02"


# --- failing ---


def test_a_failing_job_leaves_nothing_and_is_tried_again_later(
    app: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    done, run = _counting(fails=2)
    job = Job("test.failing", run)
    with caplog.at_level(logging.ERROR):
        assert run_due(job) == []
    assert (_runs(), _effects()) == ([], [])
    assert "the inner detail" in caplog.text
    assert [row.error for row in _failures()] == ["OSError: the inner detail"]
    assert run_due(job) == []
    assert len(_failures()) == 1, "a minute has not passed"
    clock.forward(MINUTE)
    assert run_due(job) == []
    assert len(_failures()) == 2
    clock.forward(2 * MINUTE - SECOND)
    assert run_due(job) == []
    assert len(_failures()) == 2, "two minutes have not passed"
    clock.forward(SECOND)
    assert run_due(job) == ["2026-03-02"]
    assert _effects() == done == ["2026-03-02"]


def test_what_comes_later_waits_for_what_failed(app: Flask, clock: Clock) -> None:
    done, run = _counting(fails=1)
    job = Job("test.failing", run)
    run_due(job)
    clock.forward(DAY)
    assert run_due(job) == ["2026-03-02", "2026-03-03"]
    _later, fails = _counting(fails=1)
    clock.forward(DAY)
    run_due(Job("test.failing", fails))
    clock.forward(DAY)
    assert run_due(job) == ["2026-03-04", "2026-03-05"]
    assert done == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_what_fails_for_ever_is_given_up_and_stops_nothing(app: Flask, clock: Clock) -> None:
    done, run = _counting(fails=GIVE_UP_AFTER)
    job = Job("test.failing", run)
    for attempt in range(GIVE_UP_AFTER):
        run_due(job)
        clock.forward(timedelta(minutes=2**attempt))
    (row,) = _runs()
    assert (row.outcome, row.ended_at) == ("given up", None)
    clock.forward(DAY)
    assert run_due(job) == ["2026-03-03"]
    assert _effects() == done == ["2026-03-03"]


@pytest.mark.usefixtures("clock")
def test_what_a_failing_job_left_behind_hurts_no_other(app: Flask) -> None:
    def fail(_period: Period) -> None:
        db.session.execute(sa.text("SELECT * FROM no_such_table"))

    done, run = _counting()
    for job in (Job("test.failing", fail), Job("test.other", run)):
        run_due(job)
    assert len(done) == 1
    assert [row.job for row in _runs()] == ["test.other"]


@pytest.mark.usefixtures("clock")
def test_a_long_outcome_is_cut(app: Flask) -> None:
    run_due(Job("test.wordy", lambda _period: "字" * 500))
    (row,) = _runs()
    assert len(row.outcome) == 200


def test_old_records_are_forgotten(app: Flask, clock: Clock) -> None:
    run_due(Job("test.daily", lambda _period: None))
    clock.forward(KEPT)
    assert "0 条执行记录" in tonight(tidy)
    clock.forward(SECOND)
    assert "1 条执行记录" in tonight(tidy)
    assert _runs() == []


# --- the product's own jobs ---


def test_jobs_have_names_of_their_own_and_sensible_periods() -> None:
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    for job in JOBS:
        assert len(job.name) <= 60
        assert isinstance(job, Job) or job.every <= MINUTE, job.name


@pytest.mark.usefixtures("clock")
def test_every_job_runs_on_an_empty_database(app: Flask) -> None:
    for job in JOBS:
        run_due(job) if isinstance(job, Job) else job.run()
    assert [row.job for row in _failures()] == []
    assert [row.job for row in _runs()] == sorted(DAILY)


@pytest.mark.usefixtures("clock")
def test_a_broken_chain_makes_the_nightly_check_fail(app: Flask) -> None:
    (job,) = [job for job in JOBS if job.name == "infra.verify_audit"]
    assert isinstance(job, Job)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET count = 7")
    assert run_due(job) == []
    assert "audit chain broken" in _failures()[0].error


# --- the real thing ---


@pytest.mark.parametrize("engine_kind", ["sqlite"])  # the processes open the file themselves
def test_two_real_schedulers_do_each_days_work_once(app: Flask, tmp_path: Path) -> None:
    """Started together, seen through their records, ended by a signal."""
    file = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    env = {
        **os.environ,
        "QCC_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{file}",
        "SECRET_KEY": "of this trial, and long enough to be taken",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"]
    processes = [
        subprocess.Popen(command, cwd=config.ROOT, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        rows = _wait_for_rows(file, len(DAILY))
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=30)[1] for process in processes]
    assert sorted(job for job, _period, _outcome in rows) == sorted(DAILY)
    assert not any("Traceback" in text for text in said), said


def _wait_for_rows(file: Path, wanted: int) -> list[tuple[str, str, str]]:
    deadline = time.monotonic() + 240
    query = "SELECT job, period, outcome FROM job_runs WHERE ended_at IS NOT NULL"
    while time.monotonic() < deadline:
        connection = sqlite3.connect(file)
        rows = connection.execute(query).fetchall()
        connection.close()
        if len(rows) >= wanted:
            return rows
        time.sleep(0.2)
    raise AssertionError(f"only {rows} after four minutes")


def test_what_comes_after_others_waits_for_them(app: Flask, clock: Clock) -> None:
    """The digest of a day goes out when the reminders of that day are written, or given up."""
    _done, write = _counting(fails=1)
    sent, send = _counting()
    writing, sending = Job("test.write", write), Job("test.send", send, after=("test.write",))
    assert run_due(sending) == []
    assert run_due(writing) == []  # it fails
    assert run_due(sending) == []
    clock.forward(MINUTE)
    assert run_due(writing) == ["2026-03-02"]
    assert run_due(sending) == ["2026-03-02"]
    clock.forward(2 * DAY)
    assert run_due(sending) == []
    assert run_due(writing) == ["2026-03-03", "2026-03-04"]
    assert run_due(sending) == ["2026-03-03", "2026-03-04"]
    assert sent == ["2026-03-02", "2026-03-03", "2026-03-04"]
