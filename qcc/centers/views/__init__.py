"""Pages of centers."""

from flask import Blueprint

bp = Blueprint("centers", __name__)
