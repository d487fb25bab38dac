"""Every state × every action of a center and of a personnel change."""

from itertools import product

import pytest

from qcc.centers.workflow import CENTER, CHANGE, CenterState, ChangeState, ProposalFacts
from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import ActionNotPossible, GuardFailed, Reason, Workflow

S, C = CenterState, ChangeState

CENTER_STEPS = {
    (S.PLANNED, "open_call"): S.IN_CALL,
    (S.VACANT, "open_call"): S.IN_CALL,
    (S.IN_CALL, "call_off"): S.PLANNED,
    (S.IN_CALL, "call_off_to_vacant"): S.VACANT,
    (S.IN_CALL, "lapse"): S.PLANNED,
    (S.IN_CALL, "lapse_to_vacant"): S.VACANT,
    (S.PLANNED, "begin_designation"): S.UNDER_DESIGNATION,
    (S.VACANT, "begin_designation"): S.UNDER_DESIGNATION,
    (S.UNDER_DESIGNATION, "end_designation"): S.PLANNED,
    (S.UNDER_DESIGNATION, "end_designation_to_vacant"): S.VACANT,
    (S.UNDER_DESIGNATION, "establish"): S.ESTABLISHED,
    (S.IN_CALL, "establish"): S.ESTABLISHED,
    (S.ESTABLISHED, "order_rectification"): S.RECTIFYING,
    (S.RECTIFYING, "accept_rectification"): S.ESTABLISHED,
    (S.RECTIFYING, "rectification_lapses"): S.ESTABLISHED,
    (S.ESTABLISHED, "end_hosting"): S.VACANT,
    (S.RECTIFYING, "end_hosting"): S.VACANT,
    (S.PLANNED, "close"): S.CLOSED,
    (S.VACANT, "close"): S.CLOSED,
}
CHANGE_STEPS = {
    (C.OPEN, "propose"): C.PROPOSED,
    (C.PROPOSED, "return"): C.OPEN,
    (C.PROPOSED, "replace"): C.REPLACED,
    (C.PROPOSED, "except"): C.EXCEPTED,
    (C.OPEN, "dismiss"): C.DISMISSED,
    (C.PROPOSED, "dismiss"): C.DISMISSED,
}


def actions(workflow: Workflow) -> list[str]:
    return sorted({step.action for step in workflow.transitions})


@pytest.mark.parametrize(("state", "action"), list(product(S, actions(CENTER))))
def test_center(state: CenterState, action: str) -> None:
    target = CENTER_STEPS.get((state, action))
    if target is None:
        with pytest.raises(ActionNotPossible):
            CENTER.find(action, state)
    else:
        assert CENTER.find(action, state).target is target


@pytest.mark.parametrize(("state", "action"), list(product(C, actions(CHANGE))))
def test_change(state: ChangeState, action: str) -> None:
    target = CHANGE_STEPS.get((state, action))
    if target is None:
        with pytest.raises(ActionNotPossible):
            CHANGE.find(action, state)
    else:
        assert CHANGE.find(action, state).target is target


@pytest.mark.parametrize("state", [S.CLOSED])
def test_a_closed_center_stays_closed(state: CenterState) -> None:
    assert not CENTER.possible(state, list(P))


@pytest.mark.parametrize("state", [C.REPLACED, C.EXCEPTED, C.DISMISSED])
def test_a_decided_change_stays_decided(state: ChangeState) -> None:
    assert not CHANGE.possible(state, list(P))


@pytest.mark.parametrize(
    ("facts", "action", "failed"),
    [
        (ProposalFacts(has_replacement=True), "replace", None),
        (ProposalFacts(), "replace", "replacement_proposed"),
        (ProposalFacts(has_consent_of_employer=True, is_not_retired=True), "except", None),
        (ProposalFacts(has_consent_of_employer=True), "except", "exception_proven"),
        (ProposalFacts(is_not_retired=True), "except", "exception_proven"),
        (ProposalFacts(has_replacement=True), "except", "exception_proven"),
    ],
)
def test_conditions(facts: ProposalFacts, action: str, failed: str | None) -> None:
    if failed is None:
        assert CHANGE.require(action, C.PROPOSED, facts).action == action
        return
    with pytest.raises(GuardFailed) as stopped:
        CHANGE.require(action, C.PROPOSED, facts)
    assert stopped.value.guard == failed


def test_what_takes_something_from_the_host_needs_a_reason() -> None:
    reasons = {step.action: step.reason for step in (*CENTER.transitions, *CHANGE.transitions)}
    for action in ("end_hosting", "close", "order_rectification", "call_off", "return", "dismiss"):
        assert reasons[action] is Reason.REQUIRED
    assert reasons["replace"] is Reason.ON_OVERRIDE


def test_only_the_commission_moves_a_center_and_decides() -> None:
    """Rectification is ordered by whoever assessed; the services hold whom."""
    for workflow, role in product((CENTER, CHANGE), Role):
        held = {
            step.action
            for state in workflow.states
            for step in workflow.possible(state, POLICY[role])
        }
        if role is not Role.COMMISSION_OFFICER:
            assert held <= {"propose", "order_rectification", "accept_rectification"}
