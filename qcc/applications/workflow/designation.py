"""The life of a direct designation (M.8): proposed by the commission, checked, decided by another.

The receiving body (the evaluation center for provincial centers, else the commission itself) checks
the ground and its evidence. Whoever proposed or checked, at whatever desk, does not decide; where
another body checks, nobody checks for it what they proposed at the commission.
"""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class DesignationState(StrEnum):
    """Where a designation stands, and so who holds it."""

    DRAFT = "draft"
    UNDER_CHECK = "under_check"
    UNDER_DECISION = "under_decision"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = DesignationState

UNDER_WAY = frozenset({S.DRAFT, S.UNDER_CHECK, S.UNDER_DECISION})
"""The center is under designation as long as its designation stands in one of these."""


@dataclass(frozen=True, slots=True)
class DesignationMoment:
    """Who takes the step, who ever proposed and who ever checked it, as persons; and whether the
    commission receives for itself."""

    person: int
    proposers: frozenset[int] = frozenset()
    checkers: frozenset[int] = frozenset()
    receives_for_itself: bool = False


def _checked_by_another(facts: DesignationMoment) -> bool:
    """A commission that receives for itself needs two persons, not three."""
    return facts.receives_for_itself or facts.person not in facts.proposers


DESIGNATION = Workflow(
    "designation",
    S,
    S.DRAFT,
    [
        Transition(
            "propose",
            (S.DRAFT,),
            S.UNDER_CHECK,
            P.CALL_EDIT,
            rules=("DESIGNATION_RULES",),
            notifies=("reception",),
        ),
        Transition(
            "return",
            (S.UNDER_CHECK,),
            S.DRAFT,
            P.APPLICATION_CHECK,
            guards=("checked_by_another",),
            reason=Reason.REQUIRED,
            notifies=("commission",),
        ),
        Transition(
            "pass",
            (S.UNDER_CHECK,),
            S.UNDER_DECISION,
            P.APPLICATION_CHECK,
            guards=("checked_by_another",),
            reason=Reason.REQUIRED,
            notifies=("commission",),
        ),
        Transition(
            "send_back",
            (S.UNDER_DECISION,),
            S.UNDER_CHECK,
            P.APPLICATION_DECIDE,
            guards=("decided_by_a_third",),
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
        Transition(
            "approve",
            (S.UNDER_DECISION,),
            S.APPROVED,
            P.APPLICATION_DECIDE,
            guards=("decided_by_a_third",),
            rules=("DESIGNATION_RULES",),
            reason=Reason.ON_OVERRIDE,
            notifies=("institution", "reception"),
        ),
        Transition(
            "refuse",
            (S.UNDER_DECISION,),
            S.REFUSED,
            P.APPLICATION_DECIDE,
            guards=("decided_by_a_third",),
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
        Transition(
            "withdraw",
            (S.DRAFT, S.UNDER_CHECK, S.UNDER_DECISION),
            S.WITHDRAWN,
            P.CALL_EDIT,
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
    ],
    guards={
        "checked_by_another": _checked_by_another,
        "decided_by_a_third": lambda facts: facts.person not in facts.proposers | facts.checkers,
    },
)
