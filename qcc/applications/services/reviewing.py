"""A reviewer's part: the conflict declaration, the scores, lodging them."""

from decimal import Decimal

from qcc.applications.models import DraftScore, LodgedScore, Reviewer
from qcc.applications.queries import (
    get_assigned,
    list_drafts,
    list_reviewed,
    lock_entries,
    lock_own_review,
    may_read_entries,
)
from qcc.applications.services.telling import tell_bodies
from qcc.applications.workflow import (
    REVIEWER,
    CompetitionState,
    ReviewerMoment,
    ReviewerState,
)
from qcc.infra import clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor
from qcc.kernel.workflow import ActionNotPossible

LONGEST_REMARK = 2_000


def declare(actor: Actor, code: str) -> Reviewer:
    """Sign that nothing binds one to an applicant; only then files open."""
    reviewer = lock_own_review(actor, code)
    reviewer.declared_at = clock.now()
    _take(reviewer, "declare", actor)
    return reviewer


def report_conflict(actor: Actor, code: str, reason: str) -> Reviewer:
    """Report what binds one to an applicant: nothing more is seen, and somebody else reviews."""
    reviewer = lock_own_review(actor, code)
    _take(reviewer, "report_conflict", actor, reason=reason)
    reviewer.end_reason = reason.strip()
    db.session.flush()
    return reviewer


def save_score(
    actor: Actor,
    code: str,
    application_code: str,
    criterion_id: int,
    points: Decimal | None,
    remark: str,
    version: int | None = None,
) -> DraftScore:
    """Keep a score in the making. Raises Refused where the points are out of bounds, StaleEdit
    where it was changed since the *version* that the reviewer saw (0: none yet)."""
    lock_own_review(actor, code)
    reviewer, application = get_assigned(actor, code, application_code)
    competition = reviewer.competition
    if reviewer.state is not ReviewerState.DECLARED:
        raise ActionNotPossible("score", reviewer.state)
    if competition.state is not CompetitionState.REVIEWING:
        raise ActionNotPossible("score", competition.state)
    criterion = next((c for c in competition.criteria if c.id == criterion_id), None)
    if criterion is None:
        raise NotFound
    _require_possible(points, criterion.most, remark)
    draft = list_drafts(reviewer.id).get((application.id, criterion.id))
    if draft is None:
        draft = DraftScore(
            reviewer_id=reviewer.id, application_id=application.id, criterion_id=criterion.id
        )
        db.session.add(draft)
    elif version is not None:
        require_version(draft, version)
    draft.points, draft.remark = points, remark.strip()
    db.session.flush()
    return draft


def _require_possible(points: Decimal | None, most: int, remark: str) -> None:
    if points is not None and (not 0 <= points <= most or points * 10 % 1):
        raise Refused(
            _l("Give from 0 to %(most)d points, with at most one decimal.", most=most), "points"
        )
    if len(remark) > LONGEST_REMARK:
        raise Refused(_l("A remark has at most %(max)d characters.", max=LONGEST_REMARK), "remark")


def missing_scores(reviewer: Reviewer) -> list[tuple[str, int]]:
    """What stands against lodging: application and criterion with neither points nor remark."""
    drafts = list_drafts(reviewer.id)
    competition = reviewer.competition
    return [
        (application.code, criterion.id)
        for application in list_reviewed(competition)
        for criterion in competition.criteria
        if not _is_said(drafts.get((application.id, criterion.id)))
    ]


def _is_said(draft: DraftScore | None) -> bool:
    """A criterion is scored, or left with a remark that says why."""
    return draft is not None and (draft.points is not None or bool(draft.remark))


def is_complete(reviewer: Reviewer) -> bool:
    """Whether there is something to score and nothing is missing."""
    return bool(list_reviewed(reviewer.competition)) and not missing_scores(reviewer)


def lodge(actor: Actor, code: str) -> Reviewer:
    """Lodge the scores: from now on nobody changes them, the database sees to it."""
    reviewer = lock_own_review(actor, code)
    lock_entries(reviewer.competition)  # who withdraws now, waits
    reviewer.lodged_at = clock.now()
    _take(reviewer, "lodge", actor)
    drafts = list_drafts(reviewer.id)
    for application in list_reviewed(reviewer.competition):
        for criterion in reviewer.competition.criteria:
            draft = drafts[application.id, criterion.id]
            db.session.add(
                LodgedScore(
                    reviewer_id=reviewer.id,
                    application_id=application.id,
                    criterion_id=criterion.id,
                    points=draft.points,
                    remark=draft.remark,
                )
            )
    db.session.flush()
    return reviewer


def moment_of_reviewer(reviewer: Reviewer) -> ReviewerMoment:
    """What the conditions of the workflow look at."""
    return ReviewerMoment(
        is_reviewing=reviewer.competition.state is CompetitionState.REVIEWING,
        is_complete=may_read_entries(reviewer) and is_complete(reviewer),
    )


def _take(reviewer: Reviewer, action: str, actor: Actor, reason: str = "") -> None:
    facts = moment_of_reviewer(reviewer)
    transition = take(REVIEWER, reviewer, action, actor, facts=facts, reason=reason)
    # which reviewer it was stands on the page, not in the message
    tell_bodies(reviewer.competition, transition.notifies, f"reviewer.{action}")
