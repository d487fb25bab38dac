"""Pages of assessments, by what they show."""

from qcc.evaluations.views.blueprint import bp

__all__ = ["bp"]
