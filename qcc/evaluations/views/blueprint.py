"""The blueprint that the pages of assessments hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

import qcc.evaluations.models

bp = Blueprint("evaluations", __name__)

Answer = str | tuple[str, int] | Response
