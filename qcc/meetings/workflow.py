"""The life of a dispatch meeting, of an action item, and of an amendment to final minutes.

Proposed from the last → announced by a notice → held → minutes written → sent for correction →
signed off by the director, and final. From then on only an amendment adds to them.
"""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    HELD = "held"
    DRAFTING = "drafting"
    CORRECTING = "correcting"
    FINAL = "final"
    CANCELLED = "cancelled"


S = MeetingState

PREPARED = frozenset({S.PROPOSED, S.ANNOUNCED})
"""Before it is held: agenda and invitations may change."""

WAS_HELD = frozenset({S.HELD, S.DRAFTING, S.CORRECTING, S.FINAL})
TOLD = frozenset(S) - {S.PROPOSED}
"""States in which those invited know of it."""


@dataclass(frozen=True, slots=True)
class MeetingMoment:
    """What the conditions of a meeting's transitions look at."""

    lies_ahead: bool
    has_agenda: bool
    has_invited: bool
    has_begun: bool
    somebody_is_present: bool
    has_quorum: bool
    minutes_are_written: bool


MEETING = Workflow(
    "meeting",
    S,
    S.PROPOSED,
    [
        Transition(
            "announce",
            (S.PROPOSED,),
            S.ANNOUNCED,
            P.MEETING_EDIT,
            guards=("meeting_lies_ahead", "has_agenda", "has_invited"),
            notifies=("invited",),
        ),
        Transition(
            "hold",
            (S.ANNOUNCED,),
            S.HELD,
            P.MEETING_EDIT,
            guards=("meeting_has_begun", "somebody_is_present", "has_quorum"),
        ),
        Transition("draft", (S.HELD,), S.DRAFTING, P.MEETING_EDIT),
        Transition(
            "circulate",
            (S.DRAFTING,),
            S.CORRECTING,
            P.MEETING_EDIT,
            guards=("minutes_are_written",),
            notifies=("invited", "director"),
        ),
        Transition(
            "return",
            (S.CORRECTING,),
            S.DRAFTING,
            P.MEETING_SIGN,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "sign",
            (S.CORRECTING,),
            S.FINAL,
            P.MEETING_SIGN,
            guards=("minutes_are_written",),
            notifies=("invited", "center"),
        ),
        Transition(
            "cancel",
            (S.PROPOSED, S.ANNOUNCED),
            S.CANCELLED,
            P.MEETING_EDIT,
            reason=Reason.REQUIRED,
            notifies=("invited",),
        ),
    ],
    guards={
        "meeting_lies_ahead": lambda facts: facts.lies_ahead,
        "has_agenda": lambda facts: facts.has_agenda,
        "has_invited": lambda facts: facts.has_invited,
        "meeting_has_begun": lambda facts: facts.has_begun,
        "somebody_is_present": lambda facts: facts.somebody_is_present,
        "has_quorum": lambda facts: facts.has_quorum,
        "minutes_are_written": lambda facts: facts.minutes_are_written,
    },
)


class ActionState(StrEnum):
    """How far an action item has come."""

    OPEN = "open"
    DONE = "done"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


A = ActionState

UNCLOSED = frozenset({A.OPEN, A.DONE})
"""Comes back at each meeting."""

ACTION = Workflow(
    "action_item",
    A,
    A.OPEN,
    [
        Transition("report", (A.OPEN,), A.DONE, P.ACTION_REPORT, notifies=("center",)),
        Transition("accept", (A.DONE,), A.ACCEPTED, P.MEETING_EDIT, notifies=("owner",)),
        Transition(
            "return",
            (A.DONE,),
            A.OPEN,
            P.MEETING_EDIT,
            reason=Reason.REQUIRED,
            notifies=("owner",),
        ),
        Transition(
            "drop",
            (A.OPEN, A.DONE),
            A.DROPPED,
            P.MEETING_SIGN,
            reason=Reason.REQUIRED,
            notifies=("owner",),
        ),
    ],
)


class AmendmentState(StrEnum):
    """What became of an amendment."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


M = AmendmentState


@dataclass(frozen=True, slots=True)
class AmendmentMoment:
    """Who proposed an amendment, and who would decide on it."""

    is_another: bool
    one_is_director: bool


AMENDMENT = Workflow(
    "amendment",
    M,
    M.PROPOSED,
    [
        Transition(
            "approve",
            (M.PROPOSED,),
            M.APPROVED,
            P.MEETING_EDIT,
            guards=("amended_by_another", "one_is_director"),
            notifies=("invited",),
        ),
        Transition(
            "refuse",
            (M.PROPOSED,),
            M.REFUSED,
            P.MEETING_EDIT,
            guards=("amended_by_another",),
            reason=Reason.REQUIRED,
        ),
    ],
    guards={
        "amended_by_another": lambda facts: facts.is_another,
        "one_is_director": lambda facts: facts.one_is_director,
    },
)
