"""The lives of applications, competitions and reviews, as tables."""

from qcc.applications.workflow.application import (
    APPLICATION,
    INTERNAL,
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

__all__ = [
    "APPLICATION",
    "COMPETITION",
    "INTERNAL",
    "REVIEWER",
    "SEALED",
    "SEATED",
    "WITH_APPLICANT",
    "WITH_RECEPTION",
    "ApplicationMoment",
    "ApplicationState",
    "CompetitionMoment",
    "CompetitionState",
    "ReviewerMoment",
    "ReviewerState",
]
