"""Pages of experts and panels, by what they show."""

from qcc.experts.views import consents, filings, panels, people, public, review, rosters
from qcc.experts.views.blueprint import bp

__all__ = ["bp", "consents", "filings", "panels", "people", "public", "review", "rosters"]
