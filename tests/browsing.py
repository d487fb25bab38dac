"""A test client that looks at what it gets: whole HTML, nothing left uncommitted."""

from contextvars import Context
from typing import Any

import html5lib
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.infra.db import db


class UncommittedChange(AssertionError):
    """A request left changes in its session that nobody committed."""


class CarefulClient(FlaskClient):
    """Fails on malformed HTML and on uncommitted changes. Each request has a context of its own,
    as on a real server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.rollback()
        response = Context().run(super().open, *args, **kwargs)
        for answer in (*response.history, response):
            answer.request.environ["wsgi.input"].close()  # a large body lies in a temporary file
        if response.mimetype == "text/html" and response.data:
            check_html(response.get_data(as_text=True))
        return response


def check_html(text: str) -> None:
    """Whole pages and fragments must be well-formed HTML5."""
    parser = html5lib.HTMLParser(strict=False)
    whole = text.lstrip().lower().startswith("<!doctype")
    parser.parse(text) if whole else parser.parseFragment(text)
    if parser.errors:
        (line, column), code, more = parser.errors[0]
        near = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
        raise AssertionError(f"malformed HTML at {line}:{column}: {code} {more}: {near.strip()}")


def watch(app: Flask) -> None:
    """Make the app's requests fail that leave changes uncommitted."""
    app.test_client_class = CarefulClient

    @app.after_request
    def look(response: Any) -> Any:
        session = db.session
        if session.new or session.dirty or session.deleted:
            g.left = [*session.new, *session.dirty, *session.deleted]
            raise UncommittedChange(f"left uncommitted: {g.left}")
        return response
