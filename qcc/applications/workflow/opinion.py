"""The life of an opinion on a refusal: the applicant sends it once, the commission answers it.

Whoever decided the refusal does not answer. The decision stands, whatever is answered.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class OpinionState(StrEnum):
    """Sent, and so with the commission; answered for good."""

    SENT = "sent"
    ANSWERED = "answered"


def last_moment(refused_on: date, days: int) -> datetime:
    """The first moment that is too late: the days are counted from the one after the refusal."""
    return end_of_day(refused_on + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Who answers, and who decided the refusal."""

    person: int
    decided_by: int


OPINION = Workflow(
    "opinion",
    OpinionState,
    OpinionState.SENT,
    [
        Transition(
            "answer",
            (OpinionState.SENT,),
            OpinionState.ANSWERED,
            P.APPLICATION_DECIDE,
            guards=("answered_by_another",),
            reason=Reason.REQUIRED,
            notifies=("applicant",),
        ),
    ],
    guards={"answered_by_another": lambda facts: facts.person != facts.decided_by},
)
