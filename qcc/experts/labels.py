"""How the states, roles and answers of panels are shown, and the words of their timeline."""

from qcc.experts.models import ConsentKind, FilingReceiver
from qcc.experts.rules import Consent, PanelRole, Standing
from qcc.experts.workflow import MemberChangeState, PanelState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps

labels(
    {
        PanelState.DRAFT: Label(_l("Roster in preparation"), "idle", "○"),
        PanelState.COLLECTING: Label(_l("Collecting consents"), "wait", "…"),
        PanelState.UNDER_REVIEW: Label(_l("Under review"), "action", "◐"),
        PanelState.APPROVED: Label(_l("Approved, to be filed"), "action", "◐"),
        PanelState.FILED: Label(_l("Filed"), "done", "✓"),
        PanelState.EXPIRING: Label(_l("Term ends soon"), "wait", "!"),
        PanelState.EXPIRED: Label(_l("Term ended"), "idle", "×"),
        PanelState.DISSOLVED: Label(_l("Dissolved"), "danger", "×"),
        MemberChangeState.OPEN: Label(_l("To be answered by the center"), "action", "◐"),
        MemberChangeState.PROPOSED: Label(_l("Before the commission"), "wait", "…"),
        MemberChangeState.REPLACED: Label(_l("Replaced"), "done", "✓"),
        MemberChangeState.EXCEPTED: Label(_l("Stays by exception"), "done", "✓"),
        MemberChangeState.DISMISSED: Label(_l("Laid aside"), "idle", "×"),
        PanelRole.HEAD: _l("Panel head"),
        PanelRole.DEPUTY_HEAD: _l("Deputy panel head"),
        PanelRole.MEMBER: _l("Panel member"),
        Consent.MISSING: Label(_l("Waits for an answer"), "wait", "…"),
        Consent.GIVEN: Label(_l("Consent given"), "done", "✓"),
        Consent.REFUSED: Label(_l("Consent refused"), "danger", "×"),
        ConsentKind.EMPLOYER: _l("Employer"),
        ConsentKind.AUTHORITY: _l("Local health authority"),
        FilingReceiver.UPPER_CENTER: _l("Upper-level center"),
        FilingReceiver.NATIONAL_CENTER: _l("National center"),
        FilingReceiver.EVALUATION_CENTER: _l("Evaluation center"),
        Standing.UNIT_HEAD: _l("Head of the specialty in the own unit"),
        Standing.REGIONAL_PRESTIGE: _l("Prestige in the region"),
    }
)

steps(
    "panel",
    {
        "nominate": _l("Nominated by the director"),
        "recall": _l("Taken back by the director"),
        "present": _l("Presented for review"),
        "return": _l("Returned by the commission"),
        "approve": _l("Approved"),
        "file": _l("Filed"),
        "near_end": _l("Term ends soon"),
        "expire": _l("Term ended"),
        "dissolve": _l("Dissolved"),
        "lapse": _l("Ended with the hosting"),
    },
)

steps(
    "member_change",
    {
        "report": _l("Reported"),
        "present": _l("Presented to the commission"),
        "replace": _l("Replacement approved"),
        "except": _l("Exception approved"),
        "return": _l("Returned by the commission"),
        "dismiss": _l("Laid aside"),
    },
)
