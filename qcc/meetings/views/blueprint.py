"""The blueprint that the pages of meetings hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("meetings", __name__)

Answer = str | tuple[str, int] | Response
