"""The world of the access tests, made once, and a way back to it after every act.

On SQLite only: what is asked here is decided before a statement reaches the database, and copying
a file brings the world back in milliseconds. The services themselves are tested on both.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.infra import clock as product_clock
from qcc.infra.db import db
from tests.access.world import Builder, World, seat_actors
from tests.conftest import MORNING
from tests.databases import Sqlite

UPDATE = "--update-matrix"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(UPDATE, action="store_true", help="Write tests/access/matrix.csv anew.")


@dataclass
class Stage:
    """The product with the world in it, and what each who acts shows at the door."""

    app: Flask
    file: Path
    copy: Path
    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watch = sqlite3.connect(self.file, isolation_level=None)
        self._copy = sqlite3.connect(self.copy, isolation_level=None)
        self._watch.execute("PRAGMA synchronous=OFF")
        self._client = FlaskClient(self.app, use_cookies=False)
        self.enter("anonymous", "", "/sign-in")
        for name, token in self.world.tokens.items():
            self.enter(name, token)

    def enter(self, name: str, token: str, path: str = "/desk") -> None:
        """Come in by a session that stands on the server already, or as a stranger."""
        with FlaskClient(self.app) as client:
            with client.session_transaction() as session:
                session["_user_id"] = token
            page = client.get(path)
            cookie = client.get_cookie("qcc")
        assert page.status_code == 200, (name, page.status_code)
        assert cookie is not None
        self.cookies[name] = f"qcc={cookie.value}"
        self.csrf[name] = unescape(re.search('data-csrf="([^"]+)"', page.text)[1])  # type: ignore[index]

    def open(self, name: str, path: str, method: str = "GET", **more: object) -> TestResponse:
        """What the product answers to who is called so."""
        headers = {"Cookie": self.cookies.get(name, ""), "X-CSRFToken": self.csrf.get(name, "")}
        headers |= more.pop("headers", {})  # type: ignore[arg-type, operator]
        return self._client.open(path, method=method, headers=headers, **more)  # type: ignore[arg-type]

    # --- what was written ---

    def mark(self) -> int:
        """A number that changes with every write."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def events(self) -> int:
        """How many acts are on record."""
        return int(self._watch.execute("SELECT count FROM audit_head").fetchone()[0])

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything the database holds, but for the audit trail."""
        return _rows(self._watch)

    @cached_property
    def kept(self) -> dict[str, list[tuple[object, ...]]]:
        """The same, of the copy."""
        return _rows(self._copy)

    def restore(self) -> None:
        """Everything as it was."""
        self._copy.backup(self._watch)

    def close(self) -> None:
        self._watch.close()
        self._copy.close()


def _rows(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    return {
        name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
        for (name,) in tables
        if not name.startswith("audit_")
    }


@pytest.fixture(scope="session")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("access")
    database = Sqlite(folder)
    database.refresh()
    with product_clock.reading(lambda: MORNING):
        with database.app.app_context():
            world = Builder().build()
            seat_actors(world)
            db.session.remove()
        copy = folder / "copy.db"
        with sqlite3.connect(database.file) as made, sqlite3.connect(copy) as kept:
            made.backup(kept)
        made.close()
        kept.close()
        stage = Stage(database.app, database.file, copy, world)
    yield stage
    stage.close()
    with database.app.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(_stage: Stage) -> Iterator[Stage]:
    """The stage as it was set, at nine in the morning."""
    mark = _stage.mark()
    with product_clock.reading(lambda: MORNING):
        yield _stage
    if _stage.mark() != mark:
        _stage.restore()
