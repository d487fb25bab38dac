"""The assessment of one center in a round, from its own account to the final result (M.20).

The center sees nothing of its scores until the round is published. A result is final when nobody
appealed within the rulebook's days, or when the appeal is decided.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class AssessmentState(StrEnum):
    """Where the assessment of a center stands."""

    WRITING = "writing"
    SUBMITTED = "submitted"
    SCORING = "scoring"
    PUBLISHED = "published"
    APPEALED = "appealed"
    FINAL = "final"
    CANCELLED = "cancelled"


S = AssessmentState

SEALED = frozenset({S.WRITING, S.SUBMITTED, S.SCORING})
"""The center sees no score."""

SHOWN = frozenset({S.PUBLISHED, S.APPEALED, S.FINAL})
"""There is a result."""


@dataclass(frozen=True, slots=True)
class AssessmentMoment:
    """What the conditions look at. *missing*: slots of evidence with nothing in them; *appeal_by*:
    the last day on which an appeal is in time."""

    today: date
    missing: int = 0
    appeal_by: date | None = None


ASSESSMENT = Workflow(
    "assessment",
    S,
    S.WRITING,
    [
        Transition(
            "submit",
            (S.WRITING,),
            S.SUBMITTED,
            P.ASSESSMENT_SUBMIT,
            guards=("evidence_is_whole",),
            notifies=("organizer",),
        ),
        Transition(
            "return",
            (S.SUBMITTED,),
            S.WRITING,
            P.ROUND_EDIT,
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
        Transition("score", (S.WRITING, S.SUBMITTED), S.SCORING, P.ROUND_EDIT),
        Transition("publish", (S.SCORING,), S.PUBLISHED, P.ROUND_EDIT, notifies=("center",)),
        Transition(
            "appeal",
            (S.PUBLISHED,),
            S.APPEALED,
            P.APPEAL_RAISE,
            guards=("appeal_is_in_time",),
            reason=Reason.REQUIRED,
            notifies=("commission",),
        ),
        Transition("settle", (S.APPEALED,), S.FINAL, P.APPEAL_DECIDE, notifies=("center",)),
        Transition(
            "become_final",
            (S.PUBLISHED,),
            S.FINAL,
            P.CLOCK,
            guards=("appeal_is_over",),
            notifies=("center",),
        ),
        Transition(
            "cancel",
            (S.WRITING, S.SUBMITTED, S.SCORING, S.PUBLISHED, S.APPEALED),
            S.CANCELLED,
            P.ROUND_EDIT,
            reason=Reason.REQUIRED,
        ),
    ],
    guards={
        "evidence_is_whole": lambda facts: facts.missing == 0,
        "appeal_is_in_time": lambda facts: facts.appeal_by and facts.today <= facts.appeal_by,
        "appeal_is_over": lambda facts: facts.appeal_by and facts.today > facts.appeal_by,
    },
)
