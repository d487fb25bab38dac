"""Every endpoint says who may call it; one that says nothing is refused."""

from typing import Any

import pytest

from qcc.infra.access import PUBLIC, declared_access, public, requires
from qcc.kernel.permissions import ADMINISTRATORS, POLICY, Permission, Role
from qcc.kernel.permissions import Permission as P
from tests.access.conftest import Stage
from tests.browsing import CarefulClient
from tests.planting import planted

FOR_EVERYBODY = {
    "static",
    "bootstrap.static",
    "assets.htmx",
    "pages.health",
    "pages.switch_language",
    "accounts.sign_in",
    "accounts.activate",
    "experts.public_center",
    "papers.verify",
    "papers.verified",
    "meetings.feed",
}
"""Endpoints that strangers may call. Another one is a decision to be made here."""

OF_ADMINISTRATORS = {
    P.DESK_USE,
    P.RULEBOOK_VIEW,
    P.ORGANIZATION_VIEW,
    P.ORGANIZATION_EDIT,
    P.PERSON_VIEW,
    P.PERSON_EDIT,
    P.USER_VIEW,
    P.JOB_VIEW,
    P.DELIVERY_RETRY,
    P.USER_EDIT,
    P.ROLE_ASSIGN,
    P.SESSION_END,
    P.AUDIT_VIEW,
}
"""What administrators may be permitted: accounts, registers, the trail; nothing of the business."""


def test_every_endpoint_declares_one_access(stage: Stage) -> None:
    endpoints = {rule.endpoint for rule in stage.app.url_map.iter_rules()}
    declared = {endpoint: declared_access(stage.app, endpoint) for endpoint in endpoints}
    silent = sorted(endpoint for endpoint, access in declared.items() if access is None)
    assert not silent, f"neither @requires(...) nor @public: {silent}"
    assert all(a == PUBLIC or isinstance(a, Permission) for a in declared.values())
    assert {endpoint for endpoint, access in declared.items() if access == PUBLIC} == FOR_EVERYBODY


@pytest.mark.parametrize("who", ["anonymous", "commission_officer", "system_admin"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_endpoint_that_declares_nothing_is_refused(stage: Stage, who: str, method: str) -> None:
    called = []

    def silent() -> str:
        called.append(1)
        return "done"

    with planted(stage.app, silent=silent) as other:
        headers = {"Cookie": stage.cookies[who], "X-CSRFToken": stage.csrf[who]}
        client = CarefulClient(other, use_cookies=False)
        answer = client.open("/planted/silent", method=method, headers=headers)
    assert answer.status_code == 403
    assert not called


def test_an_endpoint_declares_once() -> None:
    def view() -> Any: ...

    requires(P.DESK_USE)(view)
    for again in (requires(P.CALL_VIEW), public):
        with pytest.raises(TypeError, match="twice"):
            again(view)


def test_every_permission_is_held_by_somebody_and_asked_by_something(stage: Stage) -> None:
    held = {permission for role in Role for permission in POLICY[role]}
    asked = {declared_access(stage.app, rule.endpoint) for rule in stage.app.url_map.iter_rules()}
    assert set(Permission) - held <= {P.CLOCK}, "nobody holds it"
    assert set(Permission) - asked <= {P.CLOCK}, "no endpoint asks for it"


def test_the_policy_knows_every_role() -> None:
    assert set(POLICY) == set(Role)


def test_administrators_are_permitted_nothing_of_the_business() -> None:
    for role in ADMINISTRATORS:
        assert POLICY[role] <= OF_ADMINISTRATORS, role


def test_administrators_share_no_duty() -> None:
    """Who makes accounts gives no roles; who gives roles makes no accounts; neither reads the
    trail, and who reads it does neither."""
    duties = {P.USER_EDIT, P.ROLE_ASSIGN, P.SESSION_END, P.AUDIT_VIEW}
    system, security, auditor = (
        POLICY[role] & duties for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    )
    assert system == {P.USER_EDIT}
    assert security == {P.ROLE_ASSIGN, P.SESSION_END}
    assert auditor == {P.AUDIT_VIEW}


def test_strangers_are_led_to_the_door_and_back(stage: Stage) -> None:
    answer = stage.open("anonymous", "/centers?q=麻醉")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/centers?q%3D")
    fragment = stage.open("anonymous", "/centers", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment.headers["X-Sign-In"].startswith("/sign-in")
    assert fragment.text == ""


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_methods_open_no_other_door(stage: Stage, method: str) -> None:
    """HEAD is refused like GET; OPTIONS tells a stranger nothing."""
    for path in ("/applications", f"/calls/{stage.world.things['330000'].call}", "/audit"):
        answer = stage.open("anonymous", path, method)
        assert answer.status_code == 302
    assert stage.open("expert", "/audit", method).status_code == 403
