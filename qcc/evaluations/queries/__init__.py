"""Reads about rounds, assessments and revocations, within the actor's scope."""

from qcc.evaluations.queries.assessments import (
    find_appeal,
    get_assessment,
    get_evidence,
    list_assessments_of_round,
    list_evidence,
    list_evidence_of_round,
    list_final_by,
    list_own_assessments,
    list_totals_of,
    list_verdicts,
    lock_assessment,
    lock_own_assessment,
)
from qcc.evaluations.queries.due import Due
from qcc.evaluations.queries.revocations import (
    find_undecided,
    get_revocation,
    list_decided,
    list_proposed_hostings,
    list_revocations,
    lock_revocation,
)
from qcc.evaluations.queries.rounds import (
    find_seat,
    get_round,
    list_assessable_centers,
    list_possible_assessors,
    list_rounds,
    lock_round,
)
from qcc.evaluations.queries.scores import (
    ScoredCenter,
    conflicts_of,
    list_own_scores,
    list_scores,
    sheet_of,
)
from qcc.evaluations.queries.waiting import list_due

__all__ = [
    "Due",
    "ScoredCenter",
    "conflicts_of",
    "find_appeal",
    "find_seat",
    "find_undecided",
    "get_assessment",
    "get_evidence",
    "get_revocation",
    "get_round",
    "list_assessable_centers",
    "list_assessments_of_round",
    "list_decided",
    "list_due",
    "list_evidence",
    "list_evidence_of_round",
    "list_final_by",
    "list_own_assessments",
    "list_own_scores",
    "list_possible_assessors",
    "list_proposed_hostings",
    "list_revocations",
    "list_rounds",
    "list_scores",
    "list_totals_of",
    "list_verdicts",
    "lock_assessment",
    "lock_own_assessment",
    "lock_revocation",
    "lock_round",
    "sheet_of",
]
