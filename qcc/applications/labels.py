"""How the states of an application are shown, and the words of its timeline."""

from functools import cache
from typing import Any

from qcc.applications.models import Audience
from qcc.applications.workflow import ApplicationState
from qcc.infra.i18n import _l, current_language
from qcc.infra.papers import PaperState
from qcc.infra.templating import Label, labels

labels(
    {
        ApplicationState.DRAFT: Label(_l("Draft"), "idle", "○"),
        ApplicationState.SUBMITTED: Label(_l("Under formal check"), "action", "◐"),
        ApplicationState.RETURNED: Label(_l("Returned for correction"), "wait", "!"),
        ApplicationState.ACCEPTED: Label(_l("Accepted"), "action", "◐"),
        ApplicationState.UNDER_DECISION: Label(_l("Under decision"), "action", "◐"),
        ApplicationState.APPROVED: Label(_l("Approved"), "done", "✓"),
        ApplicationState.REFUSED: Label(_l("Refused"), "danger", "×"),
        ApplicationState.WITHDRAWN: Label(_l("Withdrawn"), "idle", "×"),
        Audience.JURISDICTION: _l("All institutions of the jurisdiction"),
        Audience.NAMED: _l("Invited institutions"),
        PaperState.PENDING: Label(_l("Being made"), "wait", "…"),
        PaperState.ISSUED: Label(_l("Issued"), "done", "✓"),
        PaperState.FAILED: Label(_l("Could not be made"), "danger", "×"),
    }
)

ACTION_WORDS: dict[str, Any] = {
    "submit": _l("Submitted"),
    "resubmit": _l("Corrected and resubmitted"),
    "withdraw": _l("Withdrawn"),
    "return": _l("Returned for correction"),
    "accept": _l("Passed the formal check"),
    "propose": _l("Laid before the commission"),
    "send_back": _l("Sent back to the check"),
    "approve": _l("Approved"),
    "refuse": _l("Refused"),
    "send": _l("Opinion on the refusal sent"),
    "answer": _l("Opinion on the refusal answered"),
}
"""Action → what the timeline says."""

HOLDERS: dict[ApplicationState, Any] = {
    ApplicationState.DRAFT: _l("With the applicant: fill in every part, then submit."),
    ApplicationState.SUBMITTED: _l("With the receiving body, for the formal check."),
    ApplicationState.RETURNED: _l("With the applicant, for correction."),
    ApplicationState.ACCEPTED: _l("With the receiving body, to be laid before the commission."),
    ApplicationState.UNDER_DECISION: _l("With the commission, for the decision."),
    ApplicationState.APPROVED: _l("Decided: the center is established."),
    ApplicationState.REFUSED: _l("Decided: refused."),
    ApplicationState.WITHDRAWN: _l("Withdrawn by the applicant."),
}
"""State → who holds the application now, and what comes next."""


@cache
def _spelt_out(action: str, _language: str) -> str:
    return str(ACTION_WORDS[action])


def action_words(_workflow: str, action: str) -> str:
    """What the timeline says of a step."""
    return _spelt_out(action, current_language())
