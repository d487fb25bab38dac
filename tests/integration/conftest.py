"""The small province of commissions, made once for each database; every test begins with a copy."""

import pytest
from flask import Flask

from qcc.infra.db import db
from qcc.organizations.models import Organization
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories.organizations import World, province


@pytest.fixture(scope="session")
def _worlds() -> dict[str, dict[str, int]]:
    return {}


@pytest.fixture
def world(
    app: Flask,
    clock: Clock,
    database: Sqlite | PostgreSQL,
    engine_kind: str,
    _worlds: dict[str, dict[str, int]],
) -> World:
    """The commissions of the province, as they were when they were made."""
    if engine_kind in _worlds:
        database.leave()
        database.refresh("commissions")
    else:
        made = province()
        _worlds[engine_kind] = {at: row.id for at, row in made.commissions.items()}
        database.leave()
        database.keep("commissions")
    rows = _worlds[engine_kind].items()
    return World({at: db.session.get_one(Organization, key) for at, key in rows})
