"""The life of an application: who may do what, in which state, on what conditions.

An institution drafts and submits; the receiving body (the evaluation center for provincial
centers, else the commission itself) checks; the commission decides, by another person than the one
who proposed (M.10). What the commission sends back is checked anew: it can be judged otherwise, and
returned to the applicant. Nobody checks or decides what they submitted themselves at another desk.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class ApplicationState(StrEnum):
    """Where an application stands, and so who holds it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    UNDER_DECISION = "under_decision"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = ApplicationState

WITH_APPLICANT = frozenset({S.DRAFT, S.RETURNED})
WITH_RECEPTION = frozenset({S.SUBMITTED, S.ACCEPTED})
UNDECIDED = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.UNDER_DECISION})
"""Submitted, and neither decided nor withdrawn."""

INTERNAL = frozenset({"propose", "send_back"})
"""Steps between the authorities: what they say to each other is not for the applicant."""


@dataclass(frozen=True, slots=True)
class ApplicationMoment:
    """What the conditions of a transition look at.

    *correct_by* is the end of the time given for correction, None outside of one; *person* is who
    takes the step, *submitted_by* are those who submitted for the institution; *awaits_review*: it
    competes, and the review of the competition is not closed.
    """

    now: datetime
    opens_at: datetime
    closes_at: datetime
    correct_by: datetime | None
    all_items_judged: bool
    proposed_by: int | None
    person: int
    submitted_by: frozenset[int] = frozenset()
    awaits_review: bool = False


def _call_is_open(facts: ApplicationMoment) -> bool:
    """From the opening moment up to, not including, the first moment after the closing day."""
    return facts.opens_at <= facts.now < facts.closes_at


def _correction_in_time(facts: ApplicationMoment) -> bool:
    return facts.correct_by is None or facts.now < facts.correct_by


APPLICATION = Workflow(
    "application",
    S,
    S.DRAFT,
    [
        Transition(
            "submit",
            (S.DRAFT,),
            S.SUBMITTED,
            P.APPLICATION_EDIT,
            guards=("call_is_open",),
            rules=("SUBMISSION_RULES",),
            notifies=("applicant", "reception"),
        ),
        Transition(
            "resubmit",
            (S.RETURNED,),
            S.SUBMITTED,
            P.APPLICATION_EDIT,
            guards=("correction_in_time",),
            rules=("SUBMISSION_RULES",),
            notifies=("applicant", "reception"),
        ),
        Transition(
            "withdraw",
            (S.SUBMITTED, S.RETURNED, S.ACCEPTED),
            S.WITHDRAWN,
            P.APPLICATION_EDIT,
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
        Transition(
            "return",
            (S.SUBMITTED,),
            S.RETURNED,
            P.APPLICATION_CHECK,
            guards=("not_own_application",),
            reason=Reason.REQUIRED,
            notifies=("applicant",),
        ),
        Transition(
            "accept",
            (S.SUBMITTED,),
            S.ACCEPTED,
            P.APPLICATION_CHECK,
            guards=("not_own_application", "all_items_judged"),
            notifies=("applicant",),
        ),
        Transition(
            "propose",
            (S.ACCEPTED,),
            S.UNDER_DECISION,
            P.APPLICATION_CHECK,
            guards=("not_own_application", "review_is_closed"),
            reason=Reason.REQUIRED,
            notifies=("commission",),
        ),
        Transition(
            "send_back",
            (S.UNDER_DECISION,),
            S.SUBMITTED,
            P.APPLICATION_DECIDE,
            guards=("not_own_application",),
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
        Transition(
            "approve",
            (S.UNDER_DECISION,),
            S.APPROVED,
            P.APPLICATION_DECIDE,
            guards=("not_own_application", "decided_by_another"),
            rules=("ESTABLISHMENT_RULES",),
            reason=Reason.ON_OVERRIDE,
            notifies=("applicant", "reception"),
        ),
        Transition(
            "refuse",
            (S.UNDER_DECISION,),
            S.REFUSED,
            P.APPLICATION_DECIDE,
            guards=("not_own_application", "decided_by_another"),
            reason=Reason.REQUIRED,
            notifies=("applicant", "reception"),
        ),
    ],
    guards={
        "call_is_open": _call_is_open,
        "correction_in_time": _correction_in_time,
        "all_items_judged": lambda facts: facts.all_items_judged,
        "not_own_application": lambda facts: facts.person not in facts.submitted_by,
        "review_is_closed": lambda facts: not facts.awaits_review,
        "decided_by_another": lambda facts: facts.proposed_by != facts.person,
    },
)
