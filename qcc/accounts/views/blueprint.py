"""The blueprint to which the rooms of these views attach themselves."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
