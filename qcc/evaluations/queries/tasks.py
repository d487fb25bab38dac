"""Assigned tasks at centers."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import AssignedTask, CenterTask
from qcc.evaluations.queries.documents import center_in_scope
from qcc.evaluations.workflow import TaskState
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.reminders import LONGEST_BREAK

S = TaskState


def _visible(actor: Actor) -> sa.Select[CenterTask]:
    return (
        sa.select(CenterTask)
        .join(CenterTask.center)
        .join(CenterTask.task)
        .where(center_in_scope(actor))
        .options(contains_eager(CenterTask.center), contains_eager(CenterTask.task))
    )


def list_tasks(
    actor: Actor,
    *states: TaskState,
    issued_by: int = 0,
    after: int = 0,
    limit: int = 51,
) -> Sequence[CenterTask]:
    """A page of tasks at centers, the newest first; in these states, of one commission."""
    found = _visible(actor)
    if states:
        found = found.where(CenterTask.state.in_(states))
    if issued_by:
        found = found.where(AssignedTask.commission_id == issued_by)
    if after:
        found = found.where(CenterTask.id < after)
    return db.session.scalars(found.order_by(CenterTask.id.desc()).limit(limit)).all()


def get_task(actor: Actor, code: str) -> CenterTask:
    """A task at a center; raises NotFound."""
    found = db.session.scalars(
        _visible(actor)
        .where(CenterTask.code == code)
        .options(
            joinedload(CenterTask.file),
            contains_eager(CenterTask.task).joinedload(AssignedTask.commission),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_task(actor: Actor, code: str) -> CenterTask:
    """The same, locked until the transaction ends and read anew."""
    found = db.session.scalars(
        _visible(actor)
        .where(CenterTask.code == code)
        .with_for_update(of=CenterTask, **ROW)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_assignable_centers(actor: Actor) -> Sequence[Center]:
    """The centers of exactly the commission's place that have a host."""
    hosted = sa.select(Hosting.center_id).where(Hosting.ended_on.is_(None))
    return db.session.scalars(
        sa.select(Center)
        .where(Center.place == actor.place, Center.id.in_(hosted))
        .order_by(Center.name, Center.id)
    ).all()


def count_tasks(keys: Sequence[int], year: int, today: date) -> dict[int, tuple[int, int]]:
    """By center: tasks that were due in a year and count, and those of them that were done.

    What was judged counts, and what was not reported by its day; not what is not due yet, what the
    commission has not judged yet, and what it took back.
    """
    counts = sa.or_(
        CenterTask.state.in_((S.DONE, S.NOT_DONE)),
        sa.and_(CenterTask.state == S.ASSIGNED, AssignedTask.due_on < today),
    )
    done = sa.func.sum(sa.case((CenterTask.state == S.DONE, 1), else_=0))
    rows = db.session.execute(
        sa.select(CenterTask.center_id, sa.func.count(), done)
        .join(CenterTask.task)
        .where(
            CenterTask.center_id.in_(keys),
            AssignedTask.due_on.between(date(year, 1, 1), date(year, 12, 31)),
            counts,
        )
        .group_by(CenterTask.center_id)
    )
    found = dict.fromkeys(keys, (0, 0))
    return found | {key: (int(count), int(ended)) for key, count, ended in rows}


def list_tasks_around(today: date, days: int) -> Sequence[CenterTask]:
    """Tasks not reported that are due within some days, or were lately, for the clock."""
    return db.session.scalars(
        sa.select(CenterTask)
        .join(CenterTask.task)
        .where(
            CenterTask.state == S.ASSIGNED,
            AssignedTask.due_on.between(
                today - LONGEST_BREAK, today + LONGEST_BREAK + timedelta(days=days)
            ),
        )
        .options(contains_eager(CenterTask.task), joinedload(CenterTask.center))
        .order_by(CenterTask.id)
    ).all()
