"""What waits for a desk of rectifications and violations."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import Assessment, Rectification, Round, Violation
from qcc.evaluations.permissions import rectification_is_ordered_by, round_is_ordered_by
from qcc.evaluations.queries.due import Due, row
from qcc.evaluations.workflow import AssessmentState, RectificationState, ViolationState
from qcc.infra import clock
from qcc.kernel.permissions import Actor

R = Rectification


def _orders(actor: Actor) -> sa.Select[Any]:
    """Failed and final results, in rounds of the actor, of hostings that go on, to which no order
    was issued. Of several rounds of a year the last that was not cancelled stands."""
    later, later_round = aliased(Assessment), aliased(Round)
    superseded = (
        sa.select(later.id)
        .join(later_round, later_round.id == later.round_id)
        .where(
            later.hosting_id == Assessment.hosting_id,
            later_round.kind == Round.kind,
            later_round.year == Round.year,
            later.round_id > Assessment.round_id,
            later.state != AssessmentState.CANCELLED,
        )
        .correlate(Assessment, Round)
    )
    ordered = (
        sa.select(R.id)
        .where(R.assessment_id == Assessment.id, R.state != RectificationState.WITHDRAWN)
        .correlate(Assessment)
    )
    return (
        row(Due.ORDER, Assessment.code, center=Center.name, title=Round.title)
        .select_from(Assessment)
        .join(Assessment.round)
        .join(Assessment.center)
        .join(Assessment.hosting)
        .where(
            Assessment.state == AssessmentState.FINAL,
            Assessment.has_passed.is_(False),
            Hosting.ended_on.is_(None),
            round_is_ordered_by(actor),
            ~superseded.exists(),
            ~ordered.exists(),
        )
        .order_by(Assessment.id)
    )


def _own(kind: Due, state: RectificationState) -> Callable[[Actor], sa.Select[Any]]:
    """Orders to the actor's center at which the next step is its own."""

    def find(actor: Actor) -> sa.Select[Any]:
        columns = {"center": Center.name, "since": R.issued_at, "due": R.due_on}
        return (
            row(kind, R.code, **columns)
            .join(R.center)
            .where(R.center_id == actor.center_id, R.state == state)
            .order_by(R.id)
        )

    return find


def _verifications(actor: Actor) -> sa.Select[Any]:
    """Handed in to the actor's side."""
    return (
        row(Due.VERIFY, R.code, center=Center.name, since=R.handed_in_at)
        .join(R.center)
        .where(R.state == RectificationState.HANDED_IN, rectification_is_ordered_by(actor))
        .order_by(R.id)
    )


V = Violation


def _of_violation(kind: Due, *where: sa.ColumnElement[bool], **more: Any) -> sa.Select[Any]:
    found = row(kind, V.code, center=Center.name, **more).join(V.center)
    return found.where(*where).order_by(V.id)


def _reported(actor: Actor) -> sa.Select[Any]:
    """Reports on centers of exactly the actor's place, by others."""
    return _of_violation(
        Due.VIOLATION,
        V.state == ViolationState.REPORTED,
        Center.place == actor.place,
        V.reported_by != actor.person_id,
        since=V.reported_at,
    )


def _inquiries(actor: Actor) -> sa.Select[Any]:
    """What the person investigates."""
    mine = V.investigator_id == actor.person_id
    state = V.state == ViolationState.INVESTIGATING
    return _of_violation(Due.INQUIRY, state, mine, Center.place == actor.place, since=V.reported_at)


def _statements(actor: Actor) -> sa.Select[Any]:
    """Cases about the actor's center in which it is heard."""
    state, own = V.state == ViolationState.HEARING, V.center_id == actor.center_id
    return _of_violation(Due.STATEMENT, state, own, since=V.heard_at, due=V.statement_by)


def _verdicts(actor: Actor) -> sa.Select[Any]:
    """Cases of the actor's place in which the center was heard, investigated by others."""
    heard = sa.or_(
        V.state == ViolationState.STATED,
        sa.and_(V.state == ViolationState.HEARING, V.statement_by < clock.today()),
    )
    others = (V.investigator_id != actor.person_id, V.reported_by != actor.person_id)
    return _of_violation(Due.VERDICT, heard, *others, Center.place == actor.place, since=V.heard_at)


CORRECTIONS: Mapping[Due, Callable[[Actor], sa.Select[Any]]] = {
    Due.ORDER: _orders,
    Due.PLAN: _own(Due.PLAN, RectificationState.ISSUED),
    Due.RECTIFY: _own(Due.RECTIFY, RectificationState.UNDERWAY),
    Due.VERIFY: _verifications,
    Due.VIOLATION: _reported,
    Due.INQUIRY: _inquiries,
    Due.STATEMENT: _statements,
    Due.VERDICT: _verdicts,
}
