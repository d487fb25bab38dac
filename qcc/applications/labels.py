"""How the states of an application are shown, and the words of its timeline."""

from functools import cache
from typing import Any

from qcc.applications.models import Audience
from qcc.applications.rules.reviewing import Bar
from qcc.applications.services.progress import NextStep
from qcc.applications.workflow import ApplicationState, CompetitionState, ReviewerState
from qcc.infra.i18n import _l, current_language
from qcc.infra.papers import PaperState
from qcc.infra.templating import Label, labels

labels(
    {
        ApplicationState.DRAFT: Label(_l("Draft"), "idle", "○"),
        ApplicationState.SUBMITTED: Label(_l("Under formal check"), "action", "◐"),
        ApplicationState.RETURNED: Label(_l("Returned for correction"), "wait", "!"),
        ApplicationState.ACCEPTED: Label(_l("Accepted"), "action", "◐"),
        ApplicationState.UNDER_DECISION: Label(_l("Under decision"), "action", "◐"),
        ApplicationState.APPROVED: Label(_l("Approved"), "done", "✓"),
        ApplicationState.REFUSED: Label(_l("Refused"), "danger", "×"),
        ApplicationState.WITHDRAWN: Label(_l("Withdrawn"), "idle", "×"),
        Audience.JURISDICTION: _l("All institutions of the jurisdiction"),
        Audience.NAMED: _l("Invited institutions"),
        PaperState.PENDING: Label(_l("Being made"), "wait", "…"),
        PaperState.ISSUED: Label(_l("Issued"), "done", "✓"),
        PaperState.FAILED: Label(_l("Could not be made"), "danger", "×"),
    }
)

# Values of two enums that spell the same are one key of a dictionary: each enum has its own.
labels(
    {
        CompetitionState.PLANNED: Label(_l("Planned, sealed"), "idle", "○"),
        CompetitionState.HALF_OPENED: Label(_l("Opening signed by one person"), "wait", "!"),
        CompetitionState.OPENED: Label(_l("Opened"), "action", "◐"),
        CompetitionState.REVIEWING: Label(_l("Under review"), "action", "◐"),
        CompetitionState.CLOSED: Label(_l("Review closed"), "done", "✓"),
    }
)
labels(
    {
        ReviewerState.ASKED: Label(_l("To declare"), "wait", "!"),
        ReviewerState.DECLARED: Label(_l("Scoring"), "action", "◐"),
        ReviewerState.LODGED: Label(_l("Scores lodged"), "done", "✓"),
        ReviewerState.CONFLICTED: Label(_l("Reported a conflict of interest"), "idle", "×"),
        ReviewerState.RELEASED: Label(_l("Released"), "idle", "×"),
    }
)
labels(
    {
        Bar.EMPLOYED: _l("Employed by an applicant"),
        Bar.EMPLOYED_EARLIER: _l("Was employed by an applicant"),
        Bar.EMPLOYED_BY_PARENT: _l("Employed by the body above an applicant"),
        Bar.PROPOSED: _l("Proposed as an officer by an applicant"),
        Bar.ON_STAFF: _l("Acts for an applicant or serves a center that it hosts"),
        Bar.DECLARED: _l("Reported a conflict of interest"),
    }
)
labels(
    {
        NextStep.CALL_OPENS: _l("The plan can be changed until the call opens."),
        NextStep.CALL_CLOSES: _l("Applications stay sealed until the call closes."),
        NextStep.NOBODY_APPLIED: _l("The call has closed and nobody has applied."),
        NextStep.OPEN: _l("Two persons open the applications together: the first has to sign."),
        NextStep.OPEN_SECOND: _l("A second person has to sign the opening."),
        NextStep.SECOND_PERSON: _l("You have signed. The opening waits for a second person."),
        NextStep.NOBODY_LEFT: _l("No application has passed the formal check."),
        NextStep.FILL_SEATS: _l("Seats are free: draw or choose reviewers."),
        NextStep.CHECK: _l("The formal check has to be done with every application."),
        NextStep.START: _l("Every seat is taken and the formal check is done: begin the review."),
        NextStep.SCORES: _l("The reviewers are scoring. Scores stay sealed until the close."),
        NextStep.CLOSE: _l("All reviewers have lodged their scores: close the review."),
        NextStep.DECIDE_TIE: _l("Several lead with the same total: the commission chooses."),
        NextStep.PROPOSE: _l("The result is there: lay the first before the commission."),
        NextStep.DECIDED: _l("The commission has decided."),
    }
)

ACTION_WORDS: dict[str, Any] = {
    "submit": _l("Submitted"),
    "resubmit": _l("Corrected and resubmitted"),
    "withdraw": _l("Withdrawn"),
    "return": _l("Returned for correction"),
    "accept": _l("Passed the formal check"),
    "propose": _l("Laid before the commission"),
    "send_back": _l("Sent back to the check"),
    "approve": _l("Approved"),
    "refuse": _l("Refused"),
    "send": _l("Opinion on the refusal sent"),
    "answer": _l("Opinion on the refusal answered"),
}
"""Action → what the timeline says."""

HOLDERS: dict[ApplicationState, Any] = {
    ApplicationState.DRAFT: _l("With the applicant: fill in every part, then submit."),
    ApplicationState.SUBMITTED: _l("With the receiving body, for the formal check."),
    ApplicationState.RETURNED: _l("With the applicant, for correction."),
    ApplicationState.ACCEPTED: _l("With the receiving body, to be laid before the commission."),
    ApplicationState.UNDER_DECISION: _l("With the commission, for the decision."),
    ApplicationState.APPROVED: _l("Decided: the center is established."),
    ApplicationState.REFUSED: _l("Decided: refused."),
    ApplicationState.WITHDRAWN: _l("Withdrawn by the applicant."),
}
"""State → who holds the application now, and what comes next."""


@cache
def _spelt_out(action: str, _language: str) -> str:
    return str(ACTION_WORDS[action])


def action_words(_workflow: str, action: str) -> str:
    """What the timeline says of a step."""
    return _spelt_out(action, current_language())


COMPETITION_WORDS: dict[str, Any] = {
    "plan": _l("Competition plan made"),
    "open_first": _l("Opening signed by the first person"),
    "open_second": _l("Opened: signed by the second person"),
    "start_review": _l("Review begun"),
    "close_review": _l("Review closed, result made"),
    "close_early": _l("Review closed early, result made"),
    "decide_tie": _l("Chosen among equals"),
    "draw": _l("Drawn as a reviewer: %(name)s"),
    "choose": _l("Chosen as a reviewer: %(name)s"),
    "declare": _l("Conflict declaration signed: %(name)s"),
    "report_conflict": _l("Conflict of interest reported: %(name)s"),
    "lodge": _l("Scores lodged: %(name)s"),
    "release": _l("Reviewer released: %(name)s"),
}
"""Action of a competition or of a reviewer → what the timeline says."""


def competition_words(action: str, name: str = "") -> str:
    """What the timeline says of a step; *name*: the reviewer whom it concerns."""
    words = str(COMPETITION_WORDS[action])
    return words % {"name": name} if name else words
