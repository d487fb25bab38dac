"""Pages of experts and panels, by what they show."""

from qcc.experts import labels
from qcc.experts.views import (
    changes,
    consents,
    filings,
    panels,
    people,
    public,
    review,
    roster_edits,
    rosters,
)
from qcc.experts.views.blueprint import bp

__all__ = [
    "bp",
    "changes",
    "consents",
    "filings",
    "labels",
    "panels",
    "people",
    "public",
    "review",
    "roster_edits",
    "rosters",
]
