"""A round runs: opened to the centers, handed to the assessors, published, or cancelled (M.20)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.queries import (
    ScoredCenter,
    list_assessable_centers,
    list_assessments_of_round,
    list_scores,
)
from qcc.evaluations.rules.scoring import AUDIENCE, JUDGES, Result, Sides, evaluate
from qcc.evaluations.services.facts import computed_items
from qcc.evaluations.services.planning import lock_own_round
from qcc.evaluations.services.telling import tell_assessed, tell_assessors
from qcc.evaluations.workflow import (
    ASSESSMENT,
    ROUND,
    AssessmentMoment,
    AssessmentState,
    RoundMoment,
)
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor
from qcc.kernel.rubrics import Rubric
from qcc.kernel.scores import rounded
from qcc.regulations.rubrics import get_rubric
from qcc.regulations.rulebooks import rulebook_for

A = AssessmentState


def round_moment(
    round_: Round, assessments: Sequence[Assessment], results: Mapping[int, Result] | None = None
) -> RoundMoment:
    """What the conditions of a round look at. Before it is opened, those who would be assessed
    count; *results* only once there are scores."""
    centers = len(assessments) or len(list_assessable_centers(round_))
    return RoundMoment(
        centers=centers,
        has_scale=round_.pass_mark is not None,
        seated=len(round_.assessors),
        lodged=sum(seat.lodged_at is not None for seat in round_.assessors),
        submitted=sum(each.submitted_at is not None for each in assessments),
        unscored=sum(bool(result.missing) for result in (results or {}).values()),
        final=sum(each.state is A.FINAL for each in assessments),
    )


def results_of(round_: Round, assessments: Sequence[Assessment]) -> dict[int, Result]:
    """By assessment, what the scores come to as they are now. Two queries."""
    scores, rubric = list_scores(round_), get_rubric(round_.rubric_id)
    return {
        each.id: result_of(round_, rubric, each, scores.get(each.id, ScoredCenter()))
        for each in assessments
    }


def result_of(
    round_: Round, rubric: Rubric, assessment: Assessment, scored: ScoredCenter
) -> Result:
    """What the scores of one center come to. Who is employed by its host does not count."""
    seats = [seat for seat in round_.assessors if seat.id not in scored.excluded]
    sides = None
    if round_.judges_weight < 100:
        weights = {JUDGES: round_.judges_weight, AUDIENCE: 100 - round_.judges_weight}
        sides = Sides({str(seat.id): seat.side for seat in seats}, weights)
    return evaluate(
        rubric, [str(s.id) for s in seats], scored.marks, sides, assessment.corrected_points
    )


def open_round(actor: Actor, code: str, version: int) -> Round:
    """The centers are asked for their accounts; from now on the rubric stands."""
    round_ = lock_own_round(actor, code)
    take(ROUND, round_, "open", actor, facts=round_moment(round_, ()), version=version)
    for center in list_assessable_centers(round_):
        assessment = Assessment(
            round_id=round_.id,
            round=round_,
            center_id=center.id,
            hosting_id=center.hosting_id,
            state=A.WRITING,
            computed={},
            result={},
            corrected={},
        )
        db.session.add(assessment)
        db.session.flush()
        begin(ASSESSMENT, assessment, "open", actor)
        tell_assessed(assessment, "round.opened", until=round_.self_until.isoformat())
    return round_


def start_scoring(actor: Actor, code: str, version: int) -> Round:
    """The assessors score what was submitted, and what was not as it is; what is on record of the
    year is kept as it stands now."""
    round_ = lock_own_round(actor, code)
    assessments = list_assessments_of_round(round_.id)
    facts = round_moment(round_, assessments)
    take(ROUND, round_, "start_scoring", actor, facts=facts, version=version)
    today, rubric = clock.today(), get_rubric(round_.rubric_id)
    computed = computed_items(rubric, round_, assessments, today)
    for assessment in assessments:
        assessment.computed = computed[assessment.id]
        take(ASSESSMENT, assessment, "score", actor, facts=AssessmentMoment(today))
    tell_assessors(round_)
    return round_


def publish(actor: Actor, code: str, version: int) -> Round:
    """Every center gets its total, grade and the remarks; from today the days of appeal run."""
    round_ = lock_own_round(actor, code)
    assessments = list_assessments_of_round(round_.id)
    results = results_of(round_, assessments)
    facts = round_moment(round_, assessments, results)
    take(ROUND, round_, "publish", actor, facts=facts, version=version)
    round_.published_by = actor.person_id
    today = clock.today()
    days = rulebook_for(round_.place, today)["assessment.appeal_days"].number
    scores = list_scores(round_)
    for assessment in assessments:
        remarks = scores[assessment.id].remarks if assessment.id in scores else {}
        write_result(round_, assessment, results[assessment.id], remarks)
        assessment.published_at = clock.now()
        assessment.appeal_by = today + timedelta(days=days)
        take(ASSESSMENT, assessment, "publish", actor, facts=AssessmentMoment(today))
        tell_assessed(assessment, "assessment.published", until=assessment.appeal_by.isoformat())
    return round_


def write_result(
    round_: Round,
    assessment: Assessment,
    result: Result,
    remarks: Mapping[str, Sequence[tuple[str, str]]],
) -> None:
    """Total, grade and whether it passed; items with their remarks as the center sees them,
    without the assessors' names."""
    if result.total is None or round_.scale is None:
        raise ValueError(f"assessment {assessment.id} has no total")
    assessment.total = result.total
    assessment.grade = round_.scale.grade_of(result.total)
    assessment.has_passed = round_.scale.has_passed(result.total)
    assessment.result = {
        "groups": {name: str(points) for name, points in result.groups.items()},
        "items": {
            item.code: {
                "score": None if item.score is None else str(rounded(item.score)),
                "remarks": [text for _who, text in remarks.get(item.code, ())],
            }
            for item in result.items
        },
    }


def cancel_round(actor: Actor, code: str, version: int, reason: str) -> Round:
    """The round has no results, and nothing of it counts."""
    round_ = lock_own_round(actor, code)
    assessments = list_assessments_of_round(round_.id)
    facts = round_moment(round_, assessments)
    take(ROUND, round_, "cancel", actor, facts=facts, version=version, reason=reason)
    for assessment in assessments:
        moment = AssessmentMoment(clock.today())
        take(ASSESSMENT, assessment, "cancel", actor, facts=moment, reason=reason)
        tell_assessed(assessment, "round.cancelled", reason=reason)
    return round_
