"""What waits of yearly documents and assigned tasks."""

from collections.abc import Iterator
from datetime import timedelta

from qcc.evaluations.queries.documents import list_document_rows, list_documents
from qcc.evaluations.queries.tasks import list_tasks
from qcc.evaluations.rules.documents import DAYS_BEFORE, Standing
from qcc.evaluations.services.documents import link_of, title_of
from qcc.evaluations.workflow import DocumentState, TaskState
from qcc.infra import clock
from qcc.infra.i18n import _
from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Actor
from qcc.workbench.waiting import Waiting


def received(actor: Actor) -> Iterator[Waiting]:
    """Yearly documents that were handed in to this place."""
    for row in list_documents(actor, DocumentState.SUBMITTED):
        about = f"{row.center.name} · {title_of(row)}"
        word = _("Acknowledge or return the document")
        yield Waiting(word, about, link_of(row), row.submitted_at)


def owed(actor: Actor) -> Iterator[Waiting]:
    """What the own center owes of this year or the last, from a month before it is due; and what
    was returned to it."""
    today = clock.today()
    for year in (today.year - 1, today.year):
        for row in list_document_rows(actor, year, today):
            wanting = {Standing.NOT_DUE, Standing.MISSING} & set(row.standings.values())
            if wanting and today >= row.due_on - timedelta(days=max(DAYS_BEFORE)):
                word, due = _("Hand in the yearly documents"), end_of_day(row.due_on)
                yield Waiting(word, row.name, f"/annual?year={year}", None, due)
    for document in list_documents(actor, DocumentState.RETURNED):
        until = end_of_day(document.correct_by) if document.correct_by else None
        word = _("Correct the document and submit it again")
        yield Waiting(word, title_of(document), link_of(document), None, until)


def assigned(actor: Actor) -> Iterator[Waiting]:
    """Assigned tasks that the own center has not reported."""
    for row in list_tasks(actor, TaskState.ASSIGNED, limit=20):
        word, url = _("Report on the assigned task"), f"/assigned-tasks/{row.code}"
        due = end_of_day(row.task.due_on)
        yield Waiting(word, row.task.title, url, row.task.assigned_at, due)


def reported(actor: Actor) -> Iterator[Waiting]:
    """Reports that this commission judges."""
    office = actor.organization_id
    for row in list_tasks(actor, TaskState.REPORTED, issued_by=office, limit=20):
        about, url = f"{row.center.name} · {row.task.title}", f"/assigned-tasks/{row.code}"
        yield Waiting(_("Judge the report on the task"), about, url, row.reported_at)
