"""Pages of centers, and of the rulebooks they are judged by."""

from flask import Blueprint

bp = Blueprint("centers", __name__)
rulebooks_bp = Blueprint("regulations", __name__)

from qcc.centers import labels  # noqa: E402
from qcc.centers.views import (  # noqa: E402
    changes,
    decisions,
    directory,
    proposals,
    rulebooks,
    single,
)

__all__ = [
    "bp",
    "changes",
    "decisions",
    "directory",
    "labels",
    "proposals",
    "rulebooks",
    "rulebooks_bp",
    "single",
]
