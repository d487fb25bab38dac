"""A test client that looks at what it gets: whole HTML, nothing left uncommitted."""

import re
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


# Words without anything that a parser could mind, in values (but of a type, by which tables tell
# what they may hold) and between tags: whatever they are, a page of this shape is as well-formed.
_MINDED = r"&<>\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe-\U0010ffff"
_VALUE = re.compile(rf"""(?<!type)="[^"'={_MINDED}]+\"""")
_WORDS = re.compile(rf">(?=[^<]*[^<\s])[^{_MINDED}]+<")
_sound: set[str] = set()


def shape(text: str) -> str:
    """The markup of a page, whatever its words."""
    return _WORDS.sub(">…<", _VALUE.sub('="…"', text))


def check_html(text: str) -> None:
    """Whole pages and fragments must be well-formed HTML5. Each shape is parsed once."""
    known = shape(text)
    if known not in _sound:
        _parse(text)
        _sound.add(known)


def _parse(text: str) -> None:
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
