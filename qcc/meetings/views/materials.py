"""Files of a meeting, and what is attached to the report of a task."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import send_file

from qcc.infra import files
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import FileForm
from qcc.meetings.models import MeetingFileKind
from qcc.meetings.services import materials
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.pages import act


@bp.post("/meetings/<int:meeting_id>/files")
@requires(P.MEETING_EDIT)
def add_file(meeting_id: int) -> Answer:
    """Keep a file with the meeting."""
    actor, form = current_actor(), FileForm()

    def step() -> Any:
        kind, upload = MeetingFileKind(form.kind.data), form.file.data
        return materials.add_file(actor, meeting_id, kind, upload.read(), upload.filename or "")

    return act(meeting_id, form, step, _("The file is with the meeting."), "file_form")


@bp.post("/meetings/<int:meeting_id>/files/<code>/remove")
@requires(P.MEETING_EDIT)
def remove_file(meeting_id: int, code: str) -> Answer:
    """Take a file away."""
    actor = current_actor()
    return act(meeting_id, Form(), lambda: materials.remove_file(actor, meeting_id, code))


@bp.get("/meetings/<int:meeting_id>/files/<code>")
@requires(P.MEETING_VIEW)
def file(meeting_id: int, code: str) -> Answer:
    """Download a file of the meeting."""
    actor = current_actor()
    return _download(lambda: materials.read_file(actor, meeting_id, code))


@bp.get("/actions/<int:action_id>/evidence")
@requires(P.MEETING_VIEW)
def evidence(action_id: int) -> Answer:
    """Download what came with the report of a task."""
    actor = current_actor()
    return _download(lambda: materials.read_evidence(actor, action_id))


def _download(find: Callable[[], StoredFile]) -> Answer:
    with transaction():
        stored = find()
        data, name, media = files.read(stored), stored.name, MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
