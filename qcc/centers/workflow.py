"""The states of a center, and of a personnel change of its officers (M.12(7))."""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class CenterState(StrEnum):
    """planned → in call, or under designation → established ⇄ rectifying; vacant once a host is
    gone; closed for good."""

    PLANNED = "planned"
    IN_CALL = "in_call"
    UNDER_DESIGNATION = "under_designation"
    ESTABLISHED = "established"
    RECTIFYING = "rectifying"
    VACANT = "vacant"
    CLOSED = "closed"


S = CenterState

CENTER = Workflow(
    "center",
    S,
    S.PLANNED,
    [
        Transition("open_call", (S.PLANNED, S.VACANT), S.IN_CALL, P.CALL_EDIT),
        Transition("call_off", (S.IN_CALL,), S.PLANNED, P.CALL_EDIT, reason=Reason.REQUIRED),
        Transition(
            "call_off_to_vacant", (S.IN_CALL,), S.VACANT, P.CALL_EDIT, reason=Reason.REQUIRED
        ),
        Transition("lapse", (S.IN_CALL,), S.PLANNED, P.CLOCK),
        Transition("lapse_to_vacant", (S.IN_CALL,), S.VACANT, P.CLOCK),
        Transition("begin_designation", (S.PLANNED, S.VACANT), S.UNDER_DESIGNATION, P.CALL_EDIT),
        Transition(
            "end_designation",
            (S.UNDER_DESIGNATION,),
            S.PLANNED,
            P.CALL_EDIT,
            reason=Reason.REQUIRED,
        ),
        Transition(
            "end_designation_to_vacant",
            (S.UNDER_DESIGNATION,),
            S.VACANT,
            P.CALL_EDIT,
            reason=Reason.REQUIRED,
        ),
        Transition(
            "establish", (S.IN_CALL, S.UNDER_DESIGNATION), S.ESTABLISHED, P.APPLICATION_DECIDE
        ),
        Transition(
            "order_rectification",
            (S.ESTABLISHED,),
            S.RECTIFYING,
            P.RECTIFICATION_ORDER,
            reason=Reason.REQUIRED,
            notifies=("host",),
        ),
        Transition(
            "accept_rectification",
            (S.RECTIFYING,),
            S.ESTABLISHED,
            P.RECTIFICATION_ORDER,
            reason=Reason.REQUIRED,
            notifies=("host",),
        ),
        Transition("rectification_lapses", (S.RECTIFYING,), S.ESTABLISHED, P.CLOCK),
        Transition(
            "end_hosting",
            (S.ESTABLISHED, S.RECTIFYING),
            S.VACANT,
            P.CENTER_PLAN,
            reason=Reason.REQUIRED,
            notifies=("host",),
        ),
        Transition("close", (S.PLANNED, S.VACANT), S.CLOSED, P.CENTER_PLAN, reason=Reason.REQUIRED),
    ],
)
"""A call or a designation that comes to nothing leaves a center as it was before: planned, or
vacant if it once had a host. A call that has closed and from which nobody can come any more lapses
by itself. Closing is for good; planning the specialty again makes a new center."""


class ChangeState(StrEnum):
    """open: the task waits for the host; proposed: for the commission; then one of three ends.

    Dismissed are a report made in error, and one that the end of the hosting overtook.
    """

    OPEN = "open"
    PROPOSED = "proposed"
    REPLACED = "replaced"
    EXCEPTED = "excepted"
    DISMISSED = "dismissed"


C = ChangeState


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """What was proposed for an officer whose employment changed, as the conditions see it."""

    has_replacement: bool = False
    has_consent_of_employer: bool = False
    is_not_retired: bool = False


CHANGE = Workflow(
    "change",
    C,
    C.OPEN,
    [
        Transition("propose", (C.OPEN,), C.PROPOSED, P.OFFICER_REPORT, notifies=("commission",)),
        Transition(
            "return",
            (C.PROPOSED,),
            C.OPEN,
            P.OFFICER_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("host",),
        ),
        Transition(
            "replace",
            (C.PROPOSED,),
            C.REPLACED,
            P.OFFICER_DECIDE,
            guards=("replacement_proposed",),
            rules=("OFFICER_RULES",),
            reason=Reason.ON_OVERRIDE,
            notifies=("host",),
        ),
        Transition(
            "except",
            (C.PROPOSED,),
            C.EXCEPTED,
            P.OFFICER_DECIDE,
            guards=("exception_proven",),
            notifies=("host",),
        ),
        Transition(
            "dismiss",
            (C.OPEN, C.PROPOSED),
            C.DISMISSED,
            P.OFFICER_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("host",),
        ),
    ],
    guards={
        "replacement_proposed": lambda facts: facts.has_replacement,
        "exception_proven": lambda facts: facts.has_consent_of_employer and facts.is_not_retired,
    },
)
