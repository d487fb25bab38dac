"""Pages of applications."""

from flask import Blueprint

from qcc.applications import models  # noqa: F401
from qcc.infra import idempotency, outbox, papers, scheduler  # noqa: F401

bp = Blueprint("applications", __name__)
