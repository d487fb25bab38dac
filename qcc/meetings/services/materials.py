"""The files of a meeting: slides, photos, the signed sheet. They are locked with the minutes."""

from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Meeting, MeetingFile, MeetingFileKind
from qcc.meetings.permissions import may_read_files
from qcc.meetings.queries import get_action, get_meeting, list_files, lock_meeting
from qcc.meetings.workflow import MeetingState

S = MeetingState
OPEN = frozenset(S) - {S.FINAL, S.CANCELLED}
"""States in which files are added and removed."""


def _lock(actor: Actor, meeting_id: int) -> Meeting:
    meeting = lock_meeting(actor, meeting_id)
    if meeting.state not in OPEN:
        raise Refused(_l("The files of the meeting are closed with its minutes."), "file")
    return meeting


def add_file(
    actor: Actor, meeting_id: int, kind: MeetingFileKind, data: bytes, filename: str
) -> MeetingFile:
    """Keep a file with the meeting."""
    meeting = _lock(actor, meeting_id)
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    added = MeetingFile(code=new_code(), meeting_id=meeting.id, file=stored, kind=kind)
    db.session.add(added)
    db.session.flush()
    detail = {"name": stored.name, "sha256": stored.sha256, "kind": kind.value}
    audit.record(actor, "meeting.file_added", "meeting", meeting.id, detail)
    return added


def remove_file(actor: Actor, meeting_id: int, code: str) -> None:
    """The file belongs to the meeting no more."""
    meeting = _lock(actor, meeting_id)
    found = _find(meeting.id, code)
    found.removed_at = clock.now()
    audit.record(actor, "meeting.file_removed", "meeting", meeting.id, {"name": found.file.name})


def _find(meeting_id: int, code: str) -> MeetingFile:
    found = next((each for each in list_files(meeting_id) if each.code == code), None)
    if found is None:
        raise NotFound
    return found


def read_file(actor: Actor, meeting_id: int, code: str) -> StoredFile:
    """A file of a meeting for whoever may read it; the reading is on record."""
    meeting = get_meeting(actor, meeting_id)
    if not may_read_files(actor, meeting):
        raise NotFound
    stored = _find(meeting.id, code).file
    audit.record(actor, "meeting.file_read", "meeting", meeting.id, {"name": stored.name})
    return stored


def read_evidence(actor: Actor, action_id: int) -> StoredFile:
    """What came with the report of a task; the reading is on record."""
    item = get_action(actor, action_id)
    if item.file is None:
        raise NotFound
    audit.record(actor, "action.file_read", "action_item", item.id, {"name": item.file.name})
    return item.file
