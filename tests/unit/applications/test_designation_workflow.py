"""Every state × every action of a designation and of an opinion, and who may not take a step."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from qcc.applications.workflow.designation import (
    DESIGNATION,
    UNDER_WAY,
    DesignationMoment,
    DesignationState,
)
from qcc.applications.workflow.opinion import OPINION, AnswerFacts, OpinionState, last_moment
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed, Reason

S = DesignationState
PROPOSER, CHECKER, DECIDER = 1, 2, 3

STEPS = {
    (S.DRAFT, "propose"): S.UNDER_CHECK,
    (S.UNDER_CHECK, "return"): S.DRAFT,
    (S.UNDER_CHECK, "pass"): S.UNDER_DECISION,
    (S.UNDER_DECISION, "send_back"): S.UNDER_CHECK,
    (S.UNDER_DECISION, "approve"): S.APPROVED,
    (S.UNDER_DECISION, "refuse"): S.REFUSED,
    (S.DRAFT, "withdraw"): S.WITHDRAWN,
    (S.UNDER_CHECK, "withdraw"): S.WITHDRAWN,
    (S.UNDER_DECISION, "withdraw"): S.WITHDRAWN,
}
ACTIONS = sorted({step.action for step in DESIGNATION.transitions})
COMMISSION = {Role.COMMISSION_OFFICER}
CHECKERS = {Role.EVALUATION_OFFICER, Role.COMMISSION_OFFICER}


def by(person: int, *, receives_for_itself: bool = False) -> DesignationMoment:
    return DesignationMoment(
        person, frozenset({PROPOSER}), frozenset({CHECKER}), receives_for_itself
    )


@pytest.mark.parametrize(("state", "action"), list(product(S, ACTIONS)))
def test_designation(state: DesignationState, action: str) -> None:
    target = STEPS.get((state, action))
    if target is None:
        with pytest.raises(ActionNotPossible):
            DESIGNATION.require(action, state, by(DECIDER))
    else:
        assert DESIGNATION.require(action, state, by(DECIDER)).target is target


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may(action: str) -> None:
    expected = CHECKERS if action in ("return", "pass") else COMMISSION
    for step in DESIGNATION.transitions:
        if step.action == action:
            assert {role for role in Role if step.may in POLICY[role]} == expected


def test_what_is_under_way_can_be_given_up_and_the_rest_is_final() -> None:
    left = {source for step in DESIGNATION.transitions for source in step.sources}
    assert left == UNDER_WAY
    assert {source for step in DESIGNATION.transitions if step.action == "withdraw"
            for source in step.sources} == UNDER_WAY  # fmt: skip


def test_words_are_asked_where_somebody_must_answer_for_a_step() -> None:
    asked = {t.action for t in DESIGNATION.transitions if t.reason is Reason.REQUIRED}
    assert asked == {"return", "pass", "send_back", "refuse", "withdraw"}
    assert {t.action for t in DESIGNATION.transitions if t.reason is Reason.ON_OVERRIDE} == {
        "approve"
    }


@pytest.mark.parametrize("action", ["approve", "refuse", "send_back"])
@pytest.mark.parametrize("receives_for_itself", [True, False])
def test_neither_who_proposed_nor_who_checked_decides(
    action: str, receives_for_itself: bool
) -> None:
    for person in (PROPOSER, CHECKER):
        moment = by(person, receives_for_itself=receives_for_itself)
        with pytest.raises(GuardFailed, match="decided_by_a_third"):
            DESIGNATION.require(action, S.UNDER_DECISION, moment)
    DESIGNATION.require(action, S.UNDER_DECISION, by(DECIDER))


@pytest.mark.parametrize("action", ["pass", "return"])
def test_who_proposed_checks_only_where_the_commission_receives_for_itself(action: str) -> None:
    with pytest.raises(GuardFailed, match="checked_by_another"):
        DESIGNATION.require(action, S.UNDER_CHECK, by(PROPOSER))
    DESIGNATION.require(action, S.UNDER_CHECK, by(PROPOSER, receives_for_itself=True))
    DESIGNATION.require(action, S.UNDER_CHECK, by(CHECKER))


# --- opinions ---


@pytest.mark.parametrize("state", OpinionState)
def test_opinion(state: OpinionState) -> None:
    facts = AnswerFacts(person=2, decided_by=1)
    if state is OpinionState.SENT:
        assert OPINION.require("answer", state, facts).target is OpinionState.ANSWERED
    else:
        with pytest.raises(ActionNotPossible):
            OPINION.require("answer", state, facts)


def test_who_refused_does_not_answer() -> None:
    with pytest.raises(GuardFailed, match="answered_by_another"):
        OPINION.require("answer", OpinionState.SENT, AnswerFacts(person=1, decided_by=1))


def test_the_days_are_counted_from_the_one_after_the_refusal() -> None:
    moment = last_moment(date(2026, 3, 2), 10)
    assert moment == datetime(2026, 3, 13, 0, 0, 0, tzinfo=SHANGHAI)
    assert moment - timedelta(seconds=1) == datetime(2026, 3, 12, 23, 59, 59, tzinfo=SHANGHAI)
