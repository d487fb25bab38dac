"""Rounds of assessment, the assessment of each center, and what follows from it."""

from qcc.evaluations.models.appeals import Appeal
from qcc.evaluations.models.assessments import Assessment, Evidence, ItemScore, OwnAccount
from qcc.evaluations.models.documents import (
    AnnualDocument,
    AssignedTask,
    CenterTask,
    DocumentSection,
    InternalRule,
    Visit,
)
from qcc.evaluations.models.revocations import Revocation
from qcc.evaluations.models.rounds import Round, RoundAssessor
from qcc.evaluations.models.strengths import Strength

__all__ = [
    "AnnualDocument",
    "Appeal",
    "Assessment",
    "AssignedTask",
    "CenterTask",
    "DocumentSection",
    "Evidence",
    "InternalRule",
    "ItemScore",
    "OwnAccount",
    "Revocation",
    "Round",
    "RoundAssessor",
    "Strength",
    "Visit",
]
