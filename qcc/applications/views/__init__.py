"""Pages of calls and applications, by who uses them."""

from flask import Blueprint

bp = Blueprint("applications", __name__)

from qcc.applications.views import (  # noqa: E402
    archives,
    attaching,
    calls,
    checking,
    competitions,
    deciding,
    designating,
    designations,
    officers,
    opinions,
    parts,
    planning,
    reading,
    reviewers,
    reviews,
    submissions,
    submitting,
)

__all__ = [
    "archives",
    "attaching",
    "bp",
    "calls",
    "checking",
    "competitions",
    "deciding",
    "designating",
    "designations",
    "officers",
    "opinions",
    "parts",
    "planning",
    "reading",
    "reviewers",
    "reviews",
    "submissions",
    "submitting",
]
