"""The blueprint that the pages of experts and panels hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("experts", __name__)

Answer = str | tuple[str, int] | Response
