"""Rectification orders: in scope, one with its items, those open, and what they are made from."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from qcc.centers.models import Hosting
from qcc.evaluations.models import (
    Assessment,
    Rectification,
    RectificationEvidence,
    RectificationItem,
    Round,
)
from qcc.evaluations.permissions import (
    rectification_is_visible_to,
)
from qcc.evaluations.workflow import OPEN, OWED, AssessmentState, RectificationState
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.reminders import LONGEST_BREAK

R = Rectification
MOST = 20


def _visible(actor: Actor) -> sa.Select[Rectification]:
    return (
        sa.select(R)
        .join(R.center)
        .where(rectification_is_visible_to(actor))
        .options(contains_eager(R.center))
    )


def list_rectifications(
    actor: Actor,
    state: RectificationState | None = None,
    *,
    overdue_on: date | None = None,
    center_id: int = 0,
    after: int = 0,
    limit: int = 51,
) -> Sequence[Rectification]:
    """A page of orders, the newest first; in a state, or of those overdue on a day."""
    found = _visible(actor).options(joinedload(R.orderer), joinedload(R.orderer_center))
    if state:
        found = found.where(R.state == state)
    if overdue_on:
        found = found.where(R.state.in_(OWED), R.due_on < overdue_on)
    if center_id:
        found = found.where(R.center_id == center_id)
    if after:
        found = found.where(R.id < after)
    return db.session.scalars(found.order_by(R.id.desc()).limit(limit)).all()


def get_rectification(actor: Actor, code: str) -> Rectification:
    """An order with its items and their evidence; raises NotFound."""
    items = selectinload(R.items)
    found = db.session.scalars(
        _visible(actor)
        .where(R.code == code)
        .options(
            joinedload(R.orderer),
            joinedload(R.orderer_center),
            joinedload(R.hosting),
            joinedload(R.assessment).joinedload(Assessment.round),
            items.joinedload(RectificationItem.owner),
            items.selectinload(RectificationItem.evidence).joinedload(RectificationEvidence.file),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_rectification(actor: Actor, code: str) -> Rectification:
    """The order, locked until the transaction ends and read anew; raises NotFound."""
    found = get_rectification(actor, code)
    return lock_any_rectification(found.id)


def lock_any_rectification(rectification_id: int) -> Rectification:
    """The same for the clock, which sees all."""
    return db.session.scalars(
        sa.select(R)
        .filter_by(id=rectification_id)
        .with_for_update(of=R, **ROW)
        .execution_options(populate_existing=True)
    ).one()


def get_rectification_evidence(rectification: Rectification, key: int) -> RectificationEvidence:
    """A file of the order, also one that was taken out; raises NotFound."""
    found = db.session.scalars(
        sa.select(RectificationEvidence)
        .join(RectificationItem, RectificationItem.id == RectificationEvidence.item_id)
        .where(
            RectificationEvidence.id == key,
            RectificationItem.rectification_id == rectification.id,
        )
        .options(joinedload(RectificationEvidence.file))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_order_of(assessment_id: int) -> Rectification | None:
    """The order that an assessment led to, unless it was withdrawn."""
    return db.session.scalars(
        sa.select(R).where(
            R.assessment_id == assessment_id, R.state != RectificationState.WITHDRAWN
        )
    ).one_or_none()


def count_open(center_id: int) -> int:
    """How many orders the center has not worked off."""
    found = sa.select(sa.func.count()).where(R.center_id == center_id, R.state.in_(OPEN))
    return int(db.session.scalar(found) or 0)


def list_fallen(hosting_ids: Sequence[int] = ()) -> Sequence[int]:
    """Open orders that nothing stands behind any more: the hosting has ended, or the assessment was
    repeated and the later result is final and passed. Of all hostings, or of these."""
    later, later_round, own_round = aliased(Assessment), aliased(Round), aliased(Round)
    passed = (
        sa.select(later.id)
        .join(later_round, later_round.id == later.round_id)
        .join(own_round, own_round.id == Assessment.round_id)
        .where(
            later.hosting_id == Assessment.hosting_id,
            later_round.kind == own_round.kind,
            later_round.year == own_round.year,
            later.round_id > Assessment.round_id,
            later.state == AssessmentState.FINAL,
            later.has_passed.is_(True),
        )
        .correlate(Assessment)
    )
    found = (
        sa.select(R.id)
        .join(R.hosting)
        .outerjoin(R.assessment)
        .where(R.state.in_(OPEN), sa.or_(Hosting.ended_on.is_not(None), passed.exists()))
    )
    if hosting_ids:
        found = found.where(R.hosting_id.in_(hosting_ids))
    return db.session.scalars(found.order_by(R.id)).all()


def list_owed_around(today: date, before: int, ladder: int) -> Sequence[Rectification]:
    """Orders that are due within some days, or have been overdue for as long as the ladder is."""
    longest = LONGEST_BREAK.days
    since = today.toordinal() - longest - ladder
    return db.session.scalars(
        sa.select(R)
        .where(
            R.state.in_(OWED),
            R.due_on.between(
                date.fromordinal(since), date.fromordinal(today.toordinal() + longest + before)
            ),
        )
        .options(joinedload(R.center))
        .order_by(R.id)
    ).all()
