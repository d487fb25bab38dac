"""What carries the keys of tasks from pages to workers. The only place that knows huey."""

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from qcc.infra.db import db
from qcc.infra.pdf import render_at_once
from qcc.infra.priority import step_behind
from qcc.infra.queue.rows import CARRIER, send_lost
from qcc.infra.queue.worker import SEAT, run_task
from qcc.kernel.permissions import Actor


def init_app(app: Flask, find_actor: Callable[[int, str], Actor | None]) -> None:
    """*find_actor* tells who sits at a desk now, for tasks that were asked for there."""
    app.extensions[CARRIER], app.extensions[SEAT] = Carrier(app), find_actor


def work_forever(workers: int) -> None:
    """Do the work of the queue, behind the pages, until the process is told to stop."""
    step_behind(current_app.config["WORKER_NICE"])
    render_at_once(workers)
    send_lost()
    current_app.extensions[CARRIER].consumer(workers).run()


class Carrier:
    """The one place that knows huey: on SQLite in the data folder, or on Redis where QUEUE_URL
    names one, for several machines."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def huey(self) -> Any:
        """Opened at its first use: most processes never put anything into the queue."""
        hueys, url = import_module("huey"), self.app.config["QUEUE_URL"]
        if url:
            return hueys.RedisHuey("qcc", url=url, results=False)
        folder: Path = self.app.config["DATA_DIR"]
        folder.mkdir(parents=True, exist_ok=True)
        return hueys.SqliteHuey("qcc", filename=str(folder / "queue.db"), results=False)

    @cached_property
    def _run(self) -> Any:
        def run(task_id: int) -> None:
            with self.app.app_context():
                try:
                    run_task(task_id)
                finally:
                    db.session.remove()

        return self.huey.task(name="run_task")(run)

    def send(self, task_id: int) -> None:
        """Put the key of a task into the queue."""
        self._run(task_id)

    def consumer(self, workers: int) -> Any:
        """What takes keys out of the queue and does the work, so many at a time."""
        _ = self._run  # known before the first key is taken out
        return self.huey.create_consumer(
            workers=workers, worker_type="thread", periodic=False, max_delay=2.0,
            graceful_signal="TERM",
        )  # fmt: skip
