"""The policy: every role is in it; administrators read no business data."""

import pytest

from qcc.kernel.permissions import ADMINISTRATORS, POLICY, Actor, Permission, Role
from qcc.kernel.places import Level

BUSINESS = {
    permission
    for permission in Permission
    if permission.partition(".")[0] in {"call", "application", "center", "officer", "incident"}
}


def test_every_role_has_a_policy() -> None:
    assert set(POLICY) == set(Role)


def test_every_permission_is_held_by_somebody_but_the_clocks() -> None:
    assert set(Permission) - {Permission.CLOCK} == set().union(*POLICY.values())


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_have_no_business_permission(role: Role) -> None:
    assert not POLICY[role] & BUSINESS


def test_the_three_administrators_share_nothing_that_matters() -> None:
    system, security, audit = (
        POLICY[role] for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    )
    assert Permission.ROLE_ASSIGN in security - system - audit
    assert Permission.AUDIT_VIEW in audit - system - security
    assert Permission.USER_EDIT in system - security - audit


def test_only_commissions_decide() -> None:
    for permission in (Permission.APPLICATION_DECIDE, Permission.OFFICER_DECIDE):
        assert [role for role in Role if permission in POLICY[role]] == [Role.COMMISSION_OFFICER]


def test_an_actor_may_what_the_role_may() -> None:
    actor = Actor(1, 1, "虚构人员", 1, Role.INSTITUTION_OFFICER, 1, "虚构医院", "330100")
    assert actor.may(Permission.APPLICATION_EDIT)
    assert not actor.may(Permission.APPLICATION_DECIDE)
    assert actor.permissions == POLICY[Role.INSTITUTION_OFFICER]
    assert actor.level is Level.CITY
