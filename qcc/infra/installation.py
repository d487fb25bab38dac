"""Facts about this installation: whether it carries demo data, and whether it may serve."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra.db import Model, db


class InstallationMark(Model):
    """Something that was done to this installation, once: "demo" when demo data was loaded."""

    __tablename__ = "installation_marks"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]


def has_mark(name: str) -> bool:
    """Whether the mark was set."""
    return db.session.get(InstallationMark, name) is not None


_demo: dict[int, bool] = {}


def is_demo() -> bool:
    """Whether this database carries demo data; looked up once in each process."""
    key = id(db.engine)
    if key not in _demo:
        _demo[key] = has_mark("demo")
    return _demo[key]


def is_at_head(connection: sa.Connection) -> bool:
    """Whether every migration has been applied."""
    folder = current_app.extensions["migrate"].directory
    wanted = ScriptDirectory(folder).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(wanted)


def _sqlite_problems(connection: sa.Connection) -> Iterator[str]:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for setting, value in wanted.items():
        found = connection.exec_driver_sql(f"PRAGMA {setting}").scalar()
        if found != value:
            yield (
                f"SQLite runs with {setting}={found}: put the database on a disk that allows"
                f" {setting}={value}, or set DATABASE_URL to PostgreSQL."
            )


def production_problems(connection: sa.Connection) -> Iterator[str]:
    """Why production may not serve from this database; each sentence says what to do."""
    if not is_at_head(connection):
        yield "The database is not at the newest migration: run `flask --app wsgi db upgrade`."
        return
    if connection.dialect.name == "sqlite":
        yield from _sqlite_problems(connection)
    if connection.scalar(sa.select(InstallationMark.at).filter_by(name="demo")):
        yield "The database carries demo data: set DATABASE_URL to a database of its own."
