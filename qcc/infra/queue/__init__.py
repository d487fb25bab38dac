"""Work that outgrows a page: asked for in the transaction of an act, done by a worker elsewhere,
with progress that whoever asked sees and may leave.

A task is a named function over plain data (`TaskKind`). Its row in our database is the truth:
state, progress, result, who asked; the queue itself (huey) carries nothing but the row's key, may
lose it, and is told it again. A worker claims the row; what takes long is *prepared* outside any
transaction and may be done twice, but its one effect is *finished* in the transaction that closes
the row, and only under the claim that still holds. So a worker may die at any moment.

    TASKS = (TaskKind("organizations.import", read_workbook, write_rows, _l("Import")),)  # jobs.py
    ask(actor, "organizations.import", {"file_id": 5})  # in a transaction of a service or an edge
"""

from qcc.infra.queue.carrier import init_app, work_forever
from qcc.infra.queue.rows import (
    Outcome,
    Progress,
    Task,
    TaskKind,
    TaskState,
    ask,
    find_made,
    forget_old_tasks,
    get_task,
    list_tasks,
    send_lost,
    tasks,
)
from qcc.infra.queue.worker import run_task

__all__ = [
    "Outcome",
    "Progress",
    "Task",
    "TaskKind",
    "TaskState",
    "ask",
    "find_made",
    "forget_old_tasks",
    "get_task",
    "init_app",
    "list_tasks",
    "run_task",
    "send_lost",
    "tasks",
    "work_forever",
]
