"""Building a province in an empty, migrated database."""

import random
from datetime import date

import sqlalchemy as sa

from bench.province.applications import tell_lives
from bench.province.bodies import PROVINCE, found_bodies
from bench.province.centers import FIRST, found_centers
from bench.province.lives import DAY
from bench.province.sizes import Size
from bench.province.writer import Writer
from qcc.centers.services import load_catalog
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.organizations.services import load_places
from qcc.regulations.rulebooks import rulebook_for

SEED = 2021


def build(size: Size) -> None:
    """The same province every time, in the app's database, in one transaction."""
    now, rng = clock.now(), random.Random(SEED)
    with transaction() as session:
        load_places(None)
        load_catalog(None, date(2010, 1, 1))
        writer = Writer(session.connection())
        bodies = found_bodies(rng, writer, size, now - FIRST - 90 * DAY)
        centers = found_centers(bodies, now, size.centers)
        book = rulebook_for(PROVINCE, clock.today()).version
        tell_lives(bodies, centers, size.applications, book)
        writer.finish()
    _settle()


def _settle() -> None:
    """What PostgreSQL does by itself after a while; SQLite never does, so neither do we."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
