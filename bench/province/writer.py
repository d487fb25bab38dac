"""Rows gathered by table and written in bulk, parents before children."""

import sqlalchemy as sa

from qcc.infra.db import Model

ENOUGH = 20_000
Value = object


class Writer:
    """Hands out keys, gathers rows, and writes them with Core when enough have come together.

    All rows of a table must give the same columns.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows: dict[sa.Table, list[dict[str, Value]]] = {}
        self._keys: dict[sa.Table, int] = {}
        self._waiting = 0

    def add(self, model: type[Model], /, **values: Value) -> int:
        """Gather a row of a table that is keyed by a number; returns its key."""
        table: sa.Table = model.__table__  # type: ignore[assignment]
        key = self._keys[table] = self._next(table)
        self._gather(table, {"id": key, **values})
        return key

    def link(self, model: type[Model], /, **values: Value) -> None:
        """Gather a row of a table that has a key of its own."""
        self._gather(model.__table__, values)  # type: ignore[arg-type]

    def count(self, model: type[Model]) -> int:
        """The last key that was handed out for a table."""
        return self._keys.get(model.__table__, 0)  # type: ignore[call-overload]

    def _next(self, table: sa.Table) -> int:
        if table not in self._keys:
            last = self._connection.scalar(sa.select(sa.func.max(table.c.id)))
            self._keys[table] = last or 0
        return self._keys[table] + 1

    def _gather(self, table: sa.Table, row: dict[str, Value]) -> None:
        self._rows.setdefault(table, []).append(row)
        self._waiting += 1

    def flush_if_enough(self) -> None:
        """Write what was gathered, once it is much; call it where no parent is missing."""
        if self._waiting >= ENOUGH:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        for table in Model.metadata.sorted_tables:
            rows = self._rows.pop(table, None)
            if rows:
                self._connection.execute(table.insert(), rows)
        self._waiting = 0

    def finish(self) -> None:
        """Write the rest, and let the database's own keys go on after ours."""
        self.flush()
        if self._connection.dialect.name == "postgresql":
            for table, last in self._keys.items():
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                self._connection.execute(sa.select(sa.func.setval(sequence, last)))
