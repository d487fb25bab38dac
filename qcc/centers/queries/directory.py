"""Reads of the directory: a row has just the columns that the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting, Specialty
from qcc.centers.permissions import in_own_province
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.places import Level, subtree_prefix
from qcc.organizations.models import Jurisdiction, Organization
from qcc.regulations.catalogs import CenterKind

Row = sa.Row[int, str, CenterKind, CenterState, str, str]
"""id, name, kind, state, host (its short name; None without one), place (its full name)."""


@dataclass(frozen=True, slots=True)
class CenterFilter:
    """What the reader of the directory looks for; nothing given means everything."""

    search: str = ""
    level: Level | None = None
    place: str = ""
    kind: CenterKind | None = None
    specialty: str = ""
    state: CenterState | None = None

    @property
    def words(self) -> list[str]:
        """What must all stand in the name, in characters, pinyin or initials."""
        return self.search.lower().split()


EVERYTHING = CenterFilter()


def _conditions(actor: Actor, wanted: CenterFilter) -> list[sa.ColumnElement[bool]]:
    found = [
        in_own_province(actor, Center.place),
        *(Center.search_text.contains(word, autoescape=True) for word in wanted.words),
    ]
    if wanted.level:
        found.append(_at_level(wanted.level))
    if wanted.place:
        found.append(Center.place.startswith(subtree_prefix(wanted.place)))
    if wanted.kind:
        found.append(Center.kind == wanted.kind)
    if wanted.specialty:
        found.append(Center.specialty_id.in_(_ids_of_specialty(wanted.specialty)))
    if wanted.state:
        found.append(Center.state == wanted.state)
    return found


def _at_level(level: Level) -> sa.ColumnElement[bool]:
    return Center.place.in_(sa.select(Jurisdiction.code).where(Jurisdiction.level == level))


def _ids_of_specialty(name: str) -> sa.Select[int]:
    return sa.select(Specialty.id).where(Specialty.name == name)


_ROW = (
    sa.select(
        Center.id,
        Center.name,
        Center.kind,
        Center.state,
        sa.func.coalesce(sa.func.nullif(Organization.short_name, ""), Organization.name).label(
            "host"
        ),
        Jurisdiction.full_name.label("place"),
    )
    .join(Jurisdiction, Jurisdiction.code == Center.place)
    .outerjoin(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
    .outerjoin(Organization, Organization.id == Hosting.institution_id)
    .order_by(Center.id)
)


def list_centers(
    actor: Actor, wanted: CenterFilter = EVERYTHING, *, after: int = 0, limit: int = 51
) -> Sequence[Row]:
    """A page of the directory by id, those after *after*."""
    page = _ROW.where(Center.id > after, *_conditions(actor, wanted)).limit(limit)
    return db.session.execute(page).all()


def count_centers(actor: Actor, wanted: CenterFilter = EVERYTHING) -> int:
    """How many centers the directory has for the filter."""
    counted = sa.select(sa.func.count(Center.id)).where(*_conditions(actor, wanted))
    return db.session.scalar(counted) or 0


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
