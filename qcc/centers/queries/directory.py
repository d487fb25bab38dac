"""Reads of the directory: a row has just the columns that the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting, Specialty
from qcc.centers.permissions import directory_of, in_directory
from qcc.centers.workflow import CenterState
from qcc.infra.db import MOST, db, read
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import Level, subtree_prefix
from qcc.organizations.models import Jurisdiction, Organization
from qcc.regulations.catalogs import CenterKind


@dataclass(frozen=True, slots=True)
class CenterFilter:
    """What the reader of the directory looks for; nothing given means everything."""

    search: str = ""
    level: Level | None = None
    place: str = ""
    kind: CenterKind | None = None
    specialty: str = ""
    """The name of a specialty."""
    state: CenterState | None = None

    @property
    def words(self) -> list[str]:
        """What must all stand in the name, in characters, pinyin or initials."""
        return self.search.lower().split()


EVERYTHING = CenterFilter()


def _conditions(digits: str | None, wanted: CenterFilter) -> list[sa.ColumnElement[bool]]:
    found = [
        in_directory(digits, _center.place),
        *(_center.search_text.contains(word, autoescape=True) for word in wanted.words),
    ]
    if wanted.level:
        found.append(_at_level(wanted.level))
    if wanted.place:
        found.append(begins(_center.place, subtree_prefix(wanted.place)))
    if wanted.kind:
        found.append(_center.kind == wanted.kind)
    if wanted.specialty:
        found.append(_center.specialty_id.in_(_ids_of_specialty(wanted.specialty)))
    if wanted.state:
        found.append(_center.state == wanted.state)
    return found


def _at_level(level: Level) -> sa.ColumnElement[bool]:
    return _center.place.in_(sa.select(_place.code).where(_place.level == level))


def _ids_of_specialty(name: str) -> sa.Select[int]:
    return sa.select(Specialty.id).where(Specialty.name == name)


# The tables themselves: a list of thousands of readers is no place for objects of each row.
_center = Center.__table__.c
_place = Jurisdiction.__table__.c
_hosting = Hosting.__table__.c
_institution = Organization.__table__.c

_ROW = (
    sa.select(
        _center.id,
        _center.name,
        _center.kind,
        _center.state,
        sa.func.coalesce(sa.func.nullif(_institution.short_name, ""), _institution.name).label(
            "host"
        ),
        _place.full_name.label("place"),
    )
    .select_from(Center.__table__)
    .join(Jurisdiction.__table__, _place.code == _center.place)
    .outerjoin(
        Hosting.__table__, sa.and_(_hosting.center_id == _center.id, _hosting.ended_on.is_(None))
    )
    .outerjoin(Organization.__table__, _institution.id == _hosting.institution_id)
    .order_by(_center.id)
)
"""id, name, kind, state, host (its short name; None without one), place (its full name)."""


@lru_cache(maxsize=256)
def _page(digits: str | None, wanted: CenterFilter, *, counts: bool) -> sa.Select[*tuple[Any, ...]]:
    """The statement for a page, kept since building it takes longer than asking it: the same for
    everybody who reads this directory."""
    conditions = _conditions(digits, wanted)
    page = _ROW.where(_center.id > sa.bindparam("after"), *conditions)
    if counts:
        page = page.add_columns(_count(conditions).correlate(None).scalar_subquery().label("total"))
    return page.limit(MOST)


def list_centers(
    actor: Actor, wanted: CenterFilter = EVERYTHING, *, after: int = 0, limit: int = 51
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """A page of the directory by id, those after *after*."""
    return read(_page(directory_of(actor), wanted, counts=False), after=after, most=limit).all()


def list_centers_and_count(
    actor: Actor, wanted: CenterFilter = EVERYTHING, *, after: int = 0, limit: int = 51
) -> tuple[Sequence[sa.Row[*tuple[Any, ...]]], int]:
    """A page of the directory, and how many centers all its pages have, in one query; the number
    stands in the last column of each row."""
    rows = read(_page(directory_of(actor), wanted, counts=True), after=after, most=limit).all()
    if rows or not after:
        return rows, rows[0].total if rows else 0
    return rows, count_centers(actor, wanted)


def _count(conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[int]:
    return sa.select(sa.func.count(_center.id)).where(*conditions)


def count_centers(actor: Actor, wanted: CenterFilter = EVERYTHING) -> int:
    """How many centers the directory has for the filter."""
    return db.session.scalar(_count(_conditions(directory_of(actor), wanted))) or 0


def list_specialties() -> Sequence[Specialty]:
    """The specialties of both kinds, in the order of the catalog."""
    return db.session.scalars(
        sa.select(Specialty).order_by(Specialty.kind, Specialty.position)
    ).all()


def get_specialty(specialty_id: int) -> Specialty:
    """One specialty; raises NotFound."""
    specialty = db.session.get(Specialty, specialty_id)
    if specialty is None:
        raise NotFound
    return specialty
