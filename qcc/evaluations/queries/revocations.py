"""Revocations: proposed and decided."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.evaluations.models import Assessment, Revocation
from qcc.evaluations.permissions import revocation_is_visible_to
from qcc.evaluations.rules.strikes import Strikes
from qcc.evaluations.workflow import RevocationState
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.infra.listing import waiting_first
from qcc.kernel.permissions import Actor


def _revocations(actor: Actor) -> sa.Select[Revocation]:
    return (
        sa.select(Revocation)
        .join(Revocation.center)
        .where(revocation_is_visible_to(actor))
        .options(contains_eager(Revocation.center), joinedload(Revocation.hosting))
    )


def list_revocations(actor: Actor, limit: int = 200) -> Sequence[Revocation]:
    """Those to be decided first, then the newest."""
    waits = waiting_first(Revocation.state == RevocationState.PROPOSED, Revocation.id)
    return db.session.scalars(
        _revocations(actor).order_by(waits, Revocation.id.desc()).limit(limit)
    ).all()


def get_revocation(actor: Actor, code: str) -> Revocation:
    """A revocation that the actor may see, with both results; raises NotFound."""
    found = db.session.scalars(
        _revocations(actor)
        .where(Revocation.code == code)
        .options(
            joinedload(Revocation.first).joinedload(Assessment.round),
            joinedload(Revocation.last).joinedload(Assessment.round),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_revocation(actor: Actor, code: str) -> Revocation:
    """The revocation, locked for a decision; raises NotFound."""
    found = get_revocation(actor, code)
    return db.session.scalars(
        sa.select(Revocation)
        .filter_by(id=found.id)
        .with_for_update(of=Revocation, **ROW)
        .execution_options(populate_existing=True)
    ).one()


def list_decided(hosting_ids: Sequence[int]) -> list[Strikes]:
    """The pairs of years that are asked about or decided, whatever was said."""
    rows = db.session.execute(
        sa.select(Revocation.hosting_id, Revocation.first_year, Revocation.last_year).where(
            Revocation.hosting_id.in_(hosting_ids), Revocation.state != RevocationState.LAPSED
        )
    )
    return [Strikes(hosting, (first, last)) for hosting, first, last in rows]


def find_undecided(hosting_ids: Sequence[int]) -> Sequence[Revocation]:
    """Proposals about hostings that nobody decided yet, locked."""
    return db.session.scalars(
        sa.select(Revocation)
        .where(Revocation.hosting_id.in_(hosting_ids), Revocation.state == RevocationState.PROPOSED)
        .with_for_update(of=Revocation, **ROW)
    ).all()


def list_proposed_hostings() -> Sequence[int]:
    """The hostings about which something is proposed."""
    return db.session.scalars(
        sa.select(Revocation.hosting_id).filter_by(state=RevocationState.PROPOSED).distinct()
    ).all()
