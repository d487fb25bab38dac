"""Pages of centers, and of the rulebooks they are judged by."""

from flask import Blueprint

bp = Blueprint("centers", __name__)
rulebooks_bp = Blueprint("regulations", __name__)

from qcc.centers import labels  # noqa: E402
from qcc.centers.views import changes, directory, rulebooks, single  # noqa: E402

__all__ = ["bp", "changes", "directory", "labels", "rulebooks", "rulebooks_bp", "single"]
