"""How cases of prohibited conduct are shown, and the words of their timelines."""

from qcc.evaluations.models import ViolationFileKind
from qcc.evaluations.workflow import ViolationState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps

labels(
    {
        ViolationState.REPORTED: Label(_l("Violation reported"), "wait", "!"),
        ViolationState.INVESTIGATING: Label(_l("Under investigation"), "action", "◐"),
        ViolationState.HEARING: Label(_l("Center is heard"), "wait", "…"),
        ViolationState.STATED: Label(_l("Violation to be decided"), "wait", "!"),
        ViolationState.DECLINED: Label(_l("Report not taken up"), "idle", "×"),
        ViolationState.UNFOUNDED: Label(_l("Violation not founded"), "done", "✓"),
        ViolationState.FOUNDED: Label(_l("Violation founded"), "danger", "!"),
        ViolationState.SERIOUS: Label(_l("Serious: hosting revoked"), "danger", "×"),
        ViolationState.LAPSED: Label(_l("Case lapsed"), "idle", "○"),
    }
)
labels(
    {
        ViolationFileKind.REPORT: _l("With the report"),
        ViolationFileKind.FINDING: _l("Of the investigation"),
        ViolationFileKind.STATEMENT: _l("With the statement"),
    }
)
steps(
    "violation",
    {
        "report": _l("Violation reported"),
        "investigate": _l("Investigation begun"),
        "decline": _l("Report not taken up"),
        "hear": _l("Center asked for its statement"),
        "state": _l("Statement given"),
        "dismiss": _l("Violation not founded"),
        "uphold": _l("Violation founded"),
        "revoke": _l("Serious: hosting revoked"),
        "lapse": _l("Case lapsed"),
    },
)
