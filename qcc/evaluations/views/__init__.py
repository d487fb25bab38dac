"""Pages of assessments, by what they show."""

from qcc.evaluations.views import (
    appeals,
    assessments,
    documents,
    records,
    revocations,
    rounds,
    sheets,
    tasks,
)
from qcc.evaluations.views.blueprint import bp

__all__ = [
    "appeals",
    "assessments",
    "bp",
    "documents",
    "records",
    "revocations",
    "rounds",
    "sheets",
    "tasks",
]
