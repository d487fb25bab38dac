"""How the states of a direct designation are shown, and the words of its timeline."""

from typing import Any

from qcc.applications.workflow.designation import DesignationState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels

S = DesignationState

labels(
    {
        S.DRAFT: Label(_l("Draft"), "idle", "○"),
        S.UNDER_CHECK: Label(_l("Under formal check"), "action", "◐"),
        S.UNDER_DECISION: Label(_l("Under decision"), "action", "◐"),
        S.APPROVED: Label(_l("Approved"), "done", "✓"),
        S.REFUSED: Label(_l("Refused"), "danger", "×"),
        S.WITHDRAWN: Label(_l("Withdrawn"), "idle", "×"),
    }
)

ACTION_WORDS: dict[str, Any] = {
    "start": _l("Draft begun"),
    "propose": _l("Designation proposed"),
    "return": _l("Returned for correction"),
    "pass": _l("Passed the formal check"),
    "send_back": _l("Sent back to the check"),
    "approve": _l("Approved"),
    "refuse": _l("Refused"),
    "withdraw": _l("Withdrawn"),
}
"""Action → what the timeline says."""

HOLDERS: dict[DesignationState, Any] = {
    S.DRAFT: _l("With the commission: name the grounds with their evidence and the officers."),
    S.UNDER_CHECK: _l("With the receiving body, for the formal check."),
    S.UNDER_DECISION: _l("With the commission, for the decision."),
    S.APPROVED: _l("Decided: the center is established."),
    S.REFUSED: _l("Decided: refused. The center can be called for or designated anew."),
    S.WITHDRAWN: _l("Given up. The center can be called for or designated anew."),
}
"""State → who holds the designation now, and what comes next."""


def designation_words(_workflow: str, action: str) -> str:
    """What the timeline says of a step."""
    return str(ACTION_WORDS[action])
