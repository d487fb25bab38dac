"""Centers with their calls and hostings: what was planned, called for, established, ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bench.province.bodies import PROVINCE, Bodies, Desk
from bench.province.history import step
from qcc.applications.models import Audience, Call, CallCenter
from qcc.centers.models import Center, Specialty
from qcc.centers.services.planning import center_name
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.pinyin import search_text
from qcc.kernel.dates import legal_date
from qcc.organizations.models import Jurisdiction

S = CenterState
DAY = timedelta(days=1)

# How many of a hundred centers stand in which state.
STATES = (S.ESTABLISHED,) * 72 + (S.IN_CALL,) * 12 + (S.RECTIFYING,) * 6 + (S.VACANT,) * 6
MIXED = (*STATES, *(S.PLANNED,) * 4)

# How long ago calls opened: long past, past, and one that is open now.
FIRST, SECOND, PRESENT = 1400 * DAY, 700 * DAY, 20 * DAY
OPEN_FOR = 40 * DAY
DECIDED_AFTER = 120 * DAY


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call of a place's commission."""

    id: int
    place: str
    opened: datetime
    closes: datetime
    issuer: Desk
    second: Desk
    reception: Desk


@dataclass(slots=True)
class Planned:
    """A center, the state in which it stands today, and the calls it went through."""

    id: int
    place: str
    name: str
    specialty: str
    state: CenterState
    calls: list[PlacedCall] = field(default_factory=list)


def found_centers(bodies: Bodies, now: datetime, how_many: int) -> list[Planned]:
    """Centers of every level, from the province down, with the calls that opened them."""
    found = [
        _plan(bodies, place, specialty, number, now)
        for number, (place, specialty) in zip(range(how_many), _wanted(), strict=False)
    ]
    calls: dict[tuple[str, timedelta], PlacedCall] = {}
    for center in found:
        for ago in _calls_of(center.state):
            if (center.place, ago) not in calls:
                calls[center.place, ago] = _call(bodies, center.place, now, ago)
            center.calls.append(calls[center.place, ago])
            key = calls[center.place, ago].id
            bodies.writer.link(CallCenter, call_id=key, center_id=center.id)
    bodies.writer.flush()
    return found


def _wanted() -> Iterator[tuple[Jurisdiction, Specialty]]:
    """All specialties of the province, then of the cities, then of the counties."""
    specialties = db.session.scalars(
        sa.select(Specialty).order_by(Specialty.required_in_counties.desc(), Specialty.id)
    ).all()
    places = db.session.scalars(
        sa.select(Jurisdiction)
        .where(Jurisdiction.code.startswith(PROVINCE[:2]))
        .order_by(Jurisdiction.code)
    ).all()
    upper = [p for p in places if p.code.endswith("00")]
    yield from ((p, s) for p in upper if p.code == PROVINCE for s in specialties)
    yield from ((p, s) for p in upper if p.code != PROVINCE for s in specialties)
    yield from ((p, s) for s in specialties for p in places if not p.code.endswith("00"))


def _calls_of(state: CenterState) -> tuple[timedelta, ...]:
    if state is S.PLANNED:
        return ()
    return (FIRST, PRESENT if state is S.IN_CALL else SECOND)


def _plan(
    bodies: Bodies, place: Jurisdiction, specialty: Specialty, number: int, now: datetime
) -> Planned:
    name, state = center_name(place, specialty), MIXED[number * 37 % len(MIXED)]
    planned = now - FIRST - 60 * DAY
    key = bodies.writer.add(
        Center,
        kind=specialty.kind,
        specialty_id=specialty.id,
        place=place.code,
        name=name,
        state=state,
        planned_on=legal_date(planned),
        search_text=search_text(name),
    )
    first = ("plan", "", S.PLANNED.value)
    step(bodies.writer, ("center", key), first, bodies.commissions[place.code], planned)
    return Planned(key, place.code, name, specialty.name, state)


def _call(bodies: Bodies, place: str, now: datetime, ago: timedelta) -> PlacedCall:
    opened, issuer = now - ago, bodies.commissions[place]
    reception = bodies.receptions[place]
    key = bodies.writer.add(
        Call,
        title=f"{opened.year}年{issuer.organization_name}质控中心挂靠单位申报",
        place=place,
        issuer_id=issuer.organization_id,
        reception_id=reception.organization_id,
        opens_at=opened,
        closes_at=opened + OPEN_FOR,
        conditions="申报单位应符合管理办法规定的条件，如实填写设置申请表和可行性报告。",
        audience=Audience.JURISDICTION,
        published_at=opened,
    )
    closes = opened + OPEN_FOR
    return PlacedCall(key, place, opened, closes, issuer, bodies.seconds[place], reception)
