"""What one asked for that takes a while: how far it is, and what came of it."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from qcc.infra import audit, files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _l
from qcc.infra.queue import TaskState, get_task, list_tasks
from qcc.infra.templating import Label, labels
from qcc.kernel.permissions import Permission as P

bp = Blueprint("tasks", __name__)

labels(
    {
        TaskState.WAITING: Label(_l("Waits for its turn"), "idle", "○"),
        TaskState.RUNNING: Label(_l("Being done"), "action", "◐"),
        TaskState.DONE: Label(_l("Done"), "done", "✓"),
        TaskState.FAILED: Label(_l("Not done"), "danger", "×"),
    }
)


@bp.get("/tasks")
@requires(P.DESK_USE)
def index() -> str:
    """What I asked for."""
    return render_template("tasks/index.html", tasks=list_tasks(current_actor()))


@bp.get("/tasks/<code>")
@requires(P.DESK_USE)
def show(code: str) -> str:
    """How far one task is; the page looks again by itself."""
    return render_template("tasks/show.html", task=get_task(current_actor(), code))


@bp.get("/tasks/<code>/file")
@requires(P.DESK_USE)
def file(code: str) -> Response:
    """What was made; who took it is on record."""
    actor = current_actor()
    with transaction():
        task = get_task(actor, code)
        stored = task.file
        if stored is None:
            raise NotFound
        detail = {"name": stored.name, "sha256": stored.sha256}
        audit.record(actor, "task.file_read", "task", task.id, detail)
        data, name, kind = files.read(stored), stored.name, stored.kind
    return send_file(
        BytesIO(data), mimetype=files.MEDIA_TYPES[kind], as_attachment=True, download_name=name
    )
