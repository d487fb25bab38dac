"""Appeals against published results, and how results become final (M.20)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from qcc.evaluations.models import Appeal, Assessment, RoundAssessor
from qcc.evaluations.queries import (
    ScoredCenter,
    find_appeal,
    list_final_by,
    list_scores,
    lock_assessment,
    lock_own_assessment,
)
from qcc.evaluations.services.ordering import lapse_fallen
from qcc.evaluations.services.papers import issue_result
from qcc.evaluations.services.proposing import propose_revocations
from qcc.evaluations.services.running import result_of, write_result
from qcc.evaluations.services.telling import tell_assessed, tell_commission
from qcc.evaluations.workflow import (
    APPEAL,
    ASSESSMENT,
    AppealMoment,
    AppealState,
    AssessmentMoment,
    AssessmentState,
)
from qcc.infra import clock
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin, take, take_by_clock
from qcc.kernel.permissions import Actor
from qcc.organizations.queries import find_commission
from qcc.regulations.rubrics import get_rubric


def raise_appeal(actor: Actor, code: str, version: int, text: str) -> Appeal:
    """The center's director appeals within the rulebook's days; once against a result."""
    assessment = lock_own_assessment(actor, code)
    facts = AssessmentMoment(clock.today(), appeal_by=assessment.appeal_by)
    take(ASSESSMENT, assessment, "appeal", actor, facts=facts, version=version, reason=text)
    appeal = Appeal(
        assessment_id=assessment.id,
        state=AppealState.PENDING,
        text=text.strip(),
        raised_at=clock.now(),
        raised_by=actor.person_id,
        corrected={},
    )
    db.session.add(appeal)
    db.session.flush()
    begin(APPEAL, appeal, "raise", actor, reason=text)
    tell_commission(
        commission_of(assessment.round.place),
        "assessment.appealed",
        f"/assessments/{assessment.code}",
        title=assessment.round.title,
        center=assessment.center.name,
    )
    return appeal


def commission_of(place: str) -> int:
    """The key of the commission of a place."""
    commission = find_commission(place)
    if commission is None:
        raise LookupError(f"no commission is registered at {place}")
    return commission.id


def involved_in(assessment: Assessment) -> frozenset[int]:
    """Persons who made the result: who scored in the round, and who published it."""
    seats = db.session.scalars(
        sa.select(RoundAssessor.person_id).filter_by(round_id=assessment.round_id)
    )
    publisher = assessment.round.published_by
    return frozenset({*seats, *([publisher] if publisher else ())})


def decide_appeal(
    actor: Actor,
    code: str,
    version: int,
    *,
    upheld: bool,
    reason: str,
    corrected: Mapping[str, Decimal],
) -> Appeal:
    """Another person than those who made the result upholds the appeal, with the points that stand
    from now on, or rejects it. The result is final then."""
    assessment = lock_assessment(actor, code)
    if actor.place != assessment.round.place:
        raise NotFound
    appeal = find_appeal(assessment.id)
    if appeal is None:
        raise NotFound
    db.session.refresh(appeal, with_for_update={"of": Appeal, **ROW})
    points = dict(corrected) if upheld else {}
    _check_points(assessment, points)
    people = involved_in(assessment) | {appeal.raised_by}
    facts = AppealMoment(actor.person_id, people, corrected=len(points))
    action = "uphold" if upheld else "reject"
    appeal.answer, appeal.decided_at = reason.strip(), clock.now()
    appeal.decided_by = actor.person_id
    appeal.corrected = {item: str(value) for item, value in points.items()}
    take(APPEAL, appeal, action, actor, facts=facts, version=version, reason=reason)
    if points:
        _correct(assessment, appeal.corrected)
    assessment.final_on = clock.today()
    take(ASSESSMENT, assessment, "settle", actor, facts=AssessmentMoment(clock.today()))
    tell_assessed(assessment, "assessment.final")
    propose_revocations([assessment.hosting_id])
    lapse_fallen([assessment.hosting_id])
    issue_result(assessment)
    return appeal


def _check_points(assessment: Assessment, points: Mapping[str, Decimal]) -> None:
    rubric = get_rubric(assessment.round.rubric_id)
    for code, value in points.items():
        try:
            item = rubric[code]
        except KeyError:
            raise NotFound from None
        if not item.allows(value):
            raise Refused(
                _l("Give points from 0 to %(most)s, with two decimals at most.", most=item.points),
                f"points-{code}",
            )


def _correct(assessment: Assessment, corrected: Mapping[str, str]) -> None:
    """The result with the corrected points in place of the assessors'."""
    round_ = assessment.round
    assessment.corrected = dict(corrected)
    scored = list_scores(round_).get(assessment.id, ScoredCenter())
    result = result_of(round_, get_rubric(round_.rubric_id), assessment, scored)
    write_result(round_, assessment, result, scored.remarks)


def finalize(assessment_id: int, today: date) -> bool:
    """By the clock: a result against which nobody appealed in time is final; whether it became."""
    assessment = db.session.scalars(
        sa.select(Assessment)
        .filter_by(id=assessment_id)
        .with_for_update(of=Assessment, **ROW)
        .execution_options(populate_existing=True)
    ).one()
    over = assessment.appeal_by is not None and assessment.appeal_by < today
    if assessment.state is not AssessmentState.PUBLISHED or not over:
        return False
    assessment.final_on = today
    take_by_clock(ASSESSMENT, assessment, "become_final")
    tell_assessed(assessment, "assessment.final")
    propose_revocations([assessment.hosting_id])
    lapse_fallen([assessment.hosting_id])
    issue_result(assessment)
    return True


def finalize_all(today: date) -> int:
    """Daily: results whose days of appeal are over; how many became final."""
    return sum(finalize(key, today) for key in list_final_by(today))
