"""What any request may carry at all: keys that a column can hold, text that a database can hold.

What lies outside is nobody's typing. It is answered here, once, so that no feature has to think of
it: an address with such a key is not found, a NUL character is not understood.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from qcc.infra.listing import LARGEST_KEY

NUL = "\0"


class KeyConverter(IntegerConverter):
    """`<int:…>` in an address: no larger than the key of any row."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_KEY, **kwargs})


def _texts() -> Iterator[str]:
    yield request.path
    yield from _names_and_values(request.args)
    if request.content_type:  # without one there is no form
        yield from _names_and_values(request.form)
        yield from (file.filename or "" for file in request.files.values())


def _names_and_values(values: MultiDict[str, str]) -> Iterator[str]:
    for name, texts in values.lists():
        yield from (name, *texts)


def init_app(app: Flask) -> None:
    """Look at every request before anything else does; called before any route is added."""
    app.url_map.converters["int"] = KeyConverter

    @app.before_request
    def refuse_nul() -> None:
        if any(NUL in text for text in _texts()):
            abort(400)
