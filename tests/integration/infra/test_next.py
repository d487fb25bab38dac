"""Where a redirect may lead: to a page of our own, whatever was asked for."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from qcc.infra.navigation import local_target
from qcc.kernel.permissions import Role
from tests.factories.organizations import (
    csrf_of,
    make_organization,
    make_user,
    post,
    province,
)

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])  # no row is asked for

STRANGE = [
    "",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5Cevil.example",
    "/%2F%2Fevil.example",
    "https://evil.example",
    "https:evil.example",
    "HtTpS://evil.example/calls",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil.example",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/calls\r\nX-Evil: 1",
    "/calls\0",
    "/calls/../../evil",
    "/.//evil.example",
    "/@evil.example",
    "/calls/..//evil.example",
    "//[",
    "/[",
    "http://[",
    "/nowhere",
    "/sign-out",
    "/calls/1/apply",
    "/static/qcc.css",
    "/bootstrap/static/css/bootstrap.min.css",
    "/calls/" + "9" * 30,
    "/℀evil.example",
    "/" + "a" * 5000,
]
KNOWN = [
    "/",
    "/calls",
    "/calls?x=https://evil.example",
    "/applications/ABC",
    "/centers?q=%E9%BA%BB",
]


@pytest.mark.parametrize("wanted", [None, *STRANGE])
def test_what_is_no_page_of_ours_leads_to_the_workbench(app: Flask, wanted: str | None) -> None:
    with app.test_request_context("/"):
        assert local_target(wanted) == "/"


@pytest.mark.parametrize("wanted", KNOWN)
def test_known_pages_are_led_to(app: Flask, wanted: str) -> None:
    with app.test_request_context("/"):
        assert local_target(wanted) == wanted


@trial(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.text(st.sampled_from("/\\.:@?#%[]&= \t\r\n\0acelsvihtp09五F5C2"), max_size=30))
def test_no_text_leads_away(app: Flask, wanted: str) -> None:
    with app.test_request_context("/"):
        target = urlsplit(local_target(wanted))
    assert (target.scheme, target.netloc) == ("", "")
    assert target.path.startswith("/")
    assert not target.path.startswith(("//", "/\\"))


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("wanted", STRANGE)
def test_signing_in_leads_nowhere_else(client: FlaskClient, wanted: str) -> None:
    province()
    user, password = make_user(Role.INSTITUTION_OFFICER, make_organization())
    token = csrf_of(client.get("/sign-in"))
    answer = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"csrf_token": token, "username": user.username, "password": password},
    )
    if "\0" in wanted:
        assert answer.status_code == 400
        return
    assert (answer.status_code, answer.location) == (302, "/")
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_switching_the_language_leads_nowhere_else(client: FlaskClient, wanted: str) -> None:
    answer = post(client, "/language", "/sign-in", language="en", next=wanted)
    assert (answer.status_code, answer.location) == (302, "/")


def test_switching_the_language_leads_back(client: FlaskClient) -> None:
    page = "/sign-in?next=/calls"
    shown = client.get(page)
    assert f'value="{page}"' in shown.text
    answer = post(client, "/language", page, language="en", next=page)
    assert answer.location == page
    assert "Sign in" in client.get(page).text


def test_an_unknown_language_is_none(client: FlaskClient) -> None:
    answer = post(client, "/language", "/sign-in", language="xx", next="/sign-in")
    assert "Set-Cookie" not in answer.headers or "qcc_language" not in answer.headers["Set-Cookie"]
    client.set_cookie("qcc_language", "../../etc")
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    "path", ["/nowhere/%01", "/nowhere/%22%3E%3Cscript%3E", "/nowhere?x=%22%3E", "/nowhere/%ff"]
)
def test_the_address_comes_back_quoted(client: FlaskClient, path: str) -> None:
    """The client looks at the page: it is well-formed whatever the address was."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
