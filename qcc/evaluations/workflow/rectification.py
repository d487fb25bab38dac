"""The life of a rectification order (限期整改): planned, worked off with evidence, verified (M.20).

The regulation says neither how long it takes nor who verifies: the day is set by who orders, and
nobody verifies what they own or handed in, nor what their own employer is to put right.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class RectificationState(StrEnum):
    """Where an order stands. *withdrawn*: taken back, or what it rests on fell away."""

    ISSUED = "issued"
    UNDERWAY = "underway"
    HANDED_IN = "handed_in"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = RectificationState

OPEN = frozenset({S.ISSUED, S.UNDERWAY, S.HANDED_IN})
"""Something is still to be done."""

OWED = frozenset({S.ISSUED, S.UNDERWAY})
"""The center owes the next step, by the day of the order."""


class Effect(StrEnum):
    """What a verification finds (整改效果): 有效, 部分有效, 无效."""

    EFFECTIVE = "effective"
    PARTLY = "partly"
    INEFFECTIVE = "ineffective"


@dataclass(frozen=True, slots=True)
class RectificationMoment:
    """What the conditions look at. *unplanned*: items without measure, owner and day; *unproven*:
    items without evidence; *involved*: who owns an item, planned or handed in; *ineffective*: items
    that were judged so; *later*: the day up to which it is extended."""

    today: date
    due_on: date
    unplanned: int = 0
    unproven: int = 0
    person: int = 0
    involved: frozenset[int] = frozenset()
    is_of_host: bool = False
    ineffective: int = 0
    later: date | None = None


_VERIFIER = ("verified_by_uninvolved", "verifier_is_not_of_host")

RECTIFICATION = Workflow(
    "rectification",
    S,
    S.ISSUED,
    [
        Transition(
            "plan",
            (S.ISSUED,),
            S.UNDERWAY,
            P.RECTIFICATION_SUBMIT,
            guards=("everything_is_planned",),
            notifies=("orderer",),
        ),
        Transition(
            "hand_in",
            (S.UNDERWAY,),
            S.HANDED_IN,
            P.RECTIFICATION_SUBMIT,
            guards=("everything_is_proven",),
            notifies=("orderer",),
        ),
        Transition(
            "close",
            (S.HANDED_IN,),
            S.CLOSED,
            P.RECTIFICATION_ORDER,
            guards=(*_VERIFIER, "nothing_is_ineffective"),
            reason=Reason.REQUIRED,
            notifies=("center", "host"),
        ),
        Transition(
            "extend",
            (S.HANDED_IN,),
            S.UNDERWAY,
            P.RECTIFICATION_ORDER,
            guards=(*_VERIFIER, "extended_to_a_later_day"),
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        *(
            Transition(
                "postpone",
                (state,),
                state,
                P.RECTIFICATION_ORDER,
                guards=("extended_to_a_later_day",),
                reason=Reason.REQUIRED,
                notifies=("center",),
            )
            for state in (S.ISSUED, S.UNDERWAY)
        ),
        Transition(
            "withdraw",
            (S.ISSUED, S.UNDERWAY, S.HANDED_IN),
            S.WITHDRAWN,
            P.RECTIFICATION_ORDER,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "lapse",
            (S.ISSUED, S.UNDERWAY, S.HANDED_IN),
            S.WITHDRAWN,
            P.CLOCK,
            notifies=("center",),
        ),
    ],
    guards={
        "everything_is_planned": lambda facts: facts.unplanned == 0,
        "everything_is_proven": lambda facts: facts.unproven == 0,
        "verified_by_uninvolved": lambda facts: facts.person not in facts.involved,
        "verifier_is_not_of_host": lambda facts: not facts.is_of_host,
        "nothing_is_ineffective": lambda facts: facts.ineffective == 0,
        "extended_to_a_later_day": lambda facts: (
            facts.later is not None and facts.later > max(facts.today, facts.due_on)
        ),
    },
)
