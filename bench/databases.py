"""Databases to measure on: a SQLite file, and a PostgreSQL set as a site would set it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from flask import Flask

import config
from bench.province import Size, build
from qcc.app import create_app
from qcc.infra.db import db
from tests.databases import migrate, running_postgresql

TUNING = (
    "-c shared_buffers=512MB -c effective_cache_size=2GB -c work_mem=16MB -c max_connections=100"
    " -c random_page_cost=1.1 -c max_wal_size=4GB"
)
"""Safe (fsync and synchronous commits stay on), and what a small server is usually given."""


@dataclass(frozen=True, slots=True)
class Province:
    """A built province: the environment of what serves it, the product over it, its making."""

    environment: dict[str, str]
    app: Flask
    seconds: float


@contextmanager
def servers(engine: str, folder: Path) -> Iterator[str]:
    """An address below which databases can be made: a folder of files, or a running server."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}"
        return
    with running_postgresql(TUNING) as server:
        yield server


@contextmanager
def _database(server: str, name: str) -> Iterator[str]:
    """The address of a new, empty database, gone after the block."""
    if server.startswith("sqlite"):
        yield f"{server}/{name}.db"
        return
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    admin = sa.create_engine(
        f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)


def _environment(url: str, folder: Path) -> dict[str, str]:
    """As in production."""
    return {
        "QCC_ENV": "production",
        "SECRET_KEY": "measured with a key that is long enough to be taken",
        "TRUSTED_HOSTS": "127.0.0.1",
        "DATABASE_URL": url,
        "QCC_DATA_DIR": str(folder),
        "PATH": os.environ["PATH"],
    }


@contextmanager
def built_province(server: str, size: Size, folder: Path) -> Iterator[Province]:
    """A fresh database with a province of that size, for the block."""
    with _database(server, f"qcc_bench_{os.getpid()}_{size.applications}") as url:
        environment = _environment(url, folder)
        app = create_app(config.settings(environment))
        migrate(app)
        began = perf_counter()
        with app.app_context():
            build(size)
            db.session.remove()
            db.engine.dispose()
        yield Province(environment, app, perf_counter() - began)
