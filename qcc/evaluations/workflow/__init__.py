"""The lives of rounds, assessments, appeals and revocations, as tables."""

from qcc.evaluations.workflow.appeal import APPEAL, AppealMoment, AppealState
from qcc.evaluations.workflow.assessment import (
    ASSESSMENT,
    SEALED,
    SHOWN,
    AssessmentMoment,
    AssessmentState,
)
from qcc.evaluations.workflow.revocation import REVOCATION, RevocationState
from qcc.evaluations.workflow.round import ROUND, RoundMoment, RoundState

__all__ = [
    "APPEAL",
    "ASSESSMENT",
    "REVOCATION",
    "ROUND",
    "SEALED",
    "SHOWN",
    "AppealMoment",
    "AppealState",
    "AssessmentMoment",
    "AssessmentState",
    "RevocationState",
    "RoundMoment",
    "RoundState",
]
