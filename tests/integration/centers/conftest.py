"""The small province of these tests, made once for each database; every test begins with a copy."""

from collections.abc import Callable
from copy import copy

import pytest
from flask import Flask

from qcc.infra.db import db
from qcc.organizations.models import Organization
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories.centers import Province, established, province

Begin = Callable[[str, Callable[[], Province]], Province]


@pytest.fixture(scope="session")
def _provinces() -> dict[tuple[str, str], tuple[Province, dict[str, int]]]:
    return {}


@pytest.fixture
def begin(
    app: Flask,
    clock: Clock,
    database: Sqlite | PostgreSQL,
    engine_kind: str,
    _provinces: dict[tuple[str, str], tuple[Province, dict[str, int]]],
) -> Begin:
    """The scene of that name, as it was when it was made: the province with what belongs to it."""

    def take(name: str, make: Callable[[], Province]) -> Province:
        key = engine_kind, name
        if key in _provinces:
            database.leave()
            database.refresh(f"centers_{name}")
        else:
            made = make()
            _provinces[key] = made, {at: row.id for at, row in made.organizations.items()}
            database.leave()
            database.keep(f"centers_{name}")
        kept, rows = _provinces[key]
        here = copy(kept)
        here.actors = dict(kept.actors)
        here.organizations = {at: db.session.get_one(Organization, rows[at]) for at in rows}
        return here

    return take


def staffed() -> Province:
    """The province with one established center."""
    made = province()
    established(made)
    return made


@pytest.fixture
def here(begin: Begin) -> Province:
    """The province without any center."""
    return begin("plain", province)
