"""Every state × every action of meetings, action items and amendments; every condition."""

from dataclasses import fields, replace

import pytest

from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed, Workflow
from qcc.meetings.workflow import (
    ACTION,
    AMENDMENT,
    MEETING,
    ActionState,
    AmendmentMoment,
    AmendmentState,
    MeetingMoment,
    MeetingState,
)

ALL_HOLDS = MeetingMoment(**{f.name: True for f in fields(MeetingMoment)})
S, A, M = MeetingState, ActionState, AmendmentState
EXPECTED = {
    MEETING: {
        ("announce", S.PROPOSED): S.ANNOUNCED,
        ("hold", S.ANNOUNCED): S.HELD,
        ("draft", S.HELD): S.DRAFTING,
        ("circulate", S.DRAFTING): S.CORRECTING,
        ("return", S.CORRECTING): S.DRAFTING,
        ("sign", S.CORRECTING): S.FINAL,
        ("cancel", S.PROPOSED): S.CANCELLED,
        ("cancel", S.ANNOUNCED): S.CANCELLED,
    },
    ACTION: {
        ("report", A.OPEN): A.DONE,
        ("accept", A.DONE): A.ACCEPTED,
        ("return", A.DONE): A.OPEN,
        ("drop", A.OPEN): A.DROPPED,
        ("drop", A.DONE): A.DROPPED,
    },
    AMENDMENT: {
        ("approve", M.PROPOSED): M.APPROVED,
        ("refuse", M.PROPOSED): M.REFUSED,
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


@pytest.mark.parametrize(
    ("action", "state", "condition", "guard"),
    [
        ("announce", S.PROPOSED, "lies_ahead", "meeting_lies_ahead"),
        ("announce", S.PROPOSED, "has_agenda", "has_agenda"),
        ("announce", S.PROPOSED, "has_invited", "has_invited"),
        ("hold", S.ANNOUNCED, "has_begun", "meeting_has_begun"),
        ("hold", S.ANNOUNCED, "somebody_is_present", "somebody_is_present"),
        ("hold", S.ANNOUNCED, "has_quorum", "has_quorum"),
        ("circulate", S.DRAFTING, "minutes_are_written", "minutes_are_written"),
        ("sign", S.CORRECTING, "minutes_are_written", "minutes_are_written"),
    ],
)
def test_each_condition_stops(action: str, state: S, condition: str, guard: str) -> None:
    MEETING.require(action, state, ALL_HOLDS)
    with pytest.raises(GuardFailed) as failed:
        MEETING.require(action, state, replace(ALL_HOLDS, **{condition: False}))
    assert failed.value.guard == guard


def test_an_amendment_takes_two_persons_one_of_them_the_director() -> None:
    AMENDMENT.require("approve", M.PROPOSED, AmendmentMoment(True, True))
    for facts in (AmendmentMoment(False, True), AmendmentMoment(True, False)):
        with pytest.raises(GuardFailed):
            AMENDMENT.require("approve", M.PROPOSED, facts)
    AMENDMENT.require("refuse", M.PROPOSED, AmendmentMoment(True, False))


def test_only_the_director_signs() -> None:
    for action in ("sign", "return"):
        may = MEETING.find(action, S.CORRECTING).may
        assert {role for role in Role if may in POLICY[role]} == {Role.CENTER_DIRECTOR}
