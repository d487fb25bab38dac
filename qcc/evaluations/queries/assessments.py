"""Assessments: of a round, of a center, one of them with its evidence, and what counts of them."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.evaluations.models import Appeal, Assessment, Evidence, Round
from qcc.evaluations.permissions import CENTER_ROLES, assessment_is_visible_to
from qcc.evaluations.rules.strikes import Verdict
from qcc.evaluations.workflow import AssessmentState
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.rubrics import AssessmentKind

WITH_RESULT = (AssessmentState.PUBLISHED, AssessmentState.APPEALED, AssessmentState.FINAL)


def list_own_assessments(actor: Actor) -> Sequence[Assessment]:
    """Those of the actor's center, newest first."""
    if actor.role not in CENTER_ROLES:
        return []
    return db.session.scalars(
        sa.select(Assessment)
        .filter_by(center_id=actor.center_id)
        .order_by(Assessment.id.desc())
        .options(joinedload(Assessment.round))
    ).all()


def list_assessments_of_round(round_id: int) -> Sequence[Assessment]:
    """All of a round, by center, with center and host. The caller may see the round."""
    return db.session.scalars(
        sa.select(Assessment)
        .filter_by(round_id=round_id)
        .order_by(Assessment.center_id)
        .options(joinedload(Assessment.center), joinedload(Assessment.hosting))
    ).all()


def _assessment(actor: Actor, code: str) -> sa.Select[Assessment]:
    return (
        sa.select(Assessment)
        .join(Assessment.round)
        .where(Assessment.code == code, assessment_is_visible_to(actor))
        .options(contains_eager(Assessment.round))
    )


def get_assessment(actor: Actor, code: str) -> Assessment:
    """An assessment that the actor may see; raises NotFound."""
    found = db.session.scalars(
        _assessment(actor, code).options(
            joinedload(Assessment.center), joinedload(Assessment.hosting)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_assessment(actor: Actor, code: str) -> Assessment:
    """The assessment, locked for an act after its round; raises NotFound."""
    found = get_assessment(actor, code)
    db.session.scalars(
        sa.select(Round).filter_by(id=found.round_id).with_for_update(of=Round, **ROW)
    ).one()
    return db.session.scalars(
        sa.select(Assessment)
        .filter_by(id=found.id)
        .with_for_update(of=Assessment, **ROW)
        .execution_options(populate_existing=True)
    ).one()


def lock_own_assessment(actor: Actor, code: str) -> Assessment:
    """The assessment of the actor's own center, locked; raises NotFound."""
    found = lock_assessment(actor, code)
    if actor.role not in CENTER_ROLES or found.center_id != actor.center_id:
        raise NotFound
    return found


def list_evidence(assessment_id: int) -> Sequence[Evidence]:
    """What lies in the slots, in the order in which it was laid there."""
    return db.session.scalars(
        sa.select(Evidence)
        .where(Evidence.assessment_id == assessment_id, Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
        .options(joinedload(Evidence.file))
    ).all()


def get_evidence(assessment_id: int, evidence_id: int) -> Evidence:
    """A piece of evidence of the assessment; raises NotFound."""
    found = db.session.scalars(
        sa.select(Evidence)
        .filter_by(id=evidence_id, assessment_id=assessment_id)
        .options(joinedload(Evidence.file))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_appeal(assessment_id: int) -> Appeal | None:
    """The appeal against a result, with who decided it."""
    return db.session.scalars(
        sa.select(Appeal).filter_by(assessment_id=assessment_id).options(joinedload(Appeal.decider))
    ).one_or_none()


def list_totals_of(
    kind: AssessmentKind, year: int, center_ids: Sequence[int]
) -> dict[int, Decimal | None]:
    """By center, its published total of a year; of several rounds that of the last. One query."""
    rows = db.session.execute(
        sa.select(Assessment.center_id, Assessment.total)
        .join(Assessment.round)
        .where(
            Round.kind == kind,
            Round.year == year,
            Assessment.center_id.in_(center_ids),
            Assessment.state.in_(WITH_RESULT),
        )
        .order_by(Round.id)
    )
    return {row.center_id: row.total for row in rows}


def list_final_by(today: date, limit: int = 500) -> Sequence[int]:
    """The ids of published results against which nobody can appeal any more."""
    return db.session.scalars(
        sa.select(Assessment.id)
        .where(Assessment.state == AssessmentState.PUBLISHED, Assessment.appeal_by < today)
        .order_by(Assessment.id)
        .limit(limit)
    ).all()


def list_verdicts(hosting_ids: Sequence[int]) -> dict[int, list[tuple[Verdict, int]]]:
    """By hosting, the results of its yearly assessments as strikes are counted on them, with the
    ids of the assessments. A debrief is no assessment in the sense of M.20."""
    found: dict[int, list[tuple[Verdict, int]]] = {key: [] for key in hosting_ids}
    rows = db.session.execute(
        sa.select(
            Assessment.id,
            Assessment.hosting_id,
            Assessment.state,
            Assessment.has_passed,
            Round.year,
            Round.id.label("round_id"),
        )
        .join(Assessment.round)
        .where(
            Assessment.hosting_id.in_(hosting_ids),
            Assessment.state.in_((*WITH_RESULT, AssessmentState.CANCELLED)),
            Round.kind == AssessmentKind.ANNUAL,
        )
        .order_by(Round.id)
    )
    for row in rows:
        verdict = Verdict(
            hosting=row.hosting_id,
            year=row.year,
            has_passed=bool(row.has_passed),
            is_final=row.state is AssessmentState.FINAL,
            is_cancelled=row.state is AssessmentState.CANCELLED,
            order=row.round_id,
        )
        found[row.hosting_id].append((verdict, row.id))
    return found


def list_evidence_of_round(
    round_id: int, assessment_ids: Collection[int]
) -> dict[tuple[int, str], list[Evidence]]:
    """By assessment and item, what lies in the slots of these centers. One query."""
    rows = db.session.scalars(
        sa.select(Evidence)
        .join(Assessment, Assessment.id == Evidence.assessment_id)
        .where(
            Assessment.round_id == round_id,
            Evidence.assessment_id.in_(assessment_ids),
            Evidence.removed_at.is_(None),
        )
        .order_by(Evidence.id)
        .options(joinedload(Evidence.file))
    )
    found: dict[tuple[int, str], list[Evidence]] = {}
    for piece in rows:
        found.setdefault((piece.assessment_id, piece.item), []).append(piece)
    return found
