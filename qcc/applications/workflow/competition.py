"""The life of a competition and of each reviewer's part in it (M.11).

The plan is made before the call opens and fixed from then on. After the close two persons open
the applications together; the review begins when the formal check is done with all of them; scores
are sealed until all are lodged, or the review is closed with a reason.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class CompetitionState(StrEnum):
    """Where a competition stands."""

    PLANNED = "planned"
    HALF_OPENED = "half_opened"
    OPENED = "opened"
    REVIEWING = "reviewing"
    CLOSED = "closed"


class ReviewerState(StrEnum):
    """Where a reviewer's part stands."""

    ASKED = "asked"
    DECLARED = "declared"
    LODGED = "lodged"
    CONFLICTED = "conflicted"
    RELEASED = "released"


S = CompetitionState
R = ReviewerState

SEALED = frozenset({S.PLANNED, S.HALF_OPENED})
"""Nobody but the applicant reads an application."""

SEATED = frozenset({R.ASKED, R.DECLARED, R.LODGED})
"""Reviewers who take part; the others are replaced."""


@dataclass(frozen=True, slots=True)
class CompetitionMoment:
    """What the conditions look at. *unchecked*: applications that the formal check is not done
    with; *missing*: seats without a reviewer; *outstanding*: reviewers who have not lodged."""

    now: datetime
    closes_at: datetime
    person: int
    opened_by: int | None = None
    entered: int = 0
    unchecked: int = 0
    missing: int = 0
    outstanding: int = 0
    lodged: int = 0
    is_first_tied: bool = False
    is_decided: bool = False


COMPETITION = Workflow(
    "competition",
    S,
    S.PLANNED,
    [
        Transition(
            "open_first",
            (S.PLANNED,),
            S.HALF_OPENED,
            P.COMPETITION_OPEN,
            guards=("call_is_over", "somebody_applied"),
        ),
        Transition(
            "open_second",
            (S.HALF_OPENED,),
            S.OPENED,
            P.COMPETITION_OPEN,
            guards=("opened_by_another",),
            notifies=("reception", "commission"),
        ),
        Transition(
            "start_review",
            (S.OPENED,),
            S.REVIEWING,
            P.COMPETITION_EDIT,
            guards=("somebody_is_in", "all_are_checked", "all_seats_are_taken"),
        ),
        Transition(
            "close_review",
            (S.REVIEWING,),
            S.CLOSED,
            P.COMPETITION_EDIT,
            guards=("somebody_is_in", "all_seats_are_taken", "all_have_lodged"),
            notifies=("reception", "commission"),
        ),
        Transition(
            "close_early",
            (S.REVIEWING,),
            S.CLOSED,
            P.COMPETITION_EDIT,
            guards=("somebody_is_in", "somebody_has_lodged"),
            reason=Reason.REQUIRED,
            notifies=("reception", "commission"),
        ),
        Transition(
            "decide_tie",
            (S.CLOSED,),
            S.CLOSED,
            P.APPLICATION_DECIDE,
            guards=("is_undecided", "first_is_tied"),
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
    ],
    guards={
        "call_is_over": lambda facts: facts.now >= facts.closes_at,
        "somebody_applied": lambda facts: facts.entered > 0,
        "opened_by_another": lambda facts: facts.opened_by != facts.person,
        "somebody_is_in": lambda facts: facts.entered > 0,
        "all_are_checked": lambda facts: facts.unchecked == 0,
        "all_seats_are_taken": lambda facts: facts.missing == 0,
        "all_have_lodged": lambda facts: facts.outstanding == 0 and facts.lodged > 0,
        "somebody_has_lodged": lambda facts: facts.lodged > 0,
        "first_is_tied": lambda facts: facts.is_first_tied,
        "is_undecided": lambda facts: not facts.is_decided,
    },
)


@dataclass(frozen=True, slots=True)
class ReviewerMoment:
    """What the conditions look at: whether the review runs, whether the sheets are whole."""

    is_reviewing: bool
    is_complete: bool = False


REVIEWER = Workflow(
    "reviewer",
    R,
    R.ASKED,
    [
        Transition(
            "declare",
            (R.ASKED,),
            R.DECLARED,
            P.REVIEW_SCORE,
            guards=("review_runs",),
        ),
        Transition(
            "report_conflict",
            (R.ASKED, R.DECLARED),
            R.CONFLICTED,
            P.REVIEW_SCORE,
            reason=Reason.REQUIRED,
            notifies=("reception",),
        ),
        Transition(
            "lodge",
            (R.DECLARED,),
            R.LODGED,
            P.REVIEW_SCORE,
            guards=("review_runs", "sheets_are_complete"),
            notifies=("reception",),
        ),
        Transition(
            "release",
            (R.ASKED, R.DECLARED),
            R.RELEASED,
            P.COMPETITION_EDIT,
            reason=Reason.REQUIRED,
        ),
    ],
    guards={
        "review_runs": lambda facts: facts.is_reviewing,
        "sheets_are_complete": lambda facts: facts.is_complete,
    },
)
