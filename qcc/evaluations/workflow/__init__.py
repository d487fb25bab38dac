"""The lives of rounds, assessments, appeals and revocations, as tables."""

from qcc.evaluations.workflow.appeal import APPEAL, AppealMoment, AppealState
from qcc.evaluations.workflow.assessment import (
    ASSESSMENT,
    SEALED,
    SHOWN,
    AssessmentMoment,
    AssessmentState,
)
from qcc.evaluations.workflow.document import (
    DOCUMENT,
    HANDED_IN,
    WRITTEN,
    DocumentMoment,
    DocumentState,
)
from qcc.evaluations.workflow.rectification import (
    OPEN,
    OWED,
    RECTIFICATION,
    Effect,
    RectificationMoment,
    RectificationState,
)
from qcc.evaluations.workflow.revocation import REVOCATION, RevocationState
from qcc.evaluations.workflow.round import ROUND, RoundMoment, RoundState
from qcc.evaluations.workflow.task import TASK, TaskMoment, TaskState
from qcc.evaluations.workflow.violation import (
    DECIDED,
    VIOLATION,
    ViolationMoment,
    ViolationState,
)

__all__ = [
    "APPEAL",
    "ASSESSMENT",
    "DECIDED",
    "DOCUMENT",
    "HANDED_IN",
    "OPEN",
    "OWED",
    "RECTIFICATION",
    "REVOCATION",
    "ROUND",
    "SEALED",
    "SHOWN",
    "TASK",
    "VIOLATION",
    "WRITTEN",
    "AppealMoment",
    "AppealState",
    "AssessmentMoment",
    "AssessmentState",
    "DocumentMoment",
    "DocumentState",
    "Effect",
    "RectificationMoment",
    "RectificationState",
    "RevocationState",
    "RoundMoment",
    "RoundState",
    "TaskMoment",
    "TaskState",
    "ViolationMoment",
    "ViolationState",
]
