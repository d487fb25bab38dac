"""The workbench and the inbox."""

from flask import Blueprint, render_template

from qcc.infra.access import current_actor, requires
from qcc.kernel.permissions import Permission as P

bp = Blueprint("workbench", __name__)


@bp.get("/")
@requires(P.DESK_USE)
def home() -> str:
    return render_template("workbench/home.html", actor=current_actor())


@bp.get("/inbox")
@requires(P.DESK_USE)
def inbox() -> str:
    return render_template("workbench/inbox.html")
