"""The life of a case of prohibited conduct (M.27): reported, investigated, heard, decided (M.28).

The regulation names the conduct and the consequence. The hearing, and that somebody else decides
than who investigated, are this product's reading of it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class ViolationState(StrEnum):
    """Where a case stands. *lapsed*: the hosting that it concerns ended otherwise."""

    REPORTED = "reported"
    INVESTIGATING = "investigating"
    HEARING = "hearing"
    STATED = "stated"
    DECLINED = "declined"
    UNFOUNDED = "unfounded"
    FOUNDED = "founded"
    SERIOUS = "serious"
    LAPSED = "lapsed"


S = ViolationState

UNDECIDED = (S.REPORTED, S.INVESTIGATING, S.HEARING, S.STATED)

DECIDED = frozenset({S.UNFOUNDED, S.FOUNDED, S.SERIOUS})
"""The commission has said what comes of it."""


@dataclass(frozen=True, slots=True)
class ViolationMoment:
    """What the conditions look at. *involved*: who reported or investigated; *statement_by*: the
    last day on which the center is heard."""

    today: date
    person: int = 0
    involved: frozenset[int] = frozenset()
    is_of_host: bool = False
    has_findings: bool = False
    statement_by: date | None = None
    is_stated: bool = False


def _is_free(facts: ViolationMoment) -> bool:
    return facts.person not in facts.involved and not facts.is_of_host


def _decision(action: str, target: ViolationState) -> Transition:
    return Transition(
        action,
        (S.HEARING, S.STATED),
        target,
        P.VIOLATION_DECIDE,
        guards=("decided_by_uninvolved_person", "center_was_heard"),
        reason=Reason.REQUIRED,
        notifies=("center", "host"),
    )


VIOLATION = Workflow(
    "violation",
    S,
    S.REPORTED,
    [
        Transition(
            "investigate",
            (S.REPORTED,),
            S.INVESTIGATING,
            P.VIOLATION_INVESTIGATE,
            guards=("investigated_by_another",),
        ),
        Transition(
            "decline",
            (S.REPORTED,),
            S.DECLINED,
            P.VIOLATION_INVESTIGATE,
            guards=("investigated_by_another",),
            reason=Reason.REQUIRED,
            notifies=("reporter",),
        ),
        Transition(
            "hear",
            (S.INVESTIGATING,),
            S.HEARING,
            P.VIOLATION_INVESTIGATE,
            guards=("findings_are_written", "statement_lies_ahead"),
            notifies=("center",),
        ),
        Transition(
            "state",
            (S.HEARING,),
            S.STATED,
            P.VIOLATION_ANSWER,
            guards=("statement_is_in_time",),
            notifies=("commission",),
        ),
        _decision("dismiss", S.UNFOUNDED),
        _decision("uphold", S.FOUNDED),
        _decision("revoke", S.SERIOUS),
        Transition("lapse", UNDECIDED, S.LAPSED, P.CLOCK),
    ],
    guards={
        "investigated_by_another": _is_free,
        "findings_are_written": lambda facts: facts.has_findings,
        "statement_lies_ahead": lambda facts: (
            facts.statement_by is not None and facts.statement_by > facts.today
        ),
        "statement_is_in_time": lambda facts: (
            facts.statement_by is not None and facts.today <= facts.statement_by
        ),
        "center_was_heard": lambda facts: (
            facts.is_stated or (facts.statement_by is not None and facts.today > facts.statement_by)
        ),
        "decided_by_uninvolved_person": _is_free,
    },
)
