"""Annual reports and batches of them, within the actor's scope."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import AnnualReport, ReportBatch
from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.queries.documents import center_in_scope
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.infra.listing import LARGEST_KEY
from qcc.kernel.permissions import Actor

R = AnnualReport


def get_reported_center(actor: Actor, center_id: int) -> Center:
    """A center whose reports the actor reads, with what its cover tells; raises NotFound."""
    if not 0 < center_id <= LARGEST_KEY:
        raise NotFound
    found = db.session.scalars(
        sa.select(Center)
        .where(Center.id == center_id, center_in_scope(actor))
        .options(joinedload(Center.specialty), joinedload(Center.jurisdiction))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _reports(actor: Actor) -> sa.Select[R]:
    return (
        sa.select(R)
        .join(R.center)
        .where(center_in_scope(actor))
        .options(contains_eager(R.center), joinedload(R.task), joinedload(R.file))
    )


def list_reports(
    actor: Actor, center_id: int | None = None, *, after: int = 0, limit: int = 51
) -> Sequence[R]:
    """A page of the reports of one center, or of those in scope that were not part of a batch; the
    newest first. A center reads those of batches too, once they are made."""
    found = _reports(actor)
    if center_id is not None:
        found = found.where(R.center_id == center_id)
    if actor.role in CENTER_ROLES:
        found = found.where(sa.or_(R.batch_id.is_(None), R.file_id.is_not(None)))
    elif center_id is None:
        found = found.where(R.batch_id.is_(None))
    if after:
        found = found.where(R.id < after)
    return db.session.scalars(found.order_by(R.id.desc()).limit(limit)).all()


def find_unmade(actor: Actor, center_id: int, year: int) -> R | None:
    """The last report of a center and year that the person asked for alone and that is not made."""
    return db.session.scalars(
        sa.select(R)
        .filter_by(
            center_id=center_id,
            year=year,
            asked_by=actor.person_id,
            batch_id=None,
            file_id=None,
        )
        .options(joinedload(R.task))
        .order_by(R.id.desc())
        .limit(1)
    ).one_or_none()


def get_report(actor: Actor, code: str) -> R:
    """A report that the actor may read; raises NotFound."""
    found = db.session.scalars(
        _reports(actor).where(R.code == code).options(joinedload(R.batch))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_report(actor: Actor, code: str) -> R:
    """The same, locked for an act after its batch."""
    found = get_report(actor, code)
    if found.batch_id is not None:
        lock_batch(found.batch_id)
    return db.session.scalars(
        _reports(actor)
        .where(R.id == found.id)
        .with_for_update(of=R, **ROW)
        .execution_options(populate_existing=True)
    ).one()


# --- batches ---


def list_batches(actor: Actor, limit: int = 20) -> Sequence[tuple[ReportBatch, int]]:
    """The last batches that the actor's organization asked for, each with how many are made."""
    if actor.role not in AUTHORITIES:
        return []
    made = (
        sa.select(sa.func.count())
        .where(R.batch_id == ReportBatch.id, R.file_id.is_not(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(ReportBatch, made)
        .filter_by(organization_id=actor.organization_id)
        .order_by(ReportBatch.id.desc())
        .limit(limit)
    )
    return [(batch, int(count)) for batch, count in rows]


def get_batch(actor: Actor, code: str) -> ReportBatch:
    """A batch of the actor's organization; raises NotFound."""
    found = db.session.scalars(
        sa.select(ReportBatch)
        .filter_by(code=code, organization_id=actor.organization_id)
        .options(joinedload(ReportBatch.task), joinedload(ReportBatch.file))
    ).one_or_none()
    if found is None or actor.role not in AUTHORITIES:
        raise NotFound
    return found


def lock_batch(batch_id: int) -> ReportBatch:
    """A batch, locked: of those who finish its last reports, one sees that it was the last."""
    return db.session.scalars(
        sa.select(ReportBatch)
        .filter_by(id=batch_id)
        .with_for_update(of=ReportBatch, **ROW)
        .execution_options(populate_existing=True)
    ).one()


def list_batch_reports(batch_id: int) -> Sequence[R]:
    """The reports of a batch, by place and center. One query."""
    return db.session.scalars(
        sa.select(R)
        .join(R.center)
        .where(R.batch_id == batch_id)
        .options(contains_eager(R.center), joinedload(R.task), joinedload(R.file))
        .order_by(Center.place, Center.id)
    ).all()


def count_unmade(batch_id: int) -> int:
    """How many reports of a batch are not made."""
    unmade = sa.select(sa.func.count()).where(R.batch_id == batch_id, R.file_id.is_(None))
    return db.session.scalar(unmade) or 0


def list_reportable_centers(actor: Actor, year: int, *, all_levels: bool) -> Sequence[Center]:
    """The centers in scope that had a host at some time in the year; only those of the actor's own
    place, or of the levels below too."""
    hosted = sa.select(Hosting.center_id).where(
        Hosting.started_on <= date(year, 12, 31),
        sa.or_(Hosting.ended_on.is_(None), Hosting.ended_on >= date(year, 1, 1)),
    )
    found = sa.select(Center).where(center_in_scope(actor), Center.id.in_(hosted))
    if not all_levels:
        found = found.where(Center.place == actor.place)
    return db.session.scalars(found.order_by(Center.place, Center.id)).all()
