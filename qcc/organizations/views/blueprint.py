"""The blueprint to which the rooms of these views attach themselves."""

from flask import Blueprint

bp = Blueprint("organizations", __name__)
