"""Tasks of the queue: done once however workers die, seen by who asked and by nobody else."""

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import config
from qcc.accounts.models import FailedSignIn, RoleAssignment
from qcc.infra import files, queue
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.files import StoredFile
from qcc.infra.outbox import Message
from qcc.infra.queue import Outcome, Progress, Task, TaskKind, TaskState
from qcc.infra.queue.carrier import Carrier
from qcc.infra.queue.rows import CARRIER
from qcc.kernel.permissions import Actor, Role
from tests.conftest import Clock
from tests.databases import free_port
from tests.factories.centers import sit_down
from tests.factories.organizations import PROVINCE, make_actor, province
from tests.queueworker import NAME
from tests.redis import running_redis

TOLD: list[int] = []


def _make(actor: Actor, params: Mapping[str, Any], tell: Progress) -> bytes:
    for step in range(1, 4):
        tell(step, 4)
    db.session.rollback()
    TOLD.append(db.session.scalars(sa.select(Task.done)).first() or 0)
    db.session.rollback()
    if params.get("refuses"):
        raise Refused("今天不行")
    if params.get("fails"):
        raise RuntimeError("broken")
    return f"for {actor.name}".encode()


def _keep(actor: Actor, _params: Mapping[str, Any], prepared: bytes) -> Outcome:
    kept = files.keep(prepared, "结果.pdf", "pdf", actor.organization_id, sealed=True)
    return Outcome("好了", kept, "/inbox")


queue.tasks(TaskKind("test.file", _make, _keep, "Test"))


@pytest.fixture
def officer(app: Flask, clock: Clock) -> Actor:
    return make_actor(Role.COMMISSION_OFFICER, province()[PROVINCE])


def asked(officer: Actor, name: str = "test.file", **params: Any) -> Task:
    with transaction():
        return queue.ask(officer, name, params, "某事")


def now(task: Task) -> Task:
    key = sa.inspect(task).identity[0]
    db.session.rollback()
    return db.session.get_one(Task, key, populate_existing=True)


def test_a_task_is_done_and_told(officer: Actor, client: FlaskClient) -> None:
    task = asked(officer)
    key, code = task.id, task.code
    TOLD.clear()
    assert queue.run_task(key)
    assert TOLD == [3]
    assert not queue.run_task(key)  # it came out of the queue twice
    assert now(task).state is TaskState.DONE
    kinds = db.session.scalars(sa.select(Message.kind).filter_by(person_id=officer.person_id))
    assert list(kinds) == ["task.done"]
    sit_down(client, officer)
    assert "结果.pdf" in client.get(f"/tasks/{code}").get_data(as_text=True)
    assert code in client.get("/tasks").get_data(as_text=True)
    assert client.get(f"/tasks/{code}/file").data == f"for {officer.name}".encode()
    colleague = make_actor(Role.COMMISSION_OFFICER, province_of(officer))
    sit_down(client, colleague)
    assert client.get(f"/tasks/{code}").status_code == 404
    assert client.get(f"/tasks/{code}/file").status_code == 404
    assert code not in client.get("/tasks").get_data(as_text=True)


def province_of(officer: Actor) -> Any:
    return db.session.get_one(RoleAssignment, officer.assignment_id).organization


def test_a_refusal_is_final_and_says_why(officer: Actor) -> None:
    task = asked(officer, refuses=True)
    assert not queue.run_task(task.id)
    assert (now(task).state, task.outcome) == (TaskState.FAILED, "今天不行")


def test_what_breaks_is_tried_again_and_given_up(officer: Actor, clock: Clock) -> None:
    task = asked(officer, fails=True)
    key = task.id
    for _attempt in range(4):
        assert not queue.run_task(key)
        assert now(task).state is TaskState.WAITING
        assert queue.send_lost() == 0
        clock.forward(timedelta(minutes=5, seconds=1))
        assert queue.send_lost() == 1
    assert not queue.run_task(key)
    assert now(task).state is TaskState.FAILED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_who_lost_the_role_gets_nothing(officer: Actor) -> None:
    task = asked(officer)
    with transaction() as session:
        session.get_one(RoleAssignment, officer.assignment_id).ended_on = db.func.current_date()
    assert not queue.run_task(task.id)
    assert now(task).state is TaskState.FAILED


def test_an_act_that_fails_asks_for_nothing(officer: Actor) -> None:
    def fail() -> None:
        with transaction():
            queue.ask(officer, "test.file", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 0


def test_old_tasks_go_with_their_files(officer: Actor, clock: Clock) -> None:
    assert queue.run_task(asked(officer).id)
    clock.forward(timedelta(days=30, seconds=1))
    with transaction():
        assert queue.forget_old_tasks() == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_workers_killed_at_any_moment(app: Flask) -> None:
    """Two workers, killed eight times: each of 24 tasks is done once in effect."""
    officer = make_actor(Role.COMMISSION_OFFICER, province()[PROVINCE])
    with transaction():
        for n in range(24):
            queue.ask(officer, NAME, {"n": n})
    db.session.remove()
    db.engine.dispose()
    subprocess.run(
        [
            sys.executable, "-m", "tests.queueworker", app.config["SQLALCHEMY_DATABASE_URI"],
            app.config["DATA_DIR"], "8", "2",
        ],
        cwd=config.ROOT, check=True, timeout=300,
    )  # fmt: skip
    effects = db.session.execute(sa.select(FailedSignIn.account, FailedSignIn.source)).all()
    halves = ("first", "second")
    assert sorted(effects) == sorted((str(n), half) for n in range(24) for half in halves)
    assert db.session.scalars(sa.select(Task.state).distinct()).all() == [TaskState.DONE]


def count_done() -> int:
    db.session.rollback()
    done = sa.select(sa.func.count()).select_from(Task).filter_by(state=TaskState.DONE)
    return db.session.scalar(done) or 0


def work_until(carrier: Carrier, done: int) -> None:
    """Two workers of the product, until so many tasks are done and nothing is in the queue."""
    consumer, until = carrier.consumer(2), time.monotonic() + 30
    consumer.start()
    try:
        while count_done() < done or carrier.huey.pending_count():
            assert time.monotonic() < until, "tasks were left undone"
            time.sleep(0.02)
    finally:
        consumer.stop(graceful=True)
    assert count_done() == done


def test_redis_carries_the_same_tasks(
    app: Flask, officer: Actor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By configuration alone. What was asked for while Redis was away is sent once it is back, and
    so is what a worker took out and died with."""
    port = free_port()
    monkeypatch.setitem(app.config, "QUEUE_URL", f"redis://127.0.0.1:{port}/0")
    carrier = Carrier(app)
    monkeypatch.setitem(app.extensions, CARRIER, carrier)
    asked(officer)
    with running_redis(port):
        for _number in range(3):
            asked(officer)
        assert carrier.huey.pending_count() == 3
        assert carrier.huey.dequeue(), "and dies"
        work_until(carrier, 2)
        clock.forward(timedelta(minutes=5, seconds=1))
        assert queue.send_lost() == 2
        work_until(carrier, 4)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 4
