"""How the states of rounds, assessments, appeals and revocations are shown, and the words of their
timelines."""

from typing import Any

from qcc.evaluations.workflow import AppealState, AssessmentState, RevocationState, RoundState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels
from qcc.kernel.rubrics import AssessmentKind, Source

# One call for each enum: members of two that spell the same would be one key.
labels(
    {
        RoundState.PLANNED: Label(_l("Being planned"), "idle", "○"),
        RoundState.OPEN: Label(_l("Self-assessment"), "action", "◐"),
        RoundState.SCORING: Label(_l("Being scored"), "wait", "…"),
        RoundState.PUBLISHED: Label(_l("Results published"), "done", "✓"),
        RoundState.CANCELLED: Label(_l("Round cancelled"), "idle", "×"),
    }
)
labels(
    {
        AssessmentState.WRITING: Label(_l("Account being written"), "action", "◐"),
        AssessmentState.SUBMITTED: Label(_l("Account submitted"), "wait", "…"),
        AssessmentState.SCORING: Label(_l("Being scored"), "wait", "…"),
        AssessmentState.PUBLISHED: Label(_l("Result published"), "action", "✓"),
        AssessmentState.APPEALED: Label(_l("Under appeal"), "wait", "!"),
        AssessmentState.FINAL: Label(_l("Result final"), "done", "✓"),
        AssessmentState.CANCELLED: Label(_l("Round cancelled"), "idle", "×"),
    }
)
labels(
    {
        AppealState.PENDING: Label(_l("Appeal to be decided"), "wait", "!"),
        AppealState.UPHELD: Label(_l("Appeal upheld"), "done", "✓"),
        AppealState.REJECTED: Label(_l("Appeal rejected"), "idle", "×"),
    }
)
labels(
    {
        RevocationState.PROPOSED: Label(_l("Revocation to be decided"), "wait", "!"),
        RevocationState.APPROVED: Label(_l("Hosting revoked"), "danger", "×"),
        RevocationState.DECLINED: Label(_l("Hosting kept"), "done", "✓"),
        RevocationState.LAPSED: Label(_l("Proposal lapsed"), "idle", "○"),
    }
)
labels(
    {
        AssessmentKind.ANNUAL: _l("Yearly assessment"),
        AssessmentKind.DEBRIEF: _l("Debrief evaluation"),
    }
)
labels(
    {
        Source.DOCUMENTS: _l("Summary and plan: %(missing)s missing, %(late)s late"),
        Source.MEETINGS: _l("Dispatch meetings: held in %(held)s of %(months)s months owed"),
        Source.NETWORK: _l("Places below with a center: %(covered)s of %(places)s"),
        Source.TASKS: _l("Assigned tasks: %(done)s of %(tasks)s done"),
    }
)

WORDS: dict[tuple[str, str], Any] = {
    ("round", "plan"): _l("Round planned"),
    ("round", "open"): _l("Self-assessment opened"),
    ("round", "start_scoring"): _l("Scoring begun"),
    ("round", "publish"): _l("Results published"),
    ("round", "cancel"): _l("Round cancelled"),
    ("assessment", "open"): _l("Self-assessment opened"),
    ("assessment", "submit"): _l("Account submitted"),
    ("assessment", "return"): _l("Account returned"),
    ("assessment", "score"): _l("Scoring begun"),
    ("assessment", "publish"): _l("Result published"),
    ("assessment", "appeal"): _l("Appeal raised"),
    ("assessment", "settle"): _l("Result final after the appeal"),
    ("assessment", "become_final"): _l("Result final"),
    ("assessment", "cancel"): _l("Round cancelled"),
    ("appeal", "raise"): _l("Appeal raised"),
    ("appeal", "uphold"): _l("Appeal upheld"),
    ("appeal", "reject"): _l("Appeal rejected"),
    ("revocation", "approve"): _l("Hosting revoked"),
    ("revocation", "decline"): _l("Hosting kept"),
    ("revocation", "lapse"): _l("Proposal lapsed"),
}


def words(workflow: str, action: str) -> str:
    """What the timeline says of a step."""
    return str(WORDS[workflow, action])
