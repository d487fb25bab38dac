"""Every state × every action of yearly documents and assigned tasks; every condition."""

import pytest

from qcc.evaluations.workflow import (
    DOCUMENT,
    TASK,
    DocumentMoment,
    DocumentState,
    TaskMoment,
    TaskState,
)
from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed, Reason, Workflow

D, T = DocumentState, TaskState
EXPECTED = {
    DOCUMENT: {
        ("submit", D.DRAFT): D.SUBMITTED,
        ("submit", D.RETURNED): D.SUBMITTED,
        ("acknowledge", D.SUBMITTED): D.ACKNOWLEDGED,
        ("return", D.SUBMITTED): D.RETURNED,
    },
    TASK: {
        ("report", T.ASSIGNED): T.REPORTED,
        ("accept", T.REPORTED): T.DONE,
        ("return", T.REPORTED): T.ASSIGNED,
        ("refuse", T.REPORTED): T.NOT_DONE,
        ("refuse", T.ASSIGNED): T.NOT_DONE,
        ("withdraw", T.ASSIGNED): T.WITHDRAWN,
        ("withdraw", T.REPORTED): T.WITHDRAWN,
    },
}


@pytest.mark.parametrize("workflow", EXPECTED, ids=lambda w: w.name)
def test_every_state_and_action(workflow: Workflow) -> None:
    for action in {t.action for t in workflow.transitions}:
        for state in workflow.states:
            target = EXPECTED[workflow].get((action, state))
            if target is None:
                with pytest.raises(ActionNotPossible):
                    workflow.find(action, state)
            else:
                assert workflow.find(action, state).target is target


def test_conditions() -> None:
    with pytest.raises(GuardFailed, match="document_is_written"):
        DOCUMENT.require("submit", D.DRAFT, DocumentMoment(unwritten=1))
    with pytest.raises(GuardFailed, match="correction_lies_ahead"):
        DOCUMENT.require("return", D.SUBMITTED, DocumentMoment(lies_ahead=False))
    with pytest.raises(GuardFailed, match="task_is_overdue"):
        TASK.require("refuse", T.ASSIGNED, TaskMoment())
    TASK.require("refuse", T.ASSIGNED, TaskMoment(is_overdue=True))
    TASK.require("refuse", T.REPORTED, TaskMoment())


def may(action: str, workflow: Workflow) -> set[Role]:
    asked = {t.may for t in workflow.transitions if t.action == action}
    return {role for role, held in POLICY.items() if asked <= held}


def test_who_may() -> None:
    authorities = {Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER}
    assert may("submit", DOCUMENT) == {Role.CENTER_DIRECTOR}
    assert may("acknowledge", DOCUMENT) == may("return", DOCUMENT) == authorities
    assert may("report", TASK) == {Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY}
    for action in ("accept", "return", "refuse", "withdraw"):
        assert may(action, TASK) == {Role.COMMISSION_OFFICER}


def test_what_goes_against_a_center_has_a_reason() -> None:
    reasoned = {"return", "refuse", "withdraw"}
    for workflow in (DOCUMENT, TASK):
        for each in workflow.transitions:
            assert (each.reason is Reason.REQUIRED) == (each.action in reasoned)
