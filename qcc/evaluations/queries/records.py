"""Internal rules of centers and supervision visits: what holds, and what is to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import InternalRule, Visit
from qcc.evaluations.queries.documents import center_in_scope
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.kernel.permissions import Actor
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for


def kinds_asked(place: str, on: date) -> tuple[str, ...]:
    """About what the rulebook in force asks for internal rules."""
    try:
        return rulebook_for(place, on)["annual.internal_rules"].choices
    except (NoRulebookInForce, KeyError):
        return ()


def get_recorded_center(actor: Actor, center_id: int) -> Center:
    """A center whose records the actor reads; raises NotFound."""
    found = db.session.scalars(
        sa.select(Center).where(Center.id == center_id, center_in_scope(actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_internal_rules(center_id: int) -> Sequence[InternalRule]:
    """All editions of a center's internal rules, the newest first."""
    return db.session.scalars(
        sa.select(InternalRule)
        .filter_by(center_id=center_id)
        .options(joinedload(InternalRule.file))
        .order_by(InternalRule.id.desc())
    ).all()


def list_visits(center_id: int) -> Sequence[Visit]:
    """The visits to a center, the newest first."""
    return db.session.scalars(
        sa.select(Visit)
        .filter_by(center_id=center_id)
        .options(joinedload(Visit.file), joinedload(Visit.organization))
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
    ).all()


def get_record_file(center_id: int, kind: str, record_id: int) -> StoredFile:
    """The file of an edition ("rules") or of a visit ("visits"); raises NotFound."""
    held = InternalRule.file_id if kind == "rules" else Visit.file_id
    table = InternalRule if kind == "rules" else Visit
    stored = db.session.scalars(
        sa.select(StoredFile)
        .join(table, held == StoredFile.id)
        .where(table.id == record_id, table.center_id == center_id)
    ).one_or_none()
    if stored is None:
        raise NotFound
    return stored


def _newest_rules() -> sa.Select[InternalRule]:
    """The edition that holds, of each center and kind."""
    newest = sa.select(sa.func.max(InternalRule.id)).group_by(
        InternalRule.center_id, InternalRule.kind
    )
    return sa.select(InternalRule).where(InternalRule.id.in_(newest))


def _newest_visits() -> sa.Select[Visit]:
    """The last visit to each center."""
    later = sa.orm.aliased(Visit)
    follows = sa.exists().where(
        later.center_id == Visit.center_id,
        sa.or_(
            later.visited_on > Visit.visited_on,
            sa.and_(later.visited_on == Visit.visited_on, later.id > Visit.id),
        ),
    )
    return sa.select(Visit).where(~follows)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What is on record of a center: about how many things it has rules, of how many that are asked
    for; the last visit; and the first day on which something is to be looked at again."""

    id: int
    name: str
    rules: int
    asked: int
    visited_on: date | None
    review_on: date | None


def list_records(actor: Actor, today: date, *, after: int = 0, limit: int = 51) -> list[RecordRow]:
    """A page of the hosted centers in scope, in three queries."""
    hosted = sa.select(Hosting.center_id).where(Hosting.ended_on.is_(None))
    centers = db.session.execute(
        sa.select(Center.id, Center.name, Center.place)
        .where(center_in_scope(actor), Center.id.in_(hosted), Center.id > after)
        .order_by(Center.id)
        .limit(limit)
    ).all()
    keys = [center.id for center in centers]
    rules = db.session.scalars(_newest_rules().where(InternalRule.center_id.in_(keys))).all()
    visits = {
        visit.center_id: visit
        for visit in db.session.scalars(_newest_visits().where(Visit.center_id.in_(keys)))
    }
    found = []
    for key, name, place in centers:
        asked = kinds_asked(place, today)
        own = [rule for rule in rules if rule.center_id == key and rule.kind in asked]
        visit = visits.get(key)
        reviews = [rule.review_on for rule in own]
        if visit is not None and visit.review_on is not None:
            reviews.append(visit.review_on)
        found.append(
            RecordRow(
                key,
                name,
                len(own),
                len(asked),
                visit.visited_on if visit else None,
                min(reviews, default=None),
            )
        )
    return found


def list_rules_to_review(first: date, last: date) -> Sequence[InternalRule]:
    """Editions in force that are to be looked at within the days, for the clock."""
    return db.session.scalars(
        _newest_rules()
        .where(InternalRule.review_on.between(first, last))
        .options(joinedload(InternalRule.center))
        .order_by(InternalRule.id)
    ).all()


def list_visits_to_review(first: date, last: date) -> Sequence[Visit]:
    """Last visits that are to be looked at again within the days, for the clock."""
    return db.session.scalars(
        _newest_visits()
        .where(Visit.review_on.between(first, last))
        .options(joinedload(Visit.center))
        .order_by(Visit.id)
    ).all()
