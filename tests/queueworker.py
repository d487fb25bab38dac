"""Workers that are killed again and again: python -m tests.queueworker URL FOLDER KILLS AT_ONCE

Each life is the product's own worker, in a hurry: it takes another for dead after a second. Once
all kills are spent the last ones live until every task is done.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask

from qcc.accounts.models import FailedSignIn
from qcc.app import create_app
from qcc.infra import clock, queue
from qcc.infra.db import db
from qcc.infra.queue import Outcome, Progress, Task, TaskKind, TaskState, rows, tasks, worker
from qcc.kernel.permissions import Actor
from tests.databases import settings

NAME = "test.slow"
PATIENCE = 60


def prepare(_actor: Actor, _params: Mapping[str, Any], tell: Progress) -> str:
    """Three steps; a kill falls between them."""
    for step in range(3):
        tell(step, 3)
        time.sleep(random.uniform(0, 0.2))
    return "prepared"


def finish(_actor: Actor, params: Mapping[str, Any], prepared: str) -> Outcome:
    """Two rows with time between them."""
    for half in ("first", "second"):
        db.session.add(FailedSignIn(account=str(params["n"]), source=half, at=clock.now()))
        db.session.flush()
        time.sleep(random.uniform(0, 0.02))
    return Outcome(prepared)


tasks(TaskKind(NAME, prepare, finish, "Slow"))


def in_a_hurry() -> None:
    """What takes a minute in the product takes a second."""
    rows.DEAD_AFTER, rows.SENT_AGAIN_AFTER = timedelta(seconds=1), timedelta(seconds=2)
    worker.BEAT, worker.MOST_ATTEMPTS = timedelta(seconds=0.2), 1000


def live(app: Flask) -> None:
    """One life: a worker, and beside it what the scheduler does."""

    def send_lost() -> None:
        with app.app_context():
            while True:
                time.sleep(0.3)
                queue.send_lost()
                db.session.remove()

    with app.app_context():
        db.engine.dispose(close=False)
        Thread(target=send_lost, daemon=True).start()
        queue.work_forever(2)


def born(app: Flask) -> int:
    child = os.fork()
    if not child:
        try:
            live(app)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def left(app: Flask) -> int:
    with app.app_context():
        undone = sa.select(sa.func.count()).select_from(Task).where(Task.state != TaskState.DONE)
        found = db.session.scalar(undone) or 0
        db.session.remove()
        db.engine.dispose()
        return found


def main() -> None:
    """As many lives as there are kills, so many at a time, and then those that finish."""
    url, folder, kills, at_once = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    in_a_hurry()
    app = create_app(settings(url, folder))
    alive = [born(app) for _ in range(at_once)]
    for _kill in range(kills):
        time.sleep(random.uniform(0.2, 1.2))
        victim = alive.pop(0)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        alive.append(born(app))
    until = time.monotonic() + PATIENCE
    while left(app) and time.monotonic() < until:
        time.sleep(0.2)
    for child in alive:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    sys.exit(0 if not left(app) else "tasks were left undone")


if __name__ == "__main__":
    main()
