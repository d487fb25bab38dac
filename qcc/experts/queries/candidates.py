"""Experts as candidates for a review: with where they are and were employed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.experts.models import Employment, Expert
from qcc.infra.db import db
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, Person

MOST = 500
"""So many are looked at: whoever wants fewer names a specialty."""

LONG_AGO = date(1900, 1, 1)

Employed = tuple[int, date, date | None]


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """An expert with employments: organization, first and last day (None: still)."""

    code: str
    person_id: int
    name: str
    birth_date: date | None
    title: str
    specialty: str
    employer_id: int
    employer: str
    employments: tuple[Employed, ...]


def list_candidates(actor: Actor, specialty: str = "") -> list[ExpertRow]:
    """The experts of the actor's province, of a specialty if one is named."""
    found = (
        sa.select(
            Expert.code,
            Expert.person_id,
            Person.name,
            Person.birth_date,
            Person.title,
            Expert.specialty,
            Person.employer_id,
            Organization.name.label("employer"),
        )
        .join(Person, Person.id == Expert.person_id)
        .join(Organization, Organization.id == Person.employer_id)
        .where(begins(Organization.place, subtree_prefix(actor.place)[:2]))
        .order_by(Expert.id)
        .limit(MOST)
    )
    if specialty:
        found = found.where(Expert.specialty == specialty)
    rows = db.session.execute(found).all()
    history = _employments([row.person_id for row in rows])
    return [_row(row, history.get(row.person_id, ())) for row in rows]


def _row(row: Any, employments: Sequence[Employed]) -> ExpertRow:
    """Who has no history is employed where the register says."""
    known = tuple(employments) or ((row.employer_id, LONG_AGO, None),)
    return ExpertRow(**row._mapping, employments=known)


def _employments(person_ids: Sequence[int]) -> dict[int, list[Employed]]:
    found = db.session.execute(
        sa.select(
            Employment.person_id,
            Employment.organization_id,
            Employment.started_on,
            Employment.ended_on,
        )
        .where(Employment.person_id.in_(person_ids))
        .order_by(Employment.person_id, Employment.started_on)
    )
    history: dict[int, list[Employed]] = {}
    for person_id, organization_id, started_on, ended_on in found:
        history.setdefault(person_id, []).append((organization_id, started_on, ended_on))
    return history
