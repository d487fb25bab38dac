"""How yearly documents, tasks and internal rules are shown: states, sections, columns, steps."""

from typing import Any

from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind, Standing
from qcc.evaluations.workflow import DocumentState, TaskState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps

labels(
    {
        DocumentKind.SUMMARY: _l("Annual summary"),
        DocumentKind.NEXT_PLAN: _l("Annual work plan"),
    }
)
labels(
    {
        DocumentState.DRAFT: Label(_l("Being written"), "action", "◐"),
        DocumentState.SUBMITTED: Label(_l("Document submitted"), "wait", "…"),
        DocumentState.RETURNED: Label(_l("To be corrected"), "danger", "!"),
        DocumentState.ACKNOWLEDGED: Label(_l("Acknowledged"), "done", "✓"),
    }
)
labels(
    {
        Standing.NOT_DUE: Label(_l("Not handed in yet"), "idle", "○"),
        Standing.IN_TIME: Label(_l("Handed in in time"), "done", "✓"),
        Standing.LATE: Label(_l("Handed in late"), "wait", "△"),
        Standing.CORRECTING: Label(_l("To be corrected"), "wait", "!"),
        Standing.MISSING: Label(_l("Overdue and missing"), "danger", "×"),
    }
)
labels(
    {
        TaskState.ASSIGNED: Label(_l("To be done"), "action", "◐"),
        TaskState.REPORTED: Label(_l("Reported, to be judged"), "wait", "…"),
        TaskState.DONE: Label(_l("Judged done"), "done", "✓"),
        TaskState.NOT_DONE: Label(_l("Judged not done"), "danger", "×"),
        TaskState.WITHDRAWN: Label(_l("Taken back"), "idle", "○"),
    }
)
labels(
    {
        InternalRuleKind.MEETINGS: _l("Regular meetings"),
        InternalRuleKind.ASSESSMENT: _l("Assessment and evaluation"),
        InternalRuleKind.INFORMATION_SECURITY: _l("Information security"),
        InternalRuleKind.FUNDS: _l("Use of funds"),
    }
)

SECTION_WORDS: dict[str, Any] = {
    "goals": _l("Goals"),
    "work": _l("Work done"),
    "figures": _l("Figures of the year"),
    "problems": _l("Problems"),
    "budget": _l("Budget and its execution (yuan)"),
    "items": _l("Items of work by month"),
}
COLUMN_WORDS: dict[str, Any] = {
    "name": _l("Item"),
    "value": _l("Figure"),
    "unit": _l("Unit"),
    "planned": _l("Budget (yuan)"),
    "spent": _l("Spent (yuan)"),
    "what": _l("What is planned"),
    "owner": _l("Who does it"),
    "month": _l("Month"),
}

steps(
    "annual_document",
    {
        "begin": _l("Document begun"),
        "submit": _l("Submitted by the director"),
        "acknowledge": _l("Acknowledged"),
        "return": _l("Document returned"),
    },
)
steps(
    "assigned_task",
    {
        "assign": _l("Task assigned"),
        "report": _l("Reported done"),
        "accept": _l("Judged done"),
        "refuse": _l("Judged not done"),
        "return": _l("Report returned"),
        "withdraw": _l("Task taken back"),
    },
)
