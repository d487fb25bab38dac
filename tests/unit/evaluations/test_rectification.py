"""Every state × every action of a rectification order, its conditions, and its ladder."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qcc.evaluations.rules.rectification import LADDER, Rung, is_due, told_of_overdue
from qcc.evaluations.workflow import RECTIFICATION, RectificationMoment, RectificationState
from qcc.kernel.workflow import ActionNotPossible, GuardFailed

S = RectificationState
EXPECTED = {
    ("plan", S.ISSUED): S.UNDERWAY,
    ("hand_in", S.UNDERWAY): S.HANDED_IN,
    ("close", S.HANDED_IN): S.CLOSED,
    ("extend", S.HANDED_IN): S.UNDERWAY,
    ("postpone", S.ISSUED): S.ISSUED,
    ("postpone", S.UNDERWAY): S.UNDERWAY,
    **{(a, s): S.WITHDRAWN for a in ("withdraw", "lapse") for s in (S.ISSUED, S.UNDERWAY)},
    ("withdraw", S.HANDED_IN): S.WITHDRAWN,
    ("lapse", S.HANDED_IN): S.WITHDRAWN,
}
DUE = date(2026, 6, 30)
SOUND = RectificationMoment(DUE, DUE, person=1, involved=frozenset({2}))


def test_every_state_and_action() -> None:
    for action in {t.action for t in RECTIFICATION.transitions}:
        for state in S:
            target = EXPECTED.get((action, state))
            if target is None:
                with pytest.raises(ActionNotPossible):
                    RECTIFICATION.find(action, state)
            else:
                assert RECTIFICATION.find(action, state).target is target


@pytest.mark.parametrize(
    ("action", "state", "more", "guard"),
    [
        ("plan", S.ISSUED, {"unplanned": 1}, "everything_is_planned"),
        ("hand_in", S.UNDERWAY, {"unproven": 1}, "everything_is_proven"),
        ("close", S.HANDED_IN, {"person": 2}, "verified_by_uninvolved"),
        ("close", S.HANDED_IN, {"is_of_host": True}, "verifier_is_not_of_host"),
        ("close", S.HANDED_IN, {"ineffective": 1}, "nothing_is_ineffective"),
        ("extend", S.HANDED_IN, {"later": DUE}, "extended_to_a_later_day"),
        ("postpone", S.ISSUED, {"later": None}, "extended_to_a_later_day"),
    ],
)
def test_conditions(action: str, state: S, more: dict[str, object], guard: str) -> None:
    later = {"later": DUE + timedelta(days=1)}
    RECTIFICATION.require(action, state, replace(SOUND, **later))  # type: ignore[arg-type]
    with pytest.raises(GuardFailed, match=guard):
        RECTIFICATION.require(action, state, replace(SOUND, **(later | more)))  # type: ignore[arg-type]


def test_the_ladder() -> None:
    def told(delay: int, step: int | None = 7) -> tuple[Rung, ...]:
        return told_of_overdue(DUE, DUE + timedelta(days=delay), step, lambda _day: True)

    assert {delay: told(delay) for delay in range(40) if told(delay)} == {
        1: (LADDER[0],),
        7: (LADDER[1],),
        14: (LADDER[2],),
    }
    assert [delay for delay in range(40) if told(delay, None)] == [1]
    before = [days for days in range(10) if is_due(DUE, DUE - timedelta(days=days), lambda _: True)]
    assert before == [0, 3, 7]
