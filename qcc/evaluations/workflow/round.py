"""The life of a round of assessment: planned, open for self-assessment, scored, published (M.20).

Once the centers have been asked, rubric and calendar stand; the pass mark is the commission's, and
is set before anything is scored. A cancelled round has no results.
"""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    OPEN = "open"
    SCORING = "scoring"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


S = RoundState


@dataclass(frozen=True, slots=True)
class RoundMoment:
    """What the conditions look at. *centers*: that are assessed; *seated* and *lodged*: assessors
    who take part, and who have lodged; *unscored*: centers with an item that nobody scored;
    *final*: results that are final already."""

    centers: int = 0
    has_scale: bool = False
    seated: int = 0
    lodged: int = 0
    submitted: int = 0
    unscored: int = 0
    final: int = 0


ROUND = Workflow(
    "round",
    S,
    S.PLANNED,
    [
        Transition(
            "open",
            (S.PLANNED,),
            S.OPEN,
            P.ROUND_EDIT,
            guards=("somebody_is_assessed",),
            notifies=("centers",),
        ),
        Transition(
            "start_scoring",
            (S.OPEN,),
            S.SCORING,
            P.ROUND_EDIT,
            guards=("somebody_submitted", "scale_is_set", "somebody_is_seated"),
            notifies=("assessors",),
        ),
        Transition(
            "publish",
            (S.SCORING,),
            S.PUBLISHED,
            P.ROUND_EDIT,
            guards=("all_have_lodged", "everything_is_scored"),
            notifies=("centers", "commission"),
        ),
        Transition(
            "cancel",
            (S.PLANNED, S.OPEN, S.SCORING, S.PUBLISHED),
            S.CANCELLED,
            P.ROUND_EDIT,
            guards=("nothing_is_final",),
            reason=Reason.REQUIRED,
            notifies=("centers",),
        ),
    ],
    guards={
        "somebody_is_assessed": lambda facts: facts.centers > 0,
        "somebody_submitted": lambda facts: facts.submitted > 0,
        "scale_is_set": lambda facts: facts.has_scale,
        "somebody_is_seated": lambda facts: facts.seated > 0,
        "all_have_lodged": lambda facts: facts.lodged == facts.seated,
        "everything_is_scored": lambda facts: facts.unscored == 0,
        "nothing_is_final": lambda facts: facts.final == 0,
    },
)
