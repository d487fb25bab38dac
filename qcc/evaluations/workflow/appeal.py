"""An appeal against a published result, decided by another person than those who made it."""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class AppealState(StrEnum):
    """Where an appeal stands."""

    PENDING = "pending"
    UPHELD = "upheld"
    REJECTED = "rejected"


S = AppealState


@dataclass(frozen=True, slots=True)
class AppealMoment:
    """What the conditions look at: who decides, and who took part in the result (scored it,
    published it) or appealed. *corrected*: how many items get other scores."""

    person: int
    involved: frozenset[int]
    corrected: int = 0


APPEAL = Workflow(
    "appeal",
    S,
    S.PENDING,
    [
        Transition(
            "uphold",
            (S.PENDING,),
            S.UPHELD,
            P.APPEAL_DECIDE,
            guards=("decided_by_uninvolved", "something_is_corrected"),
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "reject",
            (S.PENDING,),
            S.REJECTED,
            P.APPEAL_DECIDE,
            guards=("decided_by_uninvolved",),
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
    ],
    guards={
        "decided_by_uninvolved": lambda facts: facts.person not in facts.involved,
        "something_is_corrected": lambda facts: facts.corrected > 0,
    },
)
