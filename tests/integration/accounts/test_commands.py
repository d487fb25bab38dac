"""The terminal: an empty installation gets its three administrators, and a way back in."""

import re

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from qcc.accounts.cli import accounts_group
from qcc.accounts.models import User
from qcc.accounts.queries import list_desks
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.kernel.permissions import Role
from qcc.organizations.models import Organization
from tests.factories.organizations import csrf_of, sign_in

PASSWORD = "seven lamps over an orchard"


@pytest.fixture(autouse=True)
def _clock(clock: object) -> None:
    """Time stands still."""


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(accounts_group, arguments)


def invite(app: Flask, role: str, username: str, name: str = "张三") -> Result:
    return run(
        app,
        "invite-admin",
        *("--role", role, "--place", "330000", "--commission", "浙江省卫生健康委员会"),
        *("--name", name, "--username", username),
    )


def open_link(app: Flask, told: str) -> int:
    found = re.search(r"http://127\.0\.0\.1:8000(/activate/[\w-]+)", told)
    assert found, told
    browser = app.test_client()
    data = {
        "csrf_token": csrf_of(browser.get(found[1])),
        "password": PASSWORD,
        "again": PASSWORD,
    }
    return browser.post(found[1], data=data).status_code


def test_three_administrators_of_an_empty_installation(app: Flask) -> None:
    for role, username in (
        ("system_admin", "xitong"),
        ("security_admin", "anquan"),
        ("audit_admin", "shenji"),
    ):
        told = invite(app, role, username, f"管理{username}")
        assert told.exit_code == 0, told.output
        assert open_link(app, told.output) == 302
        assert sign_in(app.test_client(), username, PASSWORD).status_code == 302
        user = db.session.scalars(sa.select(User).filter_by(username=username)).one()
        assert [desk.role for desk in list_desks(user.person_id)] == [Role(role)]
    assert db.session.scalars(sa.select(Organization.name)).all() == ["浙江省卫生健康委员会"]
    events = db.session.scalars(sa.select(AuditEvent.event)).all()
    assert {"places.loaded", "organization.added", "user.invited", "role.assigned"} <= set(events)


def test_one_person_does_not_become_two_administrators(app: Flask) -> None:
    assert invite(app, "system_admin", "xitong").exit_code == 0
    told = invite(app, "security_admin", "anquan")
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert db.session.scalars(sa.select(User.username)).all() == ["xitong"]


def test_once_one_can_sign_in_the_pages_are_the_way(app: Flask) -> None:
    told = invite(app, "system_admin", "xitong")
    open_link(app, told.output)
    assert invite(app, "system_admin", "xitong2", "李四").exit_code == 1
    assert db.session.scalars(sa.select(User.username)).all() == ["xitong"]


def test_a_place_or_role_that_is_not_there(app: Flask) -> None:
    told = run(
        app,
        "invite-admin",
        *("--role", "system_admin", "--place", "999999", "--commission", "x"),
        *("--name", "张三", "--username", "xitong"),
    )
    assert told.exit_code == 1
    assert invite(app, "commission_officer", "xitong").exit_code == 2
    assert db.session.scalars(sa.select(User)).all() == []


def test_a_new_link_from_the_terminal(app: Flask) -> None:
    first = invite(app, "system_admin", "xitong").output
    second = run(app, "new-link", "XiTong").output
    assert first != second
    assert open_link(app, second) == 302
    assert run(app, "new-link", "nobody").exit_code == 1
