"""Production as it really starts: by the web server and by the command, in processes of their own;
and everything with which it does not."""

import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

import config
from qcc.app import create_app, require_ready
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.infra.installation import InstallationMark, production_problems
from tests.databases import free_port, migrate

GOOD = {
    "QCC_ENV": "production",
    "SECRET_KEY": "V9x-2kQz81LmNo_pRsTuVwXyZ0123456",
    "TRUSTED_HOSTS": "127.0.0.1,qcc.example.org",
}
SENTENCE = re.compile(r"\A(qcc does not start|Error): [^\n]+\.\n\Z")


class Site:
    """A folder in which production could be set up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {**GOOD, "QCC_DATA_DIR": str(folder)}

    @property
    def database(self) -> Path:
        return self.folder / "qcc.db"

    def migrate(self) -> None:
        migrate(create_app(config.settings(self.env)))

    def mark_as_demo(self) -> None:
        with sqlite3.connect(self.database) as connection:
            connection.execute("INSERT INTO installation_marks VALUES ('demo', '2026-03-02')")
        connection.close()

    def run(self, *command: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=config.ROOT,
            env=self._environment(changed),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def _environment(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        kept = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        wanted = {**kept, **self.env, **changed}
        return {name: value for name, value in wanted.items() if value is not None}

    def load(self, **changed: str | None) -> subprocess.CompletedProcess[str]:
        """As any web server would load it."""
        return self.run("-c", "import wsgi; print(wsgi.app.name)", **changed)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def ready(site: Site) -> Site:
    site.migrate()
    return site


def test_production_starts_when_all_is_right(ready: Site) -> None:
    done = ready.load()
    assert (done.returncode, done.stdout, done.stderr) == (0, "qcc\n", "")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS is empty"),
        ({"QCC_ENV": "prod"}, "QCC_ENV is 'prod'"),
    ],
)
def test_it_does_not_start_and_says_why_in_one_sentence(
    ready: Site, changed: dict[str, str | None], word: str
) -> None:
    done = ready.load(**changed)
    assert done.returncode != 0
    assert SENTENCE.match(done.stderr), done.stderr
    assert word in done.stderr
    assert done.stdout == ""


def test_not_from_a_database_without_tables(site: Site) -> None:
    done = site.load()
    assert done.returncode != 0
    assert SENTENCE.match(done.stderr), done.stderr
    assert "flask --app wsgi db upgrade" in done.stderr


def test_what_it_says_to_do_helps(site: Site) -> None:
    """The command runs in production although nothing is ready yet."""
    done = site.run("-m", "flask", "--app", "wsgi", "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert site.load().returncode == 0


def test_not_with_the_demo(ready: Site) -> None:
    ready.mark_as_demo()
    done = ready.load()
    assert done.returncode != 0
    assert SENTENCE.match(done.stderr), done.stderr
    assert "demo" in done.stderr


def test_the_scheduler_refuses_the_same(ready: Site) -> None:
    ready.mark_as_demo()
    done = ready.run("-m", "flask", "--app", "wsgi", "scheduler")
    assert done.returncode != 0
    assert SENTENCE.match(done.stderr), done.stderr


@pytest.mark.parametrize("command", ["load", "play"])
def test_the_demo_is_never_made_in_production(ready: Site, command: str) -> None:
    done = ready.run("-m", "flask", "--app", "wsgi", "demo", command)
    assert done.returncode != 0
    assert SENTENCE.match(done.stderr), done.stderr
    with sqlite3.connect(ready.database) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    connection.close()


# --- by the real web server ---


@pytest.fixture
def gunicorn(ready: Site) -> Iterator[str]:
    """The address at which production is served."""
    port = free_port()
    env = ready._environment({"PORT": str(port), "WEB_CONCURRENCY": "1"})
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    process = subprocess.Popen(command, cwd=config.ROOT, env=env, stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _fetch(f"{address}/health")
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, "the web server has ended"
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the web server does not answer")


def _fetch(address: str, **headers: str) -> tuple[int, Any, str]:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_it_is_served(gunicorn: str) -> None:
    status, headers, text = _fetch(f"{gunicorn}/sign-in")
    assert status == 200
    assert "__Host-qcc=" in headers["Set-Cookie"]
    assert "Secure" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"]
    assert "Traceback" not in text
    assert "演示" not in text


def test_a_strange_host_is_refused(gunicorn: str) -> None:
    status, headers, text = _fetch(f"{gunicorn}/sign-in", Host="evil.example.com")
    assert status == 400
    assert "evil.example.com" not in text
    assert headers["Content-Security-Policy"]


def test_the_web_server_ends_with_the_sentence(ready: Site) -> None:
    """It does not try again and again; nothing of ours is in what gunicorn adds."""
    done = ready.run(
        "-m",
        "gunicorn",
        "--config",
        "gunicorn.conf.py",
        "wsgi:app",
        TRUSTED_HOSTS=None,
        PORT=str(free_port()),
    )
    assert done.returncode != 0
    assert "qcc does not start: TRUSTED_HOSTS is empty" in done.stderr
    assert f'File "{config.ROOT}/qcc' not in done.stderr
    assert f'File "{config.ROOT}/wsgi.py' not in done.stderr


# --- what only the database tells ---


@pytest.mark.parametrize(
    ("setting", "value"), [("journal_mode", "DELETE"), ("synchronous", "1"), ("foreign_keys", "0")]
)
def test_sqlite_is_refused_without_its_safe_settings(ready: Site, setting: str, value: str) -> None:
    app = create_app(config.settings(ready.env))  # alone: else the journal could not change
    with app.app_context(), db.engine.connect() as connection:
        assert list(production_problems(connection)) == []
        raw = connection.connection.driver_connection
        assert raw is not None
        connection.rollback()
        raw.execute(f"PRAGMA {setting}={value}")
        (problem,) = production_problems(connection)
    assert setting in problem
    assert " set DATABASE_URL to PostgreSQL." in problem


def _as_the_product(connection: sa.Connection) -> None:
    """The tests' own SQLite does not wait for the disk; the product's does."""
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA synchronous=FULL")


def test_demo_data_is_refused_on_both_databases(app: Flask) -> None:
    with db.engine.connect() as connection:
        _as_the_product(connection)
        assert list(production_problems(connection)) == []
    with transaction() as session:
        session.add(InstallationMark(name="demo", at=clock.now()))
    with db.engine.connect() as connection:
        _as_the_product(connection)
        (problem,) = production_problems(connection)
    assert problem == "The database carries demo data: set DATABASE_URL to a database of its own."


def test_a_database_behind_or_ahead_is_refused(app: Flask) -> None:
    for revision in ("0001", "a revision of the future"):
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :revision"),
                {"revision": revision[:32]},
            )
        with db.engine.connect() as connection:
            (problem,) = production_problems(connection)
        assert problem.startswith("The database is not at the newest migration")


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_development_asks_none_of_it(app: Flask) -> None:
    with transaction() as session:
        session.add(InstallationMark(name="demo", at=clock.now()))
    require_ready(app)
