"""Assigned tasks (指令性任务): given by a commission to centers of its level, reported, judged."""

from collections.abc import Sequence
from datetime import date

from qcc.centers.queries import current_hosting
from qcc.evaluations.models import AssignedTask, CenterTask
from qcc.evaluations.permissions import CENTER_ROLES
from qcc.evaluations.queries.tasks import get_task, list_assignable_centers, lock_task
from qcc.evaluations.services.telling import OFFICES
from qcc.evaluations.workflow import TASK, TaskMoment, TaskState
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, Role

texts(
    {
        "task.assigned": _l("The commission assigns a task until %(due)s: %(title)s."),
        "task.reported": _l("%(center)s has reported on the task: %(title)s."),
        "task.accept": _l("The assigned task is judged done: %(title)s."),
        "task.refuse": _l("The assigned task is judged not done: %(title)s. %(reason)s"),
        "task.return": _l("The report on the task was returned: %(title)s. %(reason)s"),
        "task.withdraw": _l("The assigned task was taken back: %(title)s. %(reason)s"),
    }
)


def assign_task(
    actor: Actor, title: str, text: str, due_on: date, center_ids: Sequence[int]
) -> AssignedTask:
    """Give a task to centers of the commission's own level."""
    if due_on < clock.today():
        raise Refused(_l("The day has to lie ahead."), "due_on")
    possible = {center.id: center for center in list_assignable_centers(actor)}
    if not center_ids or not possible.keys() >= set(center_ids):
        raise Refused(_l("Choose centers of your level."), "centers")
    task = AssignedTask(
        commission_id=actor.organization_id,
        title=title,
        text=text,
        due_on=due_on,
        assigned_at=clock.now(),
        assigned_by=actor.person_id,
    )
    db.session.add(task)
    shares = [
        CenterTask(task=task, center=possible[key], state=TaskState.ASSIGNED)
        for key in sorted(set(center_ids))
    ]
    db.session.add_all(shares)
    db.session.flush()
    for share in shares:
        detail = {"title": title, "due_on": due_on, "center": share.center_id}
        begin(TASK, share, "assign", actor, detail=detail)
        _tell_center(share, "task.assigned")
    return task


def report_task(
    actor: Actor, code: str, version: int, report: str, data: bytes = b"", filename: str = ""
) -> CenterTask:
    """The center says what it did, with a file if there is one."""
    share = lock_task(actor, code)
    if actor.role not in CENTER_ROLES:
        raise NotFound
    if not report.strip():
        raise Refused(_l("Say what was done."), "report")
    TASK.find("report", share.state)
    require_version(share, version)
    detail = {"due_on": share.task.due_on.isoformat()}
    if data:
        share.file = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
        detail |= {"sha256": share.file.sha256}
    share.report, share.reported_at = report.strip(), clock.now()
    take(TASK, share, "report", actor, detail=detail)
    _tell_commission(share)
    return share


def judge_task(actor: Actor, code: str, version: int, action: str, reason: str = "") -> CenterTask:
    """The commission that gave the task accepts or refuses what was done, returns the report, or
    takes the task back."""
    share = lock_task(actor, code)
    if share.task.commission_id != actor.organization_id:
        raise NotFound
    facts = TaskMoment(is_overdue=share.task.due_on < clock.today())
    take(TASK, share, action, actor, facts=facts, version=version, reason=reason)
    _tell_center(share, f"task.{action}", reason.strip())
    return share


def read_report_file(actor: Actor, code: str) -> tuple[StoredFile, bytes]:
    """The file of a report; that it was read is on record. Raises NotFound."""
    share = get_task(actor, code)
    if share.file is None:
        raise NotFound
    detail = {"sha256": share.file.sha256}
    audit.record(actor, "file.downloaded", TASK.name, share.id, detail)
    return share.file, files.read(share.file)


def _values(share: CenterTask, reason: str = "") -> dict[str, object]:
    return {
        "title": share.task.title,
        "due": share.task.due_on.isoformat(),
        "center": share.center.name,
        "reason": reason,
    }


def _tell_center(share: CenterTask, kind: str, reason: str = "") -> None:
    hosting = current_hosting(share.center_id)
    if hosting is None:
        return
    link, values = f"/assigned-tasks/{share.code}", _values(share, reason)
    for role in OFFICES:
        notify(hosting.institution_id, role, kind, values, link, share.center_id)


def _tell_commission(share: CenterTask) -> None:
    link, values = f"/assigned-tasks/{share.code}", _values(share)
    notify(share.task.commission_id, Role.COMMISSION_OFFICER, "task.reported", values, link)
