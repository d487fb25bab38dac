"""How the states, kinds and posts of centers are shown, and the words of their timelines."""

from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.workflow import CenterState, ChangeState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps
from qcc.kernel.places import Level
from qcc.regulations.catalogs import CenterKind

labels(
    {
        CenterState.PLANNED: Label(_l("Planned"), "idle", "○"),
        CenterState.IN_CALL: Label(_l("In call"), "action", "◐"),
        CenterState.UNDER_DESIGNATION: Label(_l("Under designation"), "action", "◇"),
        CenterState.ESTABLISHED: Label(_l("Established"), "done", "✓"),
        CenterState.RECTIFYING: Label(_l("Rectifying"), "wait", "!"),
        CenterState.VACANT: Label(_l("Vacant"), "danger", "△"),
        CenterState.CLOSED: Label(_l("Closed"), "idle", "×"),
        ChangeState.OPEN: Label(_l("Waits for a proposal"), "wait", "…"),
        ChangeState.PROPOSED: Label(_l("Waits for the decision"), "action", "◐"),
        ChangeState.REPLACED: Label(_l("Replaced"), "done", "✓"),
        ChangeState.EXCEPTED: Label(_l("Stays by exception"), "done", "✓"),
        ChangeState.DISMISSED: Label(_l("Dismissed"), "idle", "×"),
        CenterKind.QUALITY_CONTROL: _l("Quality control"),
        CenterKind.TECHNICAL_GUIDANCE: _l("Technical guidance"),
        OfficerPost.DIRECTOR: _l("Director"),
        OfficerPost.EXECUTIVE_DEPUTY: _l("Executive deputy director"),
        OfficerPost.DEPUTY: _l("Deputy director"),
        OfficerPost.SECRETARY: _l("Liaison secretary"),
        HostPosition.PRESIDENT: _l("President of the host"),
        HostPosition.VICE_PRESIDENT_IN_CHARGE: _l("Vice-president in charge"),
        HostPosition.OTHER: _l("Other post"),
        Level.NATION: _l("National"),
        Level.PROVINCE: _l("Provincial"),
        Level.CITY: _l("Municipal"),
        Level.COUNTY: _l("County"),
    }
)

steps(
    "center",
    {
        "plan": _l("Entered in the directory"),
        "open_call": _l("Call opened"),
        "call_off": _l("Call ended without a host"),
        "call_off_to_vacant": _l("Call ended without a new host"),
        "lapse": _l("Call ended without a host"),
        "lapse_to_vacant": _l("Call ended without a new host"),
        "begin_designation": _l("Direct designation begun"),
        "end_designation": _l("Direct designation ended without a host"),
        "end_designation_to_vacant": _l("Direct designation ended without a new host"),
        "establish": _l("Established"),
        "order_rectification": _l("Rectification ordered"),
        "rectification_lapses": _l("Rectification order no longer stands"),
        "accept_rectification": _l("Rectification accepted"),
        "end_hosting": _l("Hosting ended"),
        "close": _l("Closed"),
    },
)
steps(
    "change",
    {
        "report": _l("Change of employment reported"),
        "propose": _l("Proposal made"),
        "return": _l("Proposal returned"),
        "replace": _l("Replacement approved"),
        "except": _l("Exception granted"),
        "dismiss": _l("Dismissed"),
    },
)
