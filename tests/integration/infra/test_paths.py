"""Addresses that templates ask for are those that the product's table of addresses has."""

from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import IntegerConverter, UnicodeConverter

from qcc.workbench.navigation import path

WORDS = ("A2KFWKK8CE", "summary", "重症", "a b", "987650002", "x-1")
NUMBERS = (1, 987650002, 2147483647)


def _values(rule: Any, word: str, number: int) -> dict[str, Any]:
    kinds = rule._converters
    return {
        name: number if isinstance(kind, IntegerConverter) else word
        for name, kind in kinds.items()
        if isinstance(kind, IntegerConverter | UnicodeConverter)
    }


@pytest.mark.parametrize("word", WORDS)
def test_every_address_is_the_one_of_the_table(app: Flask, word: str) -> None:
    asked = 0
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for number in NUMBERS:
                values = _values(rule, word, number)
                if rule.arguments == set(values):
                    asked += 1
                    assert path(rule.endpoint, **values) == url_for(rule.endpoint, **values)
                    more = {**values, "q": word, "_anchor": word}
                    assert path(rule.endpoint, **more) == url_for(rule.endpoint, **more)
    assert asked > 300


def test_words_that_an_endpoint_does_not_take_are_refused(app: Flask) -> None:
    with app.test_request_context():
        good = {"meeting_id": 3, "action": "announce"}
        assert path("meetings.step", **good) == "/meetings/3/announce"
        with pytest.raises(ValueError, match="not one of"):
            path("meetings.step", meeting_id=3, action="nonsense")
