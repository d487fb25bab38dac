"""What all tests share: databases, the app on each of them, a clock, no way out to a network."""

import gc
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qcc.infra import clock as product_clock
from qcc.kernel.dates import SHANGHAI
from tests.browsing import watch
from tests.databases import PostgreSQL, Sqlite, running_postgresql
from tests.sharing import Sharing

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """What is costly to set up is set up in one process."""
    return Sharing(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: whoever looks for garbage need not walk through it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Clock:
    """The product's clock in a test: it stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)

    def forward(self, by: timedelta) -> None:
        self.moment += by


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection to another machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if host not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"outbound connection to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at 9:00 on 2 March 2026 in Asia/Shanghai until the test moves it."""
    standing = Clock()
    with product_clock.reading(standing):
        yield standing


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A running PostgreSQL server; missing is a failure, not a skip."""
    with running_postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def _databases() -> Iterator[dict[str, Sqlite | PostgreSQL]]:
    made: dict[str, Sqlite | PostgreSQL] = {}
    yield made
    for each in made.values():
        each.disconnect()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """On which database the test runs: on both, one after the other."""
    return str(request.param)


@pytest.fixture
def database(
    engine_kind: str,
    _databases: dict[str, Sqlite | PostgreSQL],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Sqlite | PostgreSQL:
    """The database that the test runs on, as the last test left it."""
    if engine_kind not in _databases:
        folder: Path = tmp_path_factory.mktemp(engine_kind)
        if engine_kind == "sqlite":
            _databases[engine_kind] = Sqlite(folder)
        else:
            _databases[engine_kind] = PostgreSQL(request.getfixturevalue("postgresql"), folder)
        watch(_databases[engine_kind].app)
    return _databases[engine_kind]


@pytest.fixture
def app(database: Sqlite | PostgreSQL) -> Iterator[Flask]:
    """The product on a fresh migrated database, inside an application context."""
    database.refresh()
    with database.app.app_context():
        yield database.app
        database.leave()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()
