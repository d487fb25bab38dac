"""The blueprint that the pages of assessments hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

import qcc.evaluations.labels  # noqa: F401  (registers how states are shown)

bp = Blueprint("evaluations", __name__)

Answer = str | tuple[str, int] | Response
