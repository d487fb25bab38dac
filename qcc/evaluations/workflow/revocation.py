"""The revocation of a hosting: proposed after two failed years, decided by the commission."""

from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class RevocationState(StrEnum):
    """Where a revocation stands. *lapsed*: the hosting ended otherwise, or a result on which the
    proposal stood no longer stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"


S = RevocationState

REVOCATION = Workflow(
    "revocation",
    S,
    S.PROPOSED,
    [
        Transition(
            "approve",
            (S.PROPOSED,),
            S.APPROVED,
            P.REVOCATION_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("host", "center"),
        ),
        Transition(
            "decline",
            (S.PROPOSED,),
            S.DECLINED,
            P.REVOCATION_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("host", "center"),
        ),
        Transition("lapse", (S.PROPOSED,), S.LAPSED, P.CLOCK),
    ],
)
