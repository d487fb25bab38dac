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
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from qcc.cli import JOBS
from qcc.infra.db import db, transaction
from qcc.infra.jobs import tidy, verify_audit
from qcc.infra.scheduler import Job, JobRun, forget_old_runs, run_once
from qcc.kernel.dates import SHANGHAI
from tests.conftest import Clock
from tests.crowds import at_once

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def _runs() -> list[JobRun]:
    db.session.rollback()
    rows = list(db.session.scalars(sa.select(JobRun).order_by(JobRun.job, JobRun.period)))
    db.session.expunge_all()  # the next run begins with a session of its own
    return rows


def _counting() -> tuple[list[int], Callable[[], str]]:
    done: list[int] = []

    def run() -> str:
        done.append(1)
        return f"{len(done)} done"

    return done, run


# --- once for each period ---


@pytest.mark.usefixtures("clock")
def test_a_job_runs_once_in_its_period(app: Flask) -> None:
    done, run = _counting()
    job = Job("test.daily", run, DAY)
    assert run_once(job)
    assert not run_once(job)
    assert len(done) == 1
    (row,) = _runs()
    assert (row.job, row.period, row.outcome) == ("test.daily", "2026-03-02", "1 done")
    assert row.ended_at is not None


def test_the_next_period_is_another(app: Flask, clock: Clock) -> None:
    done, run = _counting()
    for _ in range(3):
        run_once(Job("test.daily", run, DAY))
        clock.forward(DAY)
    assert len(done) == 3


@pytest.mark.usefixtures("clock")
def test_of_many_schedulers_at_once_one_runs_it(app: Flask) -> None:
    done, run = _counting()
    job = Job("test.daily", run, DAY)
    outcomes = at_once(app, [lambda: run_once(job)] * 12)
    assert sorted(outcomes) == [False] * 11 + [True]
    assert len(done) == 1
    assert len(_runs()) == 1


@pytest.mark.usefixtures("clock")
def test_queues_are_asked_each_time_and_leave_no_record(app: Flask) -> None:
    done, run = _counting()
    job = Job("test.queue", run, timedelta(seconds=3))
    assert run_once(job)
    assert run_once(job)
    assert len(done) == 2
    assert _runs() == []


@pytest.mark.parametrize(
    ("every", "moment", "period"),
    [
        (DAY, datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), "2026-03-01"),
        (DAY, datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), "2026-03-02"),
        (HOUR, datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), "2026-03-01T23:00:00+08:00"),
        (HOUR, datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), "2026-03-02T00:00:00+08:00"),
        (timedelta(minutes=5), datetime(2026, 3, 2, 9, 7, tzinfo=SHANGHAI), "2026-03-02T09:05"),
    ],
)
def test_a_day_is_a_legal_day(every: timedelta, moment: datetime, period: str) -> None:
    assert Job("test", lambda: None, every).period(moment).startswith(period)


# --- failing ---


@pytest.mark.usefixtures("clock")
def test_a_failing_job_is_on_record_and_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("the inner detail")

    with caplog.at_level(logging.ERROR):
        assert run_once(Job("test.failing", fail, DAY))
    (row,) = _runs()
    assert row.outcome == "failed: OSError"
    assert row.ended_at is not None
    assert "the inner detail" in caplog.text
    assert not run_once(Job("test.failing", fail, DAY)), "it is not tried all day long"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("where", ["in a transaction", "with a broken session"])
def test_what_a_failing_job_left_behind_hurts_no_other(app: Flask, where: str) -> None:
    def fail() -> None:
        with transaction() as session:
            session.add(JobRun(job="half", period="done", started_at=datetime.now(UTC)))
            session.flush()
            if where == "in a transaction":
                raise RuntimeError
            session.execute(sa.text("SELECT * FROM no_such_table"))

    done, run = _counting()
    for job in (Job("test.failing", fail, DAY), Job("test.other", run, DAY)):
        run_once(job)
    assert len(done) == 1
    assert [row.job for row in _runs()] == ["test.failing", "test.other"]


@pytest.mark.usefixtures("clock")
def test_a_long_outcome_is_cut(app: Flask) -> None:
    run_once(Job("test.wordy", lambda: "字" * 500, DAY))
    (row,) = _runs()
    assert len(row.outcome) == 200


def test_old_records_are_forgotten(app: Flask, clock: Clock) -> None:
    run_once(Job("test.daily", lambda: None, DAY))
    clock.forward(timedelta(days=90))
    run_once(Job("test.daily", lambda: None, DAY))
    assert forget_old_runs() == 0
    clock.forward(SECOND)
    assert forget_old_runs() == 1
    assert len(_runs()) == 1


# --- the product's own jobs ---


def test_jobs_have_names_of_their_own_and_sensible_periods() -> None:
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    for job in JOBS:
        assert len(job.name) <= 60
        assert job.every == DAY or job.every <= timedelta(minutes=1), job.name


@pytest.mark.usefixtures("clock")
def test_every_job_runs_on_an_empty_database(app: Flask) -> None:
    for job in JOBS:
        run_once(job)
    assert [row.job for row in _runs() if row.outcome.startswith("failed")] == []


@pytest.mark.usefixtures("clock")
def test_a_broken_chain_makes_the_nightly_check_fail(app: Flask) -> None:
    assert verify_audit() == "whole"
    assert tidy() == "0 keys, 0 runs, 0 files"
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET count = 7")
    run_once(Job("infra.verify_audit", verify_audit, DAY))
    (row,) = _runs()
    assert row.outcome == "failed: RuntimeError"


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
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler", "run"]
    processes = [
        subprocess.Popen(command, cwd=config.ROOT, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        rows = _wait_for_rows(file, len([job for job in JOBS if job.is_recorded]))
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=30)[1] for process in processes]
    assert sorted(job for job, _period, _outcome in rows) == sorted(
        job.name for job in JOBS if job.is_recorded
    )
    assert not [row for row in rows if row[2].startswith("failed")], said
    assert not any("Traceback" in text for text in said), said


def _wait_for_rows(file: Path, wanted: int) -> list[tuple[str, str, str]]:
    deadline = time.monotonic() + 60
    query = "SELECT job, period, outcome FROM job_runs WHERE ended_at IS NOT NULL"
    while time.monotonic() < deadline:
        connection = sqlite3.connect(file)
        rows = connection.execute(query).fetchall()
        connection.close()
        if len(rows) >= wanted:
            return rows
        time.sleep(0.2)
    raise AssertionError(f"only {rows} after a minute")
