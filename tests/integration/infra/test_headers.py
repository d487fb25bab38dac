"""Headers on every answer: pages, errors, redirects, assets; and what production adds.

Every endpoint in every role is looked at by the access tests; here are the answers that no endpoint
gives.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from qcc.app import create_app
from qcc.infra.access import public
from qcc.infra.db import db
from qcc.kernel.permissions import Role
from tests.databases import migrate
from tests.factories.organizations import make_organization, province, signed_in
from tests.headers import check_headers
from tests.planting import planted

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])  # no header knows the database

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"


def _body(size: int) -> dict[str, Any]:
    return {"data": b"a" * size, "content_type": FORM}


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        pytest.param("GET", "/calls", {}, 302, id="to the door"),
        pytest.param("GET", "/calls", {"headers": {"HX-Request": "true"}}, 401, id="fragment"),
        pytest.param("POST", "/sign-in", {}, 400, id="no token"),
        pytest.param("GET", "/applications/%00", {}, 400, id="NUL"),
        pytest.param("GET", "/nowhere", {}, 404, id="nowhere"),
        pytest.param("GET", "/calls/" + "9" * 40, {}, 404, id="no key is so long"),
        pytest.param("GET", "/static/nothing.css", {}, 404, id="no such asset"),
        pytest.param("GET", "/static/../app.py", {}, 404, id="above the assets"),
        pytest.param("GET", "/static/%2e%2e/app.py", {}, 404, id="above the assets, hidden"),
        pytest.param("DELETE", "/sign-in", {}, 405, id="another method"),
        pytest.param("TRACE", "/sign-in", {}, 405, id="trace"),
        pytest.param("OPTIONS", "/sign-in", {}, 200, id="options"),
        pytest.param("HEAD", "/sign-in", {}, 200, id="head"),
        pytest.param("POST", "/sign-in", _body(13 * MEGABYTE), 413, id="too large"),
        pytest.param("GET", "/static/qcc.css", {}, 200, id="asset"),
        pytest.param("GET", "/bootstrap/static/css/bootstrap.min.css", {}, 200, id="bootstrap"),
        pytest.param("GET", "/assets/htmx.js", {}, 200, id="htmx"),
        pytest.param("GET", "/health", {}, 200, id="health"),
    ],
)
def test_whatever_is_answered(
    client: FlaskClient, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    answer = client.open(path, method=method, **more)
    assert answer.status_code == status
    check_headers(answer, path)
    answer.close()


def test_errors_of_our_own(app: Flask) -> None:
    @public
    def broken() -> Any:
        raise RuntimeError

    def undeclared() -> Any:
        raise AssertionError("never called")

    with planted(app, broken=broken, undeclared=undeclared) as other:
        client = other.test_client()
        for path, status in (("/planted/broken", 500), ("/planted/undeclared", 403)):
            answer = client.get(path)
            assert answer.status_code == status
            check_headers(answer, path)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("path", ["/", "/nowhere", "/users", "/calls/999", "/desk/switch"])
def test_nothing_of_who_is_signed_in_stays_in_a_cache(client: FlaskClient, path: str) -> None:
    province()
    signed_in(client, Role.INSTITUTION_OFFICER, make_organization())
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    check_headers(answer, path)


def test_pages_carry_no_inline_code(client: FlaskClient) -> None:
    """The policy would stop it; here it does not even stand there."""
    for path in ("/sign-in", "/nowhere"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)


# --- production ---


@pytest.fixture
def production(engine_kind: str, tmp_path: Path) -> Iterator[Flask]:
    env = {
        "QCC_ENV": "production",
        "SECRET_KEY": "V9x-2kQz81LmNo_pRsTuVwXyZ0123456",
        "TRUSTED_HOSTS": "qcc.example.org",
        "TRUSTED_PROXIES": "1",
        "QCC_DATA_DIR": str(tmp_path),
    }
    app = create_app(config.settings(env))
    migrate(app)
    yield app
    with app.app_context():
        db.engine.dispose()


PROXIED = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Host": "qcc.example.org"}


def _cookies(answer: Any) -> list[str]:
    return [text for text in answer.headers.getlist("Set-Cookie") if text.startswith("__Host-")]


def test_production_speaks_https_only(production: Flask) -> None:
    answer = production.test_client().get("/sign-in", headers=PROXIED)
    check_headers(answer, "/sign-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    (cookie,) = _cookies(answer)
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


def test_errors_of_production_do_too(production: Flask) -> None:
    client = production.test_client()
    for path in ("/nowhere", "/static/none.css", "/calls"):
        answer = client.get(path, headers=PROXIED)
        assert "Strict-Transport-Security" in answer.headers


def test_development_neither_marks_cookies_nor_asks_for_https(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "__Host-" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "host", ["evil.example.com", "qcc.example.org.evil.com", "evil.qcc.example.org", "", "a b", "["]
)
def test_a_strange_host_is_not_answered(production: Flask, host: str) -> None:
    answer = production.test_client().get("/sign-in", headers={**PROXIED, "Host": host})
    assert answer.status_code == 400
    assert "Strict-Transport-Security" in answer.headers
    assert host not in answer.text or not host


def test_a_form_works_over_https_without_a_referrer(production: Flask) -> None:
    """Browsers send none, because we tell them not to."""
    client = production.test_client()
    shown = client.get("/sign-in", headers=PROXIED)
    (cookie,) = _cookies(shown)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)[1]  # type: ignore[index]
    answer = client.post(
        "/sign-in",
        headers={**PROXIED, "Cookie": cookie.split(";")[0]},
        data={"csrf_token": token, "username": "nobody", "password": "wrong"},
    )
    assert answer.status_code == 422, "understood, and refused for what it says"
