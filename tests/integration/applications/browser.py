"""A browser at somebody's desk, for pages of applications."""

import re
from contextvars import Context
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.kernel.permissions import Actor
from tests.factories.centers import sit_down

_TOKEN = re.compile(r'data-csrf="([^"]+)"')
_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')


class QuickClient(FlaskClient):
    """Does not look at the HTML it gets: for asking very often."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **kwargs)


class Browser:
    """Sends forms with the token that pages carry."""

    def __init__(self, app: Flask, actor: Actor, *, quick: bool = False) -> None:
        self.client = sit_down(QuickClient(app) if quick else app.test_client(), actor)
        found = _TOKEN.search(self.client.get("/calls").get_data(as_text=True))
        assert found
        self.token = unescape(found[1])

    def get(self, url: str, **more: Any) -> TestResponse:
        return self.client.get(url, **more)

    def post(self, url: str, headers: dict[str, str] | None = None, **values: Any) -> TestResponse:
        data = {"csrf_token": self.token, **values}
        return self.client.post(url, data=data, headers=headers)

    def autosave(self, url: str, **values: Any) -> TestResponse:
        """What the page's script sends while somebody types."""
        headers = {"X-Autosave": "1", "HX-Request": "true", "X-CSRFToken": self.token}
        return self.client.post(url, data=values, headers=headers)


def value_of(answer: TestResponse, name: str) -> str:
    """The value of the first input of that name."""
    text = answer.get_data(as_text=True)
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert found, f"no input {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


def typed(answer: TestResponse, name: str) -> str:
    """What stands in a text area."""
    text = answer.get_data(as_text=True)
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', text, re.S)
    assert found, f"no text area {name}"
    return unescape(found[1]).strip()


def actions(answer: TestResponse) -> set[str]:
    """Where the forms of a page lead."""
    return set(_ACTION.findall(answer.get_data(as_text=True)))
