"""Places, as the catalog of divisions has them."""

import sqlalchemy as sa

from qcc.infra import audit
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Jurisdiction
from qcc.organizations.queries import full_name_of
from qcc.regulations.catalogs import Division, divisions


def load_places(actor: Actor | None) -> int:
    """Enter the catalog's places, or correct their names; returns how many were new or changed."""
    names = {division.code: division.name for division in divisions()}
    known = {place.code: place for place in db.session.scalars(sa.select(Jurisdiction))}
    changed = sum(_entered(known.get(d.code), d, names) for d in divisions())
    db.session.flush()
    if changed:
        audit.record(actor, "places.loaded", "catalog", "places", {"changed": changed})
    return changed


def _entered(place: Jurisdiction | None, division: Division, names: dict[str, str]) -> bool:
    """Write one place, a new one where none is known; whether that changed anything."""
    wanted = (division.name, full_name_of(division.code, names))
    if place is not None and (place.name, place.full_name) == wanted:
        return False
    if place is None:
        place = Jurisdiction(code=division.code, level=division.level, parent_code=division.parent)
        db.session.add(place)
    place.name, place.full_name = wanted
    return True
