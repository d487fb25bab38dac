"""How the states of rounds, assessments, appeals and revocations are shown, and the words of their
timelines."""

from qcc.evaluations.workflow import AppealState, AssessmentState, RevocationState, RoundState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps
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

steps(
    "round",
    {
        "plan": _l("Round planned"),
        "open": _l("Self-assessment opened"),
        "start_scoring": _l("Scoring begun"),
        "publish": _l("Results published"),
        "cancel": _l("Round cancelled"),
    },
)
steps(
    "assessment",
    {
        "open": _l("Self-assessment opened"),
        "submit": _l("Account submitted"),
        "return": _l("Account returned"),
        "score": _l("Scoring begun"),
        "publish": _l("Result published"),
        "appeal": _l("Appeal raised"),
        "settle": _l("Result final after the appeal"),
        "become_final": _l("Result final"),
        "cancel": _l("Round cancelled"),
    },
)
steps(
    "appeal",
    {
        "raise": _l("Appeal raised"),
        "uphold": _l("Appeal upheld"),
        "reject": _l("Appeal rejected"),
    },
)
steps(
    "revocation",
    {
        "approve": _l("Hosting revoked"),
        "decline": _l("Hosting kept"),
        "lapse": _l("Proposal lapsed"),
    },
)
