"""Reads about places."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.places import NATION_CODE, parent_code, subtree_prefix
from qcc.organizations.models import Jurisdiction


def list_places(root: str) -> Sequence[Jurisdiction]:
    """A jurisdiction and all below it, in the order of their codes."""
    return db.session.scalars(
        sa.select(Jurisdiction)
        .where(begins(Jurisdiction.code, subtree_prefix(root)))
        .order_by(Jurisdiction.code)
    ).all()


def get_place(code: str) -> Jurisdiction:
    """One place by its code; raises NotFound."""
    place = db.session.get(Jurisdiction, code)
    if place is None:
        raise NotFound
    return place


def full_name_of(code: str, names: dict[str, str]) -> str:
    """浙江省杭州市上城区: the names from the province down."""
    parts = []
    at: str | None = code
    while at and at != NATION_CODE:
        parts.append(names[at])
        at = parent_code(at)
    return "".join(reversed(parts)) or names[code]


def names_of_places(codes: Iterable[str]) -> dict[str, str]:
    """The names of places by their codes."""
    wanted = set(codes)
    found = db.session.execute(
        sa.select(Jurisdiction.code, Jurisdiction.name).where(Jurisdiction.code.in_(wanted))
    )
    return {row.code: row.name for row in found}
