"""Panels in each state, made once for each database; every test begins with a copy."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from qcc.infra.db import db
from qcc.organizations.models import Organization
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.integration.experts import scenes
from tests.integration.experts.scenes import Scene

MADE: dict[str, Callable[[], Scene]] = {
    "started": scenes.scene,
    "draft": scenes.drafted,
    "collecting": scenes.collecting,
    "under_review": scenes.under_review,
    "approved": scenes.approved,
    "filed": scenes.filed,
}
Stage = Callable[[str], Scene]


@pytest.fixture
def client(database: Sqlite | PostgreSQL) -> FlaskClient:
    """A browser without cookies; the test brings its stage."""
    return database.app.test_client()


@pytest.fixture(scope="session")
def _stages() -> dict[tuple[str, str], Scene]:
    return {}


@pytest.fixture
def stage(
    database: Sqlite | PostgreSQL,
    engine_kind: str,
    clock: Clock,
    _stages: dict[tuple[str, str], Scene],
) -> Iterator[Stage]:
    """The panel in the state of that name, on a copy of its database."""
    contexts = []

    def begin(name: str) -> Scene:
        key = engine_kind, name
        if key in _stages:
            database.refresh(f"experts_{name}")
        else:
            database.refresh()
        context = database.app.app_context()
        context.push()
        contexts.append(context)
        if key not in _stages:
            _stages[key] = MADE[name]()
            database.leave()
            database.keep(f"experts_{name}")
        here = replace(_stages[key])  # a test may go on with another panel
        here.province.organizations = {
            name: db.session.get_one(Organization, row)
            for name, row in here.organization_ids.items()
        }
        return here

    yield begin
    for context in reversed(contexts):
        database.leave()
        context.pop()
