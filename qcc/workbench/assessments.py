"""What waits in the assessment of centers, of yearly documents and of assigned tasks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from qcc.evaluations.queries import Due, list_due
from qcc.evaluations.queries.documents import list_document_rows
from qcc.evaluations.rules.documents import DAYS_BEFORE, DocumentKind, Standing
from qcc.evaluations.services.documents import TITLES
from qcc.infra import clock
from qcc.infra.i18n import _, _l
from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Actor
from qcc.workbench.waiting import Waiting

_SHOWN = {
    Due.ACCOUNT: (_l("Give the account of the assessment"), "/assessments/{}"),
    Due.SEAT: (_l("Score the centers"), "/rounds/{}/sheet"),
    Due.SCALE: (_l("Set the pass mark"), "/rounds/{}"),
    Due.APPEAL: (_l("Decide on the appeal"), "/assessments/{}/appeal"),
    Due.REVOCATION: (_l("Decide on the revocation"), "/revocations/{}"),
    Due.DOCUMENT: (_l("Acknowledge or return the document"), "/annual/{}"),
    Due.RETURNED: (_l("Correct the document and submit it again"), "/annual/{}"),
    Due.TASK: (_l("Report on the assigned task"), "/assigned-tasks/{}"),
    Due.REPORT: (_l("Judge the report on the task"), "/assigned-tasks/{}"),
    Due.ORDER: (_l("Order the rectification"), "/assessments/{}/rectification"),
    Due.PLAN: (_l("Plan the rectification"), "/rectifications/{}"),
    Due.RECTIFY: (_l("Put it right and hand in the evidence"), "/rectifications/{}"),
    Due.VERIFY: (_l("Verify the rectification"), "/rectifications/{}"),
    Due.VIOLATION: (_l("Decide whether to investigate the violation"), "/violations/{}"),
    Due.INQUIRY: (_l("Investigate, then hear the center"), "/violations/{}"),
    Due.STATEMENT: (_l("Give your statement on the violation"), "/violations/{}"),
    Due.VERDICT: (_l("Decide on the violation"), "/violations/{}"),
}


def _about(row: Any) -> str:
    """The center and what it is about; of a yearly document, as it is called on paper."""
    title = row.title
    if row.year:
        kind = DocumentKind(row.title)
        title = TITLES[kind].format(year=kind.about(row.year))
    return " · ".join(part for part in (row.center, title) if part)


def due(*kinds: Due) -> Callable[[Actor], Iterator[Waiting]]:
    """What waits for a desk of these kinds, read at once."""

    def read(actor: Actor) -> Iterator[Waiting]:
        for row in list_due(actor, kinds):
            words, url = _SHOWN[row.kind]
            until = row.due and end_of_day(row.due)
            yield Waiting(str(words), _about(row), url.format(row.code), row.since, until)

    return read


def owed(actor: Actor) -> Iterator[Waiting]:
    """Yearly documents that the own center owes of this year or the last, from a month before they
    are due."""
    today = clock.today()
    for year in (today.year - 1, today.year):
        for row in list_document_rows(actor, year, today):
            wanting = {Standing.NOT_DUE, Standing.MISSING} & set(row.standings.values())
            if wanting and today >= row.due_on - timedelta(days=max(DAYS_BEFORE)):
                word, until = _("Hand in the yearly documents"), end_of_day(row.due_on)
                yield Waiting(word, row.name, f"/annual?year={year}", None, until)
