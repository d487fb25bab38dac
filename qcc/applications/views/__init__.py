"""Pages of calls and applications, by who uses them."""

from flask import Blueprint

bp = Blueprint("applications", __name__)

from qcc.applications.views import (  # noqa: E402
    attaching,
    calls,
    checking,
    deciding,
    designating,
    designations,
    officers,
    opinions,
    parts,
    reading,
    submissions,
    submitting,
)

__all__ = [
    "attaching",
    "bp",
    "calls",
    "checking",
    "deciding",
    "designating",
    "designations",
    "officers",
    "opinions",
    "parts",
    "reading",
    "submissions",
    "submitting",
]
