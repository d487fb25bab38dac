"""Doing tasks: claimed, prepared, finished; by one worker in the end, however many began."""

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l, speaking
from qcc.infra.outbox import notify_person, texts
from qcc.infra.queue import rows
from qcc.infra.queue.rows import KINDS, TakenOver, Task, TaskState
from qcc.kernel.permissions import Actor, NotPermitted
from qcc.kernel.workflow import ActionNotPossible, GuardFailed

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=10)
"""How often a worker says that it is still at work on a task."""

MOST_ATTEMPTS = 5
"""So often a task is begun, then it has failed: whatever kills each worker is given up."""

SEAT = "qcc.queue.seat"
"""Where the application keeps what tells who sits at a desk now."""

GONE = _l("What it is about is no longer there, or no longer in that state.")
GIVEN_UP = _l("It was given up after several attempts.")

texts(
    {
        "task.done": _l("What you asked for is done: %(title)s"),
        "task.failed": _l("What you asked for could not be done: %(title)s. %(error)s"),
    }
)


def run_task(task_id: int) -> bool:
    """Do a task, unless somebody else is at it or it is over; whether it was done here."""
    claim = secrets.token_hex(16)
    with transaction():
        task = _claimed(task_id, claim)
        if task is None:
            return False
        name, params, seat = task.name, dict(task.params), (task.assignment_id, task.source)
        language = task.language
    with speaking(language):
        try:
            with _beating(task_id, claim):
                return _done(task_id, claim, name, params, seat)
        except TakenOver:
            return False
        except Refused as refusal:
            _fail(task_id, claim, str(refusal.message))
        except (NotFound, NotPermitted, ActionNotPossible, GuardFailed):
            _fail(task_id, claim, str(GONE))
        except Exception:  # the next attempt may do better
            log.exception("task %s failed", task_id)
            _give_back(task_id, claim)
    return False


def _done(
    task_id: int, claim: str, name: str, params: Mapping[str, Any], seat: tuple[int, str]
) -> bool:
    kind, find_actor = KINDS[name], current_app.extensions[SEAT]

    def tell(done: int, total: int) -> None:
        _beat(task_id, claim, done=done, total=total)

    prepared = kind.prepare(_present(find_actor(*seat)), params, tell)
    with transaction():
        task = _held(task_id, claim)
        outcome = kind.finish(_present(find_actor(*seat)), params, prepared)
        task.outcome, task.link, task.file = outcome.said[:400], outcome.link, outcome.file
        _close(task, TaskState.DONE)
    return True


def _present(actor: Actor | None) -> Actor:
    if actor is None:
        raise Refused(_l("Whoever asked for it no longer has that role."))
    return actor


def _claimed(task_id: int, claim: str) -> Task | None:
    """The task, taken by this worker; None if it is over or another's who is alive."""
    task = db.session.get(Task, task_id, with_for_update=True, populate_existing=True)
    now = clock.now()
    if task is None or task.is_over:
        return None
    is_alive = task.seen_at is not None and task.seen_at >= now - rows.DEAD_AFTER
    if task.state is TaskState.RUNNING and is_alive:
        return None
    if task.attempts >= MOST_ATTEMPTS or task.name not in KINDS:
        task.outcome = str(GIVEN_UP)
        _close(task, TaskState.FAILED)
        return None
    task.state, task.claim, task.seen_at = TaskState.RUNNING, claim, now
    task.attempts, task.done, task.total = task.attempts + 1, 0, 0
    return task


def _held(task_id: int, claim: str) -> Task:
    """The task, locked, if this worker still has it; raises TakenOver."""
    task = db.session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.claim != claim or task.state is not TaskState.RUNNING:
        raise TakenOver
    return task


def _close(task: Task, state: TaskState) -> None:
    task.state, task.ended_at = state, clock.now()
    if task.name in KINDS and KINDS[task.name].quiet:
        return
    values = {"title": task.title, "error": task.outcome if state is TaskState.FAILED else ""}
    notify_person(task.person_id, task.role, f"task.{state}", values, f"/tasks/{task.code}")


def _fail(task_id: int, claim: str, why: str) -> None:
    with suppress(TakenOver), transaction():
        task = _held(task_id, claim)
        task.outcome = why[:400]
        _close(task, TaskState.FAILED)


def _give_back(task_id: int, claim: str) -> None:
    """After a failure: the next attempt comes when the task is taken for lost."""
    with suppress(TakenOver), transaction():
        task = _held(task_id, claim)
        task.state, task.claim, task.sent_at = TaskState.WAITING, "", clock.now()
        if task.attempts >= MOST_ATTEMPTS:
            task.outcome = str(GIVEN_UP)
            _close(task, TaskState.FAILED)


def _beat(task_id: int, claim: str, **progress: int) -> None:
    """Say that this worker is at it, and how far; raises TakenOver."""
    with transaction() as session:
        told = session.execute(
            sa.update(Task)
            .filter_by(id=task_id, claim=claim, state=TaskState.RUNNING)
            .values(seen_at=clock.now(), **progress)
        )
        if not told.rowcount:  # type: ignore[attr-defined]
            raise TakenOver


@contextmanager
def _beating(task_id: int, claim: str) -> Iterator[None]:
    """While the block runs, a thread beside it says that this worker is alive."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    over = Event()

    def beat() -> None:
        with app.app_context():
            while not over.wait(BEAT.total_seconds()):
                try:
                    _beat(task_id, claim)
                except TakenOver:
                    return
                except Exception:  # a busy database: the next beat may come through
                    log.exception("the beat of task %s was not kept", task_id)
                finally:
                    db.session.remove()

    beating = Thread(target=beat, name=f"beat-{task_id}", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()
