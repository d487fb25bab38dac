"""Tasks as rows: asking for one, sending it to the queue, seeing how far it is."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from qcc.infra import clock
from qcc.infra.codes import Code
from qcc.infra.db import Key, Model, ReadingSession, db, one_of, transaction
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.infra.i18n import current_language
from qcc.kernel.permissions import Actor, Role

log = logging.getLogger(__name__)

CARRIER = "qcc.queue"
"""Where the application keeps what puts keys of tasks into the queue."""

DEAD_AFTER = timedelta(minutes=1)
"""A worker that was silent for so long is dead, and another takes the task over."""

SENT_AGAIN_AFTER = timedelta(minutes=5)
"""A task that nobody took up is put into the queue again: it may have been lost there."""

KEPT = timedelta(days=30)
"""How long tasks and their results can be fetched."""


class TaskState(StrEnum):
    """How far a task has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OVER = frozenset({TaskState.DONE, TaskState.FAILED})


class Task(Model):
    """A piece of work: what, for whom, how far, what came of it.

    *done* of *total* steps; *claim* is the worker's that is at it, *seen_at* when it last said so.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        sa.Index("ix_tasks_state", "state", "id"),
        sa.Index("ix_tasks_person_id", "person_id", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[str] = mapped_column(sa.String(60))
    params: Mapped[dict[str, Any]]
    about: Mapped[str] = mapped_column(sa.String(200), default="")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    assignment_id: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(64), default="")
    language: Mapped[str] = mapped_column(sa.String(8))
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    state: Mapped[TaskState] = mapped_column(one_of(TaskState, "state"), default=TaskState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(sa.String(32), default="")
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(400), default="")
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship()

    @property
    def title(self) -> str:
        """How people read what it is, in their language."""
        kind = KINDS.get(self.name)
        title = str(kind.title) if kind else self.name
        return f"{title} · {self.about}" if self.about else title

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def percent(self) -> int:
        """How much is done, in whole percent; 0 as long as nobody knows of how much."""
        return self.done * 100 // self.total if self.total else 0


Progress = Callable[[int, int], None]
"""Tells how many steps are done, of how many; raises TakenOver if another worker is at it now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: a sentence, a file to fetch, a page to go to."""

    said: str = ""
    file: StoredFile | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A named function over plain data, in two steps.

    *prepare* is given actor, parameters and progress; it reads and makes what takes long, writes
    nothing, and may be called again. *finish* is given actor, parameters and what was prepared; it
    has the one effect, in a transaction. Both may raise Refused: then the task has failed, and the
    sentence says why. A *quiet* one is a part of something larger, which tells for all of them: it
    stands in no list and sends no message.
    """

    name: str
    prepare: Callable[[Actor, Mapping[str, Any], Progress], Any]
    finish: Callable[[Actor, Mapping[str, Any], Any], Outcome]
    title: Any
    quiet: bool = False


class TakenOver(Exception):
    """Another worker has the task now: this one was taken for dead."""


KINDS: dict[str, TaskKind] = {}


def tasks(*kinds: TaskKind) -> None:
    """Register the tasks of a feature."""
    KINDS.update({kind.name: kind for kind in kinds})


# --- asking ---


def ask(actor: Actor, name: str, params: Mapping[str, Any], about: str = "") -> Task:
    """Ask for a task in the running transaction; it is put into the queue once that is committed.
    *params* are plain data, *about* says for the reader what it is about."""
    if name not in KINDS:
        raise KeyError(f"no task is registered as {name}")
    task = Task(
        name=name,
        params=dict(params),
        about=about[:200],
        person_id=actor.person_id,
        role=actor.role,
        assignment_id=actor.assignment_id,
        source=actor.source,
        language=current_language(),
        asked_at=clock.now(),
        sent_at=clock.now(),
    )
    db.session.add(task)
    db.session.flush()
    db.session.info.setdefault("tasks", []).append(task.id)
    return task


@event.listens_for(ReadingSession, "after_commit")
def _send_asked(session: Session) -> None:
    for task_id in session.info.pop("tasks", ()):
        _send(task_id)


def _send(task_id: int) -> None:
    try:
        current_app.extensions[CARRIER].send(task_id)
    except Exception:  # the row stands: it is sent again when the queue is back
        log.exception("task %s could not be put into the queue", task_id)


def send_lost() -> int:
    """Put into the queue again what nobody took up, and what a dead worker left; how many."""
    now = clock.now()
    lost = sa.or_(
        sa.and_(Task.state == TaskState.WAITING, Task.sent_at < now - SENT_AGAIN_AFTER),
        sa.and_(Task.state == TaskState.RUNNING, Task.seen_at < now - DEAD_AFTER,
                Task.sent_at < now - DEAD_AFTER),
    )  # fmt: skip
    with transaction() as session:
        found = sa.select(Task.id).where(lost).order_by(Task.id)
        keys = session.scalars(found.with_for_update(skip_locked=True, key_share=True)).all()
        session.execute(sa.update(Task).where(Task.id.in_(keys)).values(sent_at=now))
    for key in keys:
        _send(key)
    return len(keys)


# --- what whoever asked sees ---


def list_tasks(actor: Actor, limit: int = 50) -> Sequence[Task]:
    """What the actor asked for, newest first."""
    quiet = [kind.name for kind in KINDS.values() if kind.quiet]
    return db.session.scalars(
        sa.select(Task)
        .filter_by(person_id=actor.person_id, role=actor.role)
        .where(Task.name.not_in(quiet))
        .order_by(Task.id.desc())
        .limit(limit)
    ).all()


def get_task(actor: Actor, code: str) -> Task:
    """A task that the actor asked for; raises NotFound."""
    found = db.session.scalars(
        sa.select(Task).filter_by(code=code, person_id=actor.person_id, role=actor.role)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_made(actor: Actor, name: str, link: str) -> Task | None:
    """The newest task of that name that made a file for the actor, about what *link* leads to."""
    mine = sa.select(Task).filter_by(
        person_id=actor.person_id, role=actor.role, name=name, link=link, state=TaskState.DONE
    )
    return db.session.scalars(mine.order_by(Task.id.desc()).limit(1)).first()


def forget_old_tasks() -> int:
    """Delete tasks of long ago with the files they made; how many."""
    old = db.session.scalars(sa.select(Task).where(Task.asked_at < clock.now() - KEPT)).all()
    for task in old:
        made, task.file = task.file, None
        db.session.delete(task)
        db.session.flush()
        if made is not None:
            db.session.delete(made)
    return len(old)
