"""The blueprint that the pages of assessments hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("evaluations", __name__)

Answer = str | tuple[str, int] | Response
