"""A scheduler that is killed again and again: python -m tests.clockwork URL FOLDER KILLS AT_ONCE

Each life runs a job whose periods last a second of a clock that runs ten times as fast, in the
product's own loop, until it is killed with -9 at a moment of chance. The effect of a period are two
rows that carry its name.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from qcc.accounts.models import FailedSignIn
from qcc.app import create_app
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.scheduler import Job, run_due
from qcc.kernel.periods import Period
from tests.databases import settings

EVERY = timedelta(seconds=1)


def effect(period: Period) -> str:
    """Two rows with time between them: a kill falls before, between and after."""
    for half in ("first", "second"):
        db.session.add(FailedSignIn(account=period.name, source=half, at=clock.now()))
        db.session.flush()
        time.sleep(random.uniform(0, 0.02))
    return "done"


def fast() -> datetime:
    """The time, ten times as fast; the same for all processes."""
    return datetime.fromtimestamp(1_790_000_000 + (time.time() % 100_000_000) * 10, UTC)


JOB = Job("test.tick", effect, every=EVERY)


def live(app: Flask) -> None:
    """One life: the loop of the scheduler, for ever."""
    with app.app_context(), clock.reading(fast):
        db.engine.dispose(close=False)
        while True:
            run_due(JOB)
            db.session.remove()
            time.sleep(0.005)


def main() -> None:
    """As many lives as there are kills, so many at a time."""
    url, folder, kills, at_once = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    app = create_app(settings(url, folder))
    with app.app_context():
        db.engine.dispose()
    left = kills
    while left:
        children = []
        for _ in range(min(at_once, left)):
            child = os.fork()
            if not child:
                try:
                    live(app)
                finally:
                    os._exit(1)
            children.append(child)
        for child in children:
            time.sleep(random.uniform(0.01, 0.4))
            os.kill(child, signal.SIGKILL)
            _pid, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                sys.exit("a life ended by itself")
            left -= 1


if __name__ == "__main__":
    main()
