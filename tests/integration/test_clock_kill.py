"""A scheduler killed with -9 at any moment, alone or beside a second one: each period has one
effect, none is left out, and they come in order."""

import subprocess
import sys
from collections import Counter

import sqlalchemy as sa
from flask import Flask

import config
from qcc.accounts.models import FailedSignIn
from qcc.infra.db import db
from qcc.infra.scheduler import JobFailure, JobRun
from qcc.kernel.periods import periods_due
from tests.clockwork import EVERY, JOB


def killed(app: Flask, kills: int, schedulers: int) -> None:
    db.session.remove()
    db.engine.dispose()
    subprocess.run(
        [
            sys.executable, "-m", "tests.clockwork", app.config["SQLALCHEMY_DATABASE_URI"],
            app.config["DATA_DIR"], str(kills), str(schedulers),
        ],
        cwd=config.ROOT, check=True, timeout=300,
    )  # fmt: skip


def require_one_effect_each() -> int:
    """Whether runs and effects are those of all periods from the first to the last; how many."""
    rows = db.session.execute(
        sa.select(FailedSignIn.account, FailedSignIn.source).order_by(FailedSignIn.id)
    ).all()
    done = list(
        db.session.execute(
            sa.select(JobRun.period, JobRun.started_at).filter_by(job=JOB.name, outcome="done")
            .order_by(JobRun.period)
        )
    )  # fmt: skip
    names = [period for period, _at in done]
    last = next(iter(periods_due(None, done[-1].started_at, EVERY)))
    expected = [names[0], *(p.name for p in periods_due(names[0], last.begins, EVERY))]
    assert names == [name for name in expected if name <= names[-1]]
    assert rows == [(name, half) for name in names for half in ("first", "second")]
    assert set(Counter(rows).values()) == {1}
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(JobFailure))
    return len(names)


def test_killed_at_any_moment(app: Flask) -> None:
    killed(app, kills=30, schedulers=1)
    assert require_one_effect_each() > 10


def test_two_at_once_killed_at_any_moment(app: Flask) -> None:
    killed(app, kills=20, schedulers=2)
    assert require_one_effect_each() > 10
