"""The database: base class, column types, and the one place where a transaction is committed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as DatabaseSession
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column, registry

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored in UTC without a zone on both databases."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Hundredths(sa.types.TypeDecorator[Decimal]):
    """Points with two decimals, kept as whole hundredths: exact on every database."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))


class _Declarative(DeclarativeBase):
    """What every table shares: constraint names and the types of annotated columns."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Moment, dict[str, Any]: sa.JSON, list[Any]: sa.JSON},
    )


def _as_json(value: Any) -> str:
    """JSON columns keep Chinese readable, and dates and moments as ISO text."""
    return json.dumps(value, ensure_ascii=False, default=str)


class ReadingSession(DatabaseSession):
    """A session with a connection beside it, by which pages read; both are given back together."""

    _reader: Connection | None = None

    def reader(self) -> Connection:
        """A connection that begins no transaction."""
        if self._reader is None:
            self._reader = db.engine.connect()
            if self._reader.dialect.name == "sqlite":
                self._reader.execution_options(begins=False)
            else:
                self._reader.execution_options(isolation_level="AUTOCOMMIT")
        return self._reader

    def close(self) -> None:
        """Give back both."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        super().close()


db = SQLAlchemy(
    model_class=_Declarative,
    disable_autonaming=True,
    session_options={"class_": ReadingSession},
    engine_options={"json_serializer": _as_json},
)

if TYPE_CHECKING:
    Model = _Declarative
else:
    Model = db.Model

Key = Annotated[int, mapped_column(primary_key=True)]


class Editable:
    """A row that people edit: of two editors the second is told, never silently overwritten."""

    @declared_attr
    @classmethod
    def version(cls) -> Mapped[int]:
        return mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def one_of(states: type[StrEnum], name: str) -> sa.Enum:
    """A text column that a CHECK constraint holds to the values of *states*."""
    return sa.Enum(
        states,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


_writing: ContextVar[bool] = ContextVar("writing", default=False)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Safe settings on every SQLite connection; transactions are begun by the hook below."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for setting in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=15000",
    ):
        connection.execute(f"PRAGMA {setting}").close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A writer takes SQLite's write lock at once, so that what it read stays true; readers do not
    wait for it."""
    if connection.dialect.name == "sqlite" and connection.get_execution_options().get("begins", 1):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


ROW = {"key_share": True}
"""How a row is locked (`with_for_update`): against whoever changes it, but not against those who
only refer to it by a foreign key, which needs no waiting and would make circles of it."""


class StaleEdit(Exception):
    """Somebody else saved the row since the editor loaded it; *current* is the row as it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__("the row was changed by somebody else")
        self.current = current


def require_version(row: Any, version: int) -> None:
    """The version the editor saw must be the row's; raises StaleEdit."""
    if row.version != version:
        raise StaleEdit(row)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction around one act. The only place that commits; any error undoes all of it."""
    if _writing.get():
        raise RuntimeError("a transaction is already open: services flush, edges commit")
    db.session.rollback()  # what was read before the lock may be stale: read again
    token = _writing.set(True)
    try:
        yield db.session  # type: ignore[misc]
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.info.clear()  # events collected for an act that failed are not another's
        _writing.reset(token)


def read(statement: sa.Executable, **values: Any) -> sa.CursorResult[*tuple[Any, ...]]:
    """Rows of tables as they stand, past the session's objects, which are neither made nor
    flushed: for what is read on every page.

    Within a transaction they are read in it. Elsewhere each statement sees what is committed when
    it is asked, and no transaction is begun and undone around it.
    """
    session = db.session()
    connection = session.connection() if _writing.get() else session.reader()  # type: ignore[attr-defined]
    return connection.execute(statement, values)


MOST: sa.BindParameter[int] = sa.bindparam("most", type_=sa.Integer, literal_execute=True)
"""How many rows a page reads at most, for `read`: written into the statement, since PostgreSQL
plans a page otherwise than a tenth of a table."""


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether the named unique constraint or index is what the database refused.

    PostgreSQL tells the name; SQLite tells the columns, which the name spells.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    text = str(error.orig)
    columns = SQLITE_COLUMNS.get(constraint)
    return constraint in text or (columns is not None and columns in text)


SQLITE_COLUMNS: dict[str, str] = {}
"""Unique index name → the columns as SQLite words them ("table.a, table.b")."""


def unique_while(name: str, *columns: str, condition: str, table: str) -> sa.Index:
    """A partial unique index: the columns are unique among the rows that meet the condition."""
    SQLITE_COLUMNS[name] = ", ".join(f"{table}.{column}" for column in columns)
    return sa.Index(
        name,
        *columns,
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
