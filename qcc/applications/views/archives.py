"""The file of a competition: asked for as one PDF, taken out as a zip."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from qcc.applications import services
from qcc.applications.views import bp
from qcc.infra import queue
from qcc.infra.access import current_actor, requires
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P


@bp.post("/competitions/<code>/archive")
@requires(P.COMPETITION_VIEW)
def ask_for_archive(code: str) -> Response:
    """Have the file made as one PDF of what is on record now."""
    actor = current_actor()
    once(actor, request.form.get("key", ""), lambda: services.ask_for_archive(actor, code).code)
    flash(_("The file of the competition is being made: it stands among the papers."), "done")
    return redirect(url_for("applications.competition", code=code))


@bp.post("/competitions/<code>/archive.zip")
@requires(P.COMPETITION_VIEW)
def ask_for_zip(code: str) -> Response:
    """Have everything packed by a worker: the files of many applications take their time."""
    actor = current_actor()

    def ask() -> str:
        about = services.archivable(actor, code).center.name
        return queue.ask(actor, "applications.archive", {"code": code}, about).code

    task = once(actor, request.form.get("key", ""), ask)
    return redirect(url_for("tasks.show", code=task))


@bp.get("/competitions/<code>/archive.zip")
@requires(P.COMPETITION_VIEW)
def archive_zip(code: str) -> Response:
    """The zip that a worker made for the reader last, if there is one."""
    actor = current_actor()
    services.archivable(actor, code)
    made = queue.find_made(actor, "applications.archive", f"/competitions/{code}")
    if made is None:
        raise NotFound
    return redirect(url_for("tasks.file", code=made.code))
