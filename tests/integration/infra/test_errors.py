"""Errors come in the product's own face, whatever broke, and tell nothing of the inside."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from sqlalchemy.orm.exc import StaleDataError

from qcc.cli import WORKFLOWS
from qcc.infra.access import public, requires
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.pages import guard_failed
from qcc.kernel.permissions import NotPermitted, Role
from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from qcc.organizations.models import OrganizationKind
from tests.browsing import CarefulClient
from tests.factories.organizations import make_organization, province, signed_in
from tests.planting import planted

FACE = 'class="brand"'
SECRET = "the inner detail 4711"


def _raising(error: BaseException) -> Callable[[], Any]:
    @public
    def view() -> Any:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (NotPermitted(SECRET), 403),
        (StaleEdit(None), 409),
        (StaleDataError(SECRET), 409),
        (ActionNotPossible("approve", Role.EXPERT), 409),
        (GuardFailed("submit", "call_is_open"), 409),
        (Refused("because of this"), 422),
        (RulesBroken([]), 422),
        (RuntimeError(SECRET), 500),
        (KeyError(SECRET), 500),
        (RecursionError(SECRET), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
@pytest.mark.parametrize("engine_kind", ["sqlite"])  # nothing here reaches the database
def test_every_error_has_a_page(app: Flask, error: Exception, status: int) -> None:
    with planted(app, broken=_raising(error)) as other:
        answer = CarefulClient(other).get("/planted/broken")
    assert answer.status_code == status
    assert FACE in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 429, 431, 503]
)
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_every_refusal_of_http_has_a_page(app: Flask, status: int) -> None:
    @public
    def view() -> Any:
        abort(status)

    with planted(app, refused=view) as other:
        answer = CarefulClient(other).get("/planted/refused")
    assert answer.status_code == status
    assert FACE in answer.text


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_an_address_says_which_methods_it_takes(app: Flask) -> None:
    answer = app.test_client().delete("/sign-in")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.usefixtures("clock")
def test_the_page_comes_although_the_transaction_is_broken(app: Flask) -> None:
    """PostgreSQL answers nothing more in a transaction in which a statement failed."""

    @requires(P.DESK_USE)
    def view() -> Any:
        db.session.execute(sa.text("SELECT * FROM no_such_table"))

    user_of = province()["330000"]
    with planted(app, broken=view) as other:
        client = CarefulClient(other)
        signed_in(client, Role.COMMISSION_OFFICER, user_of)
        answer = client.get("/planted/broken")
        assert answer.status_code == 500
        assert FACE in answer.text
        assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_the_page_comes_although_the_database_is_gone(app: Flask) -> None:
    """Whoever is signed in is looked up first: already that fails."""
    client = app.test_client()
    province()
    organization = make_organization(kind=OrganizationKind.INSTITUTION)
    signed_in(client, Role.INSTITUTION_OFFICER, organization)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_sessions RENAME TO away")
    answer = client.get("/desk")
    assert answer.status_code == 500
    assert FACE in answer.text


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_every_condition_of_a_workflow_has_its_words(app: Flask) -> None:
    guards = {name for workflow in WORKFLOWS for name in workflow.guards}
    with app.test_request_context("/"):
        for name in sorted(guards):
            _page, status = guard_failed(GuardFailed("act", name))
            assert status == 409
