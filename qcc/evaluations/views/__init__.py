"""Pages of assessments, by what they show."""

from qcc.evaluations.views import appeals, assessments, revocations, rounds, sheets
from qcc.evaluations.views.blueprint import bp

__all__ = ["appeals", "assessments", "bp", "revocations", "rounds", "sheets"]
