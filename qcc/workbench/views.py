"""The workbench and the inbox."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.outbox import describe
from qcc.kernel.permissions import Permission as P
from qcc.workbench.queries import is_soon, list_entries, list_to_do
from qcc.workbench.services import mark_all_read

bp = Blueprint("workbench", __name__)


@bp.get("/")
@requires(P.DESK_USE)
def home() -> str:
    """What waits for me, what is due soon, what changed."""
    actor = current_actor()
    waiting = list_to_do(actor)
    return render_template(
        "workbench/home.html",
        waiting=waiting,
        due=sorted((w for w in waiting if is_soon(w.due)), key=lambda w: w.due),
        now=clock.now(),
        entries=list_entries(actor, only_unread=True, limit=20)[:10],
        describe=describe,
    )


@bp.get("/inbox")
@requires(P.DESK_USE)
def inbox() -> str:
    """The desk's messages."""
    entries = list_entries(current_actor())
    return render_template("workbench/inbox.html", entries=entries, describe=describe)


@bp.post("/inbox/read")
@requires(P.DESK_USE)
def read() -> Response:
    """Mark the desk's messages as read."""
    with transaction():
        mark_all_read(current_actor())
    return redirect(url_for("workbench.inbox"))
