"""Every state × every action of an application, and each condition at its very moment."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from qcc.applications.workflow import (
    APPLICATION,
    INTERNAL,
    WITH_APPLICANT,
    WITH_RECEPTION,
    ApplicationMoment,
    ApplicationState,
)
from qcc.kernel.dates import SHANGHAI, end_of_day, start_of_day
from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed, Reason

S = ApplicationState

STEPS = {
    (S.DRAFT, "submit"): S.SUBMITTED,
    (S.RETURNED, "resubmit"): S.SUBMITTED,
    (S.SUBMITTED, "withdraw"): S.WITHDRAWN,
    (S.RETURNED, "withdraw"): S.WITHDRAWN,
    (S.ACCEPTED, "withdraw"): S.WITHDRAWN,
    (S.SUBMITTED, "return"): S.RETURNED,
    (S.SUBMITTED, "accept"): S.ACCEPTED,
    (S.ACCEPTED, "propose"): S.UNDER_DECISION,
    (S.UNDER_DECISION, "send_back"): S.SUBMITTED,
    (S.UNDER_DECISION, "approve"): S.APPROVED,
    (S.UNDER_DECISION, "refuse"): S.REFUSED,
}
ACTIONS = sorted({step.action for step in APPLICATION.transitions})

INSTITUTION = {Role.INSTITUTION_OFFICER}
CHECKERS = {Role.EVALUATION_OFFICER, Role.COMMISSION_OFFICER}
COMMISSION = {Role.COMMISSION_OFFICER}
WHO = {
    "submit": INSTITUTION,
    "resubmit": INSTITUTION,
    "withdraw": INSTITUTION,
    "return": CHECKERS,
    "accept": CHECKERS,
    "propose": CHECKERS,
    "send_back": COMMISSION,
    "approve": COMMISSION,
    "refuse": COMMISSION,
}
TOLD = {
    "submit": {"applicant", "reception"},
    "resubmit": {"applicant", "reception"},
    "withdraw": {"reception"},
    "return": {"applicant"},
    "accept": {"applicant"},
    "propose": {"commission"},
    "send_back": {"reception"},
    "approve": {"applicant", "reception"},
    "refuse": {"applicant", "reception"},
}

OPENS, CLOSES = date(2026, 3, 2), date(2026, 3, 31)
MOMENT = ApplicationMoment(
    now=datetime(2026, 3, 10, 9, tzinfo=SHANGHAI),
    opens_at=start_of_day(OPENS),
    closes_at=end_of_day(CLOSES),
    correct_by=None,
    all_items_judged=True,
    proposed_by=7,
    person=8,
    submitted_by=frozenset({5, 6}),
)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(("state", "action"), list(product(S, ACTIONS)))
def test_application(state: ApplicationState, action: str) -> None:
    target = STEPS.get((state, action))
    if target is None:
        with pytest.raises(ActionNotPossible):
            APPLICATION.require(action, state, MOMENT)
    else:
        assert APPLICATION.require(action, state, MOMENT).target is target


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_and_who_is_told(action: str) -> None:
    steps = [step for step in APPLICATION.transitions if step.action == action]
    for step in steps:
        assert {role for role in Role if step.may in POLICY[role]} == WHO[action]
        assert set(step.notifies) == TOLD[action]


def test_what_ends_an_application_can_not_be_undone() -> None:
    ended = {S.APPROVED, S.REFUSED, S.WITHDRAWN}
    left = {source for step in APPLICATION.transitions for source in step.sources}
    assert set(S) - left == ended
    assert WITH_APPLICANT | WITH_RECEPTION | {S.UNDER_DECISION} | ended == set(S)


def test_words_are_asked_where_somebody_must_answer_for_a_step() -> None:
    asked = {t.action for t in APPLICATION.transitions if t.reason is Reason.REQUIRED}
    assert asked == {"withdraw", "return", "propose", "send_back", "refuse"}
    overridden = {t.action for t in APPLICATION.transitions if t.reason is Reason.ON_OVERRIDE}
    assert overridden == {"approve"}


def test_what_the_applicant_is_not_told_of_is_internal() -> None:
    silent = {t.action for t in APPLICATION.transitions if "applicant" not in t.notifies}
    assert silent - {"withdraw"} == INTERNAL


@pytest.mark.parametrize(
    ("now", "in_time"),
    [
        (at(2026, 3, 1, 23, 59, 59), False),
        (at(2026, 3, 2, 0, 0, 0), True),
        (at(2026, 3, 31, 23, 59, 59), True),
        (at(2026, 3, 31, 23, 59, 59, 999_999), True),
        (at(2026, 4, 1, 0, 0, 0), False),
    ],
)
def test_the_closing_day_is_in_time_to_its_last_moment(now: datetime, in_time: bool) -> None:
    facts = replace(MOMENT, now=now)
    if in_time:
        assert APPLICATION.require("submit", S.DRAFT, facts).target is S.SUBMITTED
    else:
        with pytest.raises(GuardFailed) as stopped:
            APPLICATION.require("submit", S.DRAFT, facts)
        assert stopped.value.guard == "call_is_open"


def test_the_zone_of_the_server_does_not_matter() -> None:
    last = at(2026, 3, 31, 23, 59, 59).astimezone(tz=None)
    assert APPLICATION.guards["call_is_open"](replace(MOMENT, now=last))
    assert not APPLICATION.guards["call_is_open"](replace(MOMENT, now=last + timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("now", "in_time"),
    [
        (at(2026, 4, 10, 0, 0, 0), True),
        (at(2026, 4, 10, 23, 59, 59), True),
        (at(2026, 4, 11, 0, 0, 0), False),
    ],
)
def test_a_correction_is_in_time_to_the_last_moment_of_its_day(
    now: datetime, in_time: bool
) -> None:
    """Also after the call has closed: the correction has a time of its own."""
    facts = replace(MOMENT, now=now, correct_by=end_of_day(date(2026, 4, 10)))
    assert APPLICATION.guards["correction_in_time"](facts) is in_time


def test_a_correction_without_a_last_day_is_always_in_time() -> None:
    late = replace(MOMENT, now=at(2027, 1, 1))
    assert APPLICATION.require("resubmit", S.RETURNED, late)


def test_acceptance_waits_for_every_judgement() -> None:
    with pytest.raises(GuardFailed, match="all_items_judged"):
        APPLICATION.require("accept", S.SUBMITTED, replace(MOMENT, all_items_judged=False))


@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_who_proposed_does_not_decide(action: str) -> None:
    with pytest.raises(GuardFailed, match="decided_by_another"):
        APPLICATION.require(action, S.UNDER_DECISION, replace(MOMENT, person=7))
    assert APPLICATION.require("send_back", S.UNDER_DECISION, replace(MOMENT, person=7))


OF_THE_AUTHORITIES = sorted(
    (state, action) for state, action in STEPS if WHO[action] is not INSTITUTION
)


@pytest.mark.parametrize(("state", "action"), OF_THE_AUTHORITIES)
def test_nobody_checks_or_decides_what_they_submitted(state: ApplicationState, action: str) -> None:
    with pytest.raises(GuardFailed, match="not_own_application"):
        APPLICATION.require(action, state, replace(MOMENT, person=6))
