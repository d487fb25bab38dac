"""Pages of assessments, by what they show."""

from qcc.evaluations.views import (
    appeals,
    assessments,
    board,
    documents,
    records,
    rectification_items,
    rectifications,
    reports,
    revocations,
    rounds,
    sheets,
    strengths,
    tasks,
    violations,
)
from qcc.evaluations.views.blueprint import bp

__all__ = [
    "appeals",
    "assessments",
    "board",
    "bp",
    "documents",
    "records",
    "rectification_items",
    "rectifications",
    "reports",
    "revocations",
    "rounds",
    "sheets",
    "strengths",
    "tasks",
    "violations",
]
