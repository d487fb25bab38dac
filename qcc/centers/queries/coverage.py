"""The coverage of counties: which of the required centers each county has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center, Specialty
from qcc.centers.permissions import in_own_province
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import Level, parent_code, subtree_prefix
from qcc.organizations.models import Jurisdiction

WORKING = (CenterState.ESTABLISHED, CenterState.RECTIFYING)
"""The states in which a county has its center."""


@dataclass(frozen=True, slots=True)
class Column:
    """A specialty that every county must have, with how many counties have it."""

    id: int
    name: str
    is_traditional: bool
    covered: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A county's center of a specialty: its state and id, None where nothing is planned."""

    specialty_id: int
    state: CenterState | None
    center_id: int | None

    @property
    def is_covered(self) -> bool:
        return self.state in WORKING


@dataclass(frozen=True, slots=True)
class County:
    """A row of the matrix."""

    code: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def covered(self) -> int:
        """How many of the required centers work."""
        return sum(cell.is_covered for cell in self.cells)


@dataclass(frozen=True, slots=True)
class City:
    """The counties of a city."""

    code: str
    name: str
    counties: tuple[County, ...]

    @property
    def covered(self) -> tuple[int, ...]:
        """For each column, how many counties of the city have the center."""
        columns = zip(*(county.cells for county in self.counties), strict=True)
        return tuple(sum(cell.is_covered for cell in column) for column in columns)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix: cities with their counties, and the required specialties."""

    columns: tuple[Column, ...] = ()
    cities: tuple[City, ...] = field(default=())

    @property
    def counties(self) -> int:
        return sum(len(city.counties) for city in self.cities)

    @property
    def covered(self) -> int:
        """How many of all required centers work."""
        return sum(column.covered for column in self.columns)

    @property
    def required(self) -> int:
        return self.counties * len(self.columns)

    @property
    def share(self) -> float:
        """How much of what is required works, in percent."""
        return self.covered * 100 / self.required if self.required else 0.0


def get_coverage(actor: Actor, city: str = "") -> Coverage:
    """County by required specialty, of the province or of one city. One query."""
    rows = db.session.execute(_matrix(actor, city)).all()
    counties = [
        _county(code, list(cells)) for code, cells in groupby(rows, lambda row: str(row.code))
    ]
    if not counties:
        return Coverage()
    names = {parent_code(row.code): row.city for row in rows}
    return Coverage(
        _columns(rows[: len(counties[0].cells)], counties),
        tuple(
            City(code or "", names[code], tuple(block))
            for code, block in groupby(counties, lambda county: parent_code(county.code))
        ),
    )


def _matrix(actor: Actor, city: str) -> sa.Select[*tuple[Any, ...]]:
    above = sa.orm.aliased(Jurisdiction)
    return (
        sa.select(
            Jurisdiction.code,
            Jurisdiction.name,
            above.name.label("city"),
            Specialty.id.label("specialty_id"),
            Specialty.name.label("specialty"),
            Specialty.is_traditional,
            Center.state,
            Center.id.label("center_id"),
        )
        .select_from(Jurisdiction)
        .join(above, above.code == Jurisdiction.parent_code)
        .join(Specialty, sa.and_(Specialty.required_in_counties, Specialty.valid_until.is_(None)))
        .outerjoin(
            Center,
            sa.and_(
                Center.place == Jurisdiction.code,
                Center.specialty_id == Specialty.id,
                Center.kind == Specialty.kind,
                Center.state != CenterState.CLOSED,
            ),
        )
        .where(
            Jurisdiction.level == Level.COUNTY,
            in_own_province(actor, Jurisdiction.code),
            begins(Jurisdiction.code, subtree_prefix(city) if city else ""),
        )
        .order_by(Jurisdiction.code, Specialty.is_traditional, Specialty.position)
    )


def _county(code: str, rows: Sequence[Any]) -> County:
    cells = tuple(Cell(row.specialty_id, row.state, row.center_id) for row in rows)
    return County(code, rows[0].name, cells)


def _columns(rows: Iterable[Any], counties: Sequence[County]) -> tuple[Column, ...]:
    return tuple(
        Column(
            row.specialty_id,
            row.specialty,
            row.is_traditional,
            sum(county.cells[at].is_covered for county in counties),
        )
        for at, row in enumerate(rows)
    )
