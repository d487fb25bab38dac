"""The life of a panel: the chain of M.12(6), then its term.

Nominated by the director → each expert's employer consents → the health authority of the
employer's place consents → the commission of the center's level reviews and approves → filed with
the upper-level center, and with the evaluation center when provincial.
"""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class PanelState(StrEnum):
    """Where a panel stands."""

    DRAFT = "draft"
    COLLECTING = "collecting"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    FILED = "filed"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DISSOLVED = "dissolved"


S = PanelState

IN_PREPARATION = frozenset({S.DRAFT, S.COLLECTING, S.UNDER_REVIEW})
SERVING = frozenset({S.APPROVED, S.FILED, S.EXPIRING})
"""Panels that may act, from the first day of their term to the last."""


ENDED = frozenset({S.EXPIRED, S.DISSOLVED})


@dataclass(frozen=True, slots=True)
class PanelMoment:
    """What the conditions of a panel's transitions look at."""

    has_host: bool
    has_members: bool
    births_are_proven: bool
    all_have_consented: bool
    filings_are_complete: bool
    does_not_overlap: bool


PANEL = Workflow(
    "panel",
    S,
    S.DRAFT,
    [
        Transition(
            "nominate",
            (S.DRAFT,),
            S.COLLECTING,
            P.PANEL_NOMINATE,
            guards=("has_host", "has_members", "births_are_proven", "does_not_overlap"),
            rules=("ROSTER_RULES",),
            notifies=("employers",),
        ),
        Transition("recall", (S.COLLECTING,), S.DRAFT, P.PANEL_NOMINATE, reason=Reason.REQUIRED),
        Transition(
            "present",
            (S.COLLECTING,),
            S.UNDER_REVIEW,
            P.PANEL_EDIT,
            guards=("has_host", "has_members", "births_are_proven", "all_have_consented"),
            rules=("PANEL_RULES",),
            notifies=("commission",),
        ),
        Transition(
            "return",
            (S.UNDER_REVIEW,),
            S.DRAFT,
            P.PANEL_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "approve",
            (S.UNDER_REVIEW,),
            S.APPROVED,
            P.PANEL_DECIDE,
            guards=(
                "has_host",
                "has_members",
                "births_are_proven",
                "all_have_consented",
                "does_not_overlap",
            ),
            rules=("PANEL_RULES",),
            reason=Reason.ON_OVERRIDE,
            notifies=("center", "receivers"),
        ),
        Transition(
            "file",
            (S.APPROVED,),
            S.FILED,
            P.FILING_RECEIVE,
            guards=("filings_are_complete",),
            notifies=("center",),
        ),
        Transition("near_end", (S.APPROVED, S.FILED), S.EXPIRING, P.CLOCK, notifies=("center",)),
        Transition(
            "expire",
            (S.APPROVED, S.FILED, S.EXPIRING),
            S.EXPIRED,
            P.CLOCK,
            notifies=("center", "commission"),
        ),
        Transition(
            "dissolve",
            (S.APPROVED, S.FILED, S.EXPIRING),
            S.DISSOLVED,
            P.PANEL_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition("lapse", (S.DRAFT, S.COLLECTING, S.UNDER_REVIEW), S.DISSOLVED, P.CLOCK),
    ],
    guards={
        "has_host": lambda facts: facts.has_host,
        "has_members": lambda facts: facts.has_members,
        "births_are_proven": lambda facts: facts.births_are_proven,
        "all_have_consented": lambda facts: facts.all_have_consented,
        "filings_are_complete": lambda facts: facts.filings_are_complete,
        "does_not_overlap": lambda facts: facts.does_not_overlap,
    },
)


class MemberChangeState(StrEnum):
    """How far a personnel change of a member has come (M.12(7))."""

    OPEN = "open"
    PROPOSED = "proposed"
    REPLACED = "replaced"
    EXCEPTED = "excepted"
    DISMISSED = "dismissed"


C = MemberChangeState


@dataclass(frozen=True, slots=True)
class MemberChangeMoment:
    """What the conditions of a change's transitions look at."""

    has_replacement: bool
    replacement_has_consents: bool
    exception_is_proven: bool

    @property
    def is_answered(self) -> bool:
        """Whether there is something for the commission to decide."""
        return self.exception_is_proven or (self.has_replacement and self.replacement_has_consents)


MEMBER_CHANGE = Workflow(
    "member_change",
    C,
    C.OPEN,
    [
        Transition(
            "present",
            (C.OPEN,),
            C.PROPOSED,
            P.PANEL_NOMINATE,
            guards=("change_is_answered",),
            notifies=("commission",),
        ),
        Transition(
            "replace",
            (C.PROPOSED,),
            C.REPLACED,
            P.PANEL_DECIDE,
            guards=("replacement_proposed", "all_have_consented"),
            rules=("PANEL_RULES",),
            reason=Reason.ON_OVERRIDE,
            notifies=("center",),
        ),
        Transition(
            "except",
            (C.PROPOSED,),
            C.EXCEPTED,
            P.PANEL_DECIDE,
            guards=("exception_proven",),
            notifies=("center",),
        ),
        Transition(
            "return",
            (C.PROPOSED,),
            C.OPEN,
            P.PANEL_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition(
            "dismiss",
            (C.OPEN, C.PROPOSED),
            C.DISMISSED,
            P.PANEL_DECIDE,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
    ],
    guards={
        "change_is_answered": lambda facts: facts.is_answered,
        "replacement_proposed": lambda facts: facts.has_replacement,
        "all_have_consented": lambda facts: facts.replacement_has_consents,
        "exception_proven": lambda facts: facts.exception_is_proven,
    },
)
