"""Pages of dispatch meetings."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)
