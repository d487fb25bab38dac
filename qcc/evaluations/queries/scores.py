"""Scores: an assessor's own, and all of a round as the result is made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from qcc.centers.models import Hosting
from qcc.evaluations.models import Assessment, ItemScore, Round, RoundAssessor
from qcc.infra.db import db
from qcc.organizations.models import Person


@dataclass(slots=True)
class ScoredCenter:
    """What the assessors gave one center: by assessor and item; who may not score it."""

    marks: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    remarks: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    excluded: frozenset[int] = frozenset()


def conflicts_of(round_id: int) -> dict[int, frozenset[int]]:
    """By assessment, the seats that may not score it: whose person is employed by the host."""
    rows = db.session.execute(
        sa.select(Assessment.id, RoundAssessor.id)
        .join(Hosting, Hosting.id == Assessment.hosting_id)
        .join(RoundAssessor, RoundAssessor.round_id == Assessment.round_id)
        .join(Person, Person.id == RoundAssessor.person_id)
        .where(Assessment.round_id == round_id, Person.employer_id == Hosting.institution_id)
    )
    found: dict[int, set[int]] = {}
    for assessment_id, seat_id in rows:
        found.setdefault(assessment_id, set()).add(seat_id)
    return {key: frozenset(seats) for key, seats in found.items()}


def list_scores(round_: Round) -> Mapping[int, ScoredCenter]:
    """All scores of a round, by assessment. Two queries, however many centers."""
    conflicts = conflicts_of(round_.id)
    found: dict[int, ScoredCenter] = {}
    rows = db.session.execute(
        sa.select(
            ItemScore.assessment_id,
            ItemScore.assessor_id,
            ItemScore.item,
            ItemScore.points,
            ItemScore.remark,
        )
        .join(RoundAssessor, RoundAssessor.id == ItemScore.assessor_id)
        .where(RoundAssessor.round_id == round_.id)
        .order_by(ItemScore.id)
    )
    for assessment_id, seat, item, points, remark in rows:
        center = found.setdefault(
            assessment_id, ScoredCenter(excluded=conflicts.get(assessment_id, frozenset()))
        )
        if seat in center.excluded:
            continue
        center.marks.setdefault(str(seat), {})[item] = points
        if remark:
            center.remarks.setdefault(item, []).append((str(seat), remark))
    return found


def list_own_scores(seat_id: int) -> Mapping[tuple[int, str], ItemScore]:
    """What one assessor gave, by assessment and item."""
    rows = db.session.scalars(sa.select(ItemScore).filter_by(assessor_id=seat_id))
    return {(row.assessment_id, row.item): row for row in rows}


def sheet_of(seat_id: int, assessment_ids: Sequence[int]) -> Mapping[tuple[int, str], ItemScore]:
    """What one assessor gave these centers, by assessment and item."""
    rows = db.session.scalars(
        sa.select(ItemScore).where(
            ItemScore.assessor_id == seat_id, ItemScore.assessment_id.in_(assessment_ids)
        )
    )
    return {(row.assessment_id, row.item): row for row in rows}
