"""A second app over the same database, with endpoints planted for a test. The product itself takes
no more of them once it has answered a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from qcc.app import create_app
from qcc.infra.db import db


@contextmanager
def planted(like: Flask, **views: Callable[..., Any]) -> Iterator[Flask]:
    """The product with *views* at /planted/<name>, for reading and for writing."""
    app = create_app(dict(like.config))
    for name, view in views.items():
        app.add_url_rule(f"/planted/{name}", name, view, methods=["GET", "POST"])
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
