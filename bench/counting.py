"""How many queries a page makes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

BEGINNINGS = ("BEGIN", "PRAGMA")
"""What SQLite is sent beside queries."""


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The queries that are made in the block."""
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(BEGINNINGS):
            made.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def count_queries(app: Flask, engine: sa.Engine, paths: Sequence[str], cookie: str = "") -> int:
    """The most queries that any of the pages makes, once the process is warm."""
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie} if cookie else {}
    most = 0
    for path in (paths[0], *paths):
        with counted(engine) as made:
            answer = client.get(path, headers=headers, base_url="http://127.0.0.1")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        most = len(made) if path is paths[0] else max(most, len(made))
    return most
