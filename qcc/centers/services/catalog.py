"""The specialties of the catalog, entered in the database."""

from datetime import date, timedelta

import sqlalchemy as sa

from qcc.centers.models import Specialty
from qcc.infra import audit
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.regulations.catalogs import SpecialtyEntry, specialties


def load_catalog(actor: Actor | None, since: date) -> int:
    """Enter what is new in the catalog from *since* on, correct what changed, and end on the day
    before what the catalog no longer has. Returns how many rows were written; a second run: 0."""
    known = {(row.kind, row.name): row for row in db.session.scalars(sa.select(Specialty))}
    written = 0
    for position, entry in enumerate(specialties(), start=1):
        row = known.pop((entry.kind, entry.name), None)
        written += _enter(row, entry, position, since)
    for gone in known.values():
        if gone.valid_until is None:
            gone.valid_until = since - timedelta(days=1)
            written += 1
    db.session.flush()
    if written:
        audit.record(actor, "specialties.loaded", "catalog", "specialties", {"written": written})
    return written


def _enter(row: Specialty | None, entry: SpecialtyEntry, position: int, since: date) -> bool:
    wanted = (entry.required_in_counties, entry.tcm, position, None)
    if row is None:
        row = Specialty(kind=entry.kind, name=entry.name, valid_from=since)
        db.session.add(row)
    elif (row.required_in_counties, row.is_traditional, row.position, row.valid_until) == wanted:
        return False
    row.required_in_counties, row.is_traditional, row.position, row.valid_until = wanted
    return True
