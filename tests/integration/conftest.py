"""Scenes that are made once for each database, among them the small province of commissions; every
test begins with a copy."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

import pytest
from flask import Flask

from qcc.infra.db import db
from qcc.organizations.models import Organization
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories.organizations import World, province

T = TypeVar("T")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are asked for on PostgreSQL, the stricter of the two; on SQLite the browser stories and
    the matrix of rights ask for all of them anyway, and these tests are soaked."""
    for item in items:
        if "pages" in item.path.name and "[sqlite" in item.name:
            item.add_marker(pytest.mark.soak)


Kept = Callable[[str, Callable[[], T]], T]


@pytest.fixture(scope="session")
def _kept() -> dict[tuple[str, str], Any]:
    return {}


@pytest.fixture
def kept(
    app: Flask,
    clock: Clock,
    database: Sqlite | PostgreSQL,
    engine_kind: str,
    _kept: dict[tuple[str, str], Any],
) -> Kept[Any]:
    """The scene of that name, in plain values that outlive their session; the first test that asks
    for it makes it."""

    def begin(name: str, make: Callable[[], T]) -> T:
        key = engine_kind, name
        if key in _kept:
            database.leave()
            database.refresh(f"kept_{name}")
        else:
            _kept[key] = make()
            database.leave()
            database.keep(f"kept_{name}")
        scene: T = deepcopy(_kept[key])
        return scene

    return begin


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
