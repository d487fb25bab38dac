"""The lives of applications, opinions, competitions, reviews and designations, as tables."""

from qcc.applications.workflow.application import (
    APPLICATION,
    INTERNAL,
    UNDECIDED,
    WITH_APPLICANT,
    WITH_RECEPTION,
    ApplicationMoment,
    ApplicationState,
)
from qcc.applications.workflow.competition import (
    COMPETITION,
    REVIEWER,
    SEALED,
    SEATED,
    CompetitionMoment,
    CompetitionState,
    ReviewerMoment,
    ReviewerState,
)
from qcc.applications.workflow.designation import (
    DESIGNATION,
    UNDER_WAY,
    DesignationMoment,
    DesignationState,
)
from qcc.applications.workflow.opinion import OPINION, AnswerFacts, OpinionState, last_moment

__all__ = [
    "APPLICATION",
    "COMPETITION",
    "DESIGNATION",
    "INTERNAL",
    "OPINION",
    "REVIEWER",
    "SEALED",
    "SEATED",
    "UNDECIDED",
    "UNDER_WAY",
    "WITH_APPLICANT",
    "WITH_RECEPTION",
    "AnswerFacts",
    "ApplicationMoment",
    "ApplicationState",
    "CompetitionMoment",
    "CompetitionState",
    "DesignationMoment",
    "DesignationState",
    "OpinionState",
    "ReviewerMoment",
    "ReviewerState",
    "last_moment",
]
