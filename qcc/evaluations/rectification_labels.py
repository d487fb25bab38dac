"""How rectification orders are shown, and the words of their timelines."""

from qcc.evaluations.models import Basis
from qcc.evaluations.workflow import Effect, RectificationState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps

labels(
    {
        RectificationState.ISSUED: Label(_l("Plan awaited"), "action", "◐"),
        RectificationState.UNDERWAY: Label(_l("Being put right"), "action", "◐"),
        RectificationState.HANDED_IN: Label(_l("To be verified"), "wait", "…"),
        RectificationState.CLOSED: Label(_l("Rectification complete"), "done", "✓"),
        RectificationState.WITHDRAWN: Label(_l("Order withdrawn"), "idle", "×"),
    }
)
labels(
    {
        Effect.EFFECTIVE: Label(_l("Effective"), "done", "✓"),
        Effect.PARTLY: Label(_l("Partly effective"), "wait", "◐"),
        Effect.INEFFECTIVE: Label(_l("Ineffective"), "danger", "×"),
    }
)
labels(
    {
        Basis.ASSESSMENT: _l("Failed assessment"),
        Basis.VIOLATION: _l("Violation that is founded"),
        Basis.SUPERVISION: _l("Supervision visit"),
    }
)
steps(
    "rectification",
    {
        "issue": _l("Rectification ordered"),
        "plan": _l("Plan handed in"),
        "hand_in": _l("Evidence handed in"),
        "close": _l("Found effective, closed"),
        "extend": _l("Extended after verification"),
        "postpone": _l("Day put off"),
        "withdraw": _l("Order withdrawn"),
        "lapse": _l("Order no longer stands"),
    },
)
