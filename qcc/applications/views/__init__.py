"""Pages of calls and applications, by who uses them."""

from flask import Blueprint

bp = Blueprint("applications", __name__)

from qcc.applications.views import calls, checking, deciding, drafting, reading  # noqa: E402

__all__ = ["bp", "calls", "checking", "deciding", "drafting", "reading"]
