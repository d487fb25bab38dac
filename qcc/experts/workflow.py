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


@dataclass(frozen=True, slots=True)
class PanelMoment:
    """What the conditions of a panel's transitions look at."""

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
            guards=("has_members", "births_are_proven", "does_not_overlap"),
            rules=("ROSTER_RULES",),
            notifies=("employers",),
        ),
        Transition("recall", (S.COLLECTING,), S.DRAFT, P.PANEL_NOMINATE, reason=Reason.REQUIRED),
        Transition(
            "present",
            (S.COLLECTING,),
            S.UNDER_REVIEW,
            P.PANEL_EDIT,
            guards=("has_members", "all_have_consented"),
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
            guards=("does_not_overlap",),
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
    ],
    guards={
        "has_members": lambda facts: facts.has_members,
        "births_are_proven": lambda facts: facts.births_are_proven,
        "all_have_consented": lambda facts: facts.all_have_consented,
        "filings_are_complete": lambda facts: facts.filings_are_complete,
        "does_not_overlap": lambda facts: facts.does_not_overlap,
    },
)
