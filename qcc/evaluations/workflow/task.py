"""The life of an assigned task (指令性任务) at a center: reported, and judged by the commission."""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class TaskState(StrEnum):
    """Where a task stands."""

    ASSIGNED = "assigned"
    REPORTED = "reported"
    DONE = "done"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"


S = TaskState


@dataclass(frozen=True, slots=True)
class TaskMoment:
    """What the conditions look at."""

    is_overdue: bool = False


TASK = Workflow(
    "assigned_task",
    S,
    S.ASSIGNED,
    [
        Transition("report", (S.ASSIGNED,), S.REPORTED, P.TASK_REPORT, notifies=("commission",)),
        Transition("accept", (S.REPORTED,), S.DONE, P.TASK_ASSIGN, notifies=("center",)),
        Transition(
            "return",
            (S.REPORTED,),
            S.ASSIGNED,
            P.TASK_ASSIGN,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "refuse",
            (S.REPORTED,),
            S.NOT_DONE,
            P.TASK_ASSIGN,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "refuse",
            (S.ASSIGNED,),
            S.NOT_DONE,
            P.TASK_ASSIGN,
            guards=("task_is_overdue",),
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "withdraw",
            (S.ASSIGNED, S.REPORTED),
            S.WITHDRAWN,
            P.TASK_ASSIGN,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
    ],
    guards={"task_is_overdue": lambda facts: facts.is_overdue},
)
