"""Cases of prohibited conduct, within what the reader may know of."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.centers.models import Hosting
from qcc.evaluations.models import Violation, ViolationFile
from qcc.evaluations.permissions import violation_is_visible_to
from qcc.evaluations.workflow import ViolationState
from qcc.evaluations.workflow.violation import UNDECIDED
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor

V = Violation


def _visible(actor: Actor) -> sa.Select[Violation]:
    return (
        sa.select(V)
        .join(V.center)
        .where(violation_is_visible_to(actor))
        .options(contains_eager(V.center))
    )


def list_violations(
    actor: Actor, state: ViolationState | None = None, *, after: int = 0, limit: int = 51
) -> Sequence[Violation]:
    """A page of cases, the newest first."""
    found = _visible(actor)
    if state:
        found = found.where(V.state == state)
    if after:
        found = found.where(V.id < after)
    return db.session.scalars(found.order_by(V.id.desc()).limit(limit)).all()


def get_violation(actor: Actor, code: str) -> Violation:
    """A case with its files; raises NotFound."""
    found = db.session.scalars(
        _visible(actor)
        .where(V.code == code)
        .options(
            joinedload(V.hosting).joinedload(Hosting.institution),
            joinedload(V.reporter),
            joinedload(V.who_reported),
            joinedload(V.investigator),
            joinedload(V.rectification),
            selectinload(V.files).joinedload(ViolationFile.file),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_violation(actor: Actor, code: str) -> Violation:
    """The case, locked until the transaction ends and read anew; raises NotFound."""
    found = get_violation(actor, code)
    return db.session.scalars(
        sa.select(V)
        .filter_by(id=found.id)
        .with_for_update(of=V, **ROW)
        .execution_options(populate_existing=True)
    ).one()


def find_undecided_of(hosting_ids: Sequence[int] = ()) -> Sequence[Violation]:
    """Undecided cases about hostings that have ended, locked; of all, or of these."""
    found = (
        sa.select(V)
        .join(V.hosting)
        .where(V.state.in_(UNDECIDED), Hosting.ended_on.is_not(None))
        .order_by(V.id)
        .with_for_update(of=V, **ROW)
    )
    if hosting_ids:
        found = found.where(V.hosting_id.in_(hosting_ids))
    return db.session.scalars(found).all()
