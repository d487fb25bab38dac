"""Rules about applications, designations and competitions."""

from qcc.applications.rules.application import (
    DESIGNATION_RULES,
    ESTABLISHMENT_RULES,
    SUBMISSION_RULES,
    ApplicationFacts,
    DesignationFacts,
    EligibilityAnswer,
    Standing,
)

__all__ = [
    "DESIGNATION_RULES",
    "ESTABLISHMENT_RULES",
    "SUBMISSION_RULES",
    "ApplicationFacts",
    "DesignationFacts",
    "EligibilityAnswer",
    "Standing",
]
