"""Centers × months of a year: who met, whose minutes are missing, who missed a month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.places import begins
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.meetings.models import Meeting
from qcc.meetings.permissions import AUTHORITIES, CENTER_ROLES
from qcc.meetings.rules.compliance import Demand, HeldMeeting, MonthState, Term, year_states
from qcc.regulations.rulebooks import rulebook_for

_KEPT_STATES = (CenterState.ESTABLISHED, CenterState.RECTIFYING, CenterState.VACANT)


@dataclass(frozen=True, slots=True)
class ComplianceRow:
    """A center with its twelve months."""

    id: int
    name: str
    place: str
    months: tuple[MonthState, ...]

    def count(self, *states: MonthState) -> int:
        """How many of its months are in one of the states."""
        return sum(month in states for month in self.months)


def _in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    if actor.role not in CENTER_ROLES:
        return sa.false()
    own = db.session.get_one(Center, actor.center_id)
    below = sa.and_(
        Center.kind == own.kind,
        Center.specialty_id == own.specialty_id,
        begins(Center.place, subtree_prefix(own.place)),
    )
    return sa.or_(Center.id == own.id, below)


def demand_of(place: str, on: date) -> Demand:
    """What the rulebook in force asks of the centers of a place."""
    book = rulebook_for(place, on)
    return Demand(book["meetings.per_month"].number, book["meetings.minutes_days"].number)


def get_compliance(
    actor: Actor, year: int, today: date, *, after: int = 0, limit: int = 0
) -> Sequence[ComplianceRow]:
    """Each center in the actor's scope with its twelve months: a center sees itself and those of
    its specialty below it. Three queries, however many centers."""
    found = sa.select(Center.id, Center.name, Center.place).where(
        Center.state.in_(_KEPT_STATES), _in_scope(actor), Center.id > after
    )
    found = found.order_by(Center.id)
    centers = db.session.execute(found.limit(limit) if limit else found).all()
    months = months_of([(center.id, center.place) for center in centers], year, today)
    return [
        ComplianceRow(center.id, center.name, center.place, months[center.id]) for center in centers
    ]


def months_of(
    centers: Sequence[tuple[int, str]], year: int, today: date
) -> dict[int, tuple[MonthState, ...]]:
    """The twelve months of each center, told by its id and place. Two queries."""
    keys = [key for key, _place in centers]
    terms, meetings, last = _terms(keys), _meetings(keys), min(today, date(year, 12, 31))
    return {
        key: year_states(year, terms[key], meetings[key], demand_of(place, last), today)
        for key, place in centers
    }


def _terms(keys: Sequence[int]) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Hosting.center_id, Hosting.started_on, Hosting.ended_on).where(
            Hosting.center_id.in_(keys)
        )
    )
    for center_id, started_on, ended_on in rows:
        found[center_id].append(Term(started_on, ended_on))
    return found


def _meetings(keys: Sequence[int]) -> dict[int, list[HeldMeeting]]:
    found: dict[int, list[HeldMeeting]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Meeting.center_id, Meeting.held_at, Meeting.final_at).where(
            Meeting.center_id.in_(keys)
        )
    )
    for center_id, held_at, final_at in rows:
        if held_at is not None:
            final_on = legal_date(final_at) if final_at else None
            found[center_id].append(HeldMeeting(legal_date(held_at), final_on))
    return found
