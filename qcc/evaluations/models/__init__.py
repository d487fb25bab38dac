"""Rounds of assessment, the assessment of each center, and what follows from it."""

from qcc.evaluations.models.appeals import Appeal
from qcc.evaluations.models.assessments import Assessment, Evidence, ItemScore, OwnAccount
from qcc.evaluations.models.commendations import Commendation, CommendedCenter
from qcc.evaluations.models.documents import (
    AnnualDocument,
    AssignedTask,
    CenterTask,
    DocumentSection,
    InternalRule,
    Visit,
)
from qcc.evaluations.models.rectifications import (
    Basis,
    Rectification,
    RectificationEvidence,
    RectificationItem,
)
from qcc.evaluations.models.reports import AnnualReport, ReportBatch
from qcc.evaluations.models.revocations import Revocation
from qcc.evaluations.models.rounds import Round, RoundAssessor
from qcc.evaluations.models.strengths import Strength
from qcc.evaluations.models.violations import Violation, ViolationFile, ViolationFileKind

__all__ = [
    "AnnualDocument",
    "AnnualReport",
    "Appeal",
    "Assessment",
    "AssignedTask",
    "Basis",
    "CenterTask",
    "Commendation",
    "CommendedCenter",
    "DocumentSection",
    "Evidence",
    "InternalRule",
    "ItemScore",
    "OwnAccount",
    "Rectification",
    "RectificationEvidence",
    "RectificationItem",
    "ReportBatch",
    "Revocation",
    "Round",
    "RoundAssessor",
    "Strength",
    "Violation",
    "ViolationFile",
    "ViolationFileKind",
    "Visit",
]
