"""The engine that reads transition tables."""

from enum import StrEnum

import pytest

from qcc.kernel.permissions import Permission
from qcc.kernel.workflow import (
    ActionNotPossible,
    GuardFailed,
    Transition,
    Workflow,
    WorkflowError,
)


class Paper(StrEnum):
    """States of a sheet of paper."""

    DRAFT = "draft"
    SENT = "sent"
    LOST = "lost"


SEND = Transition(
    "send", (Paper.DRAFT,), Paper.SENT, Permission.APPLICATION_EDIT, guards=("stamped",)
)
LOSE = Transition("lose", (Paper.DRAFT, Paper.SENT), Paper.LOST, Permission.APPLICATION_CHECK)
POST = Workflow("paper", Paper, Paper.DRAFT, [SEND, LOSE], {"stamped": bool})


def test_an_action_is_found_in_its_states_only() -> None:
    assert POST.find("send", Paper.DRAFT) is SEND
    with pytest.raises(ActionNotPossible) as refused:
        POST.find("send", Paper.LOST)
    assert (refused.value.action, refused.value.state) == ("send", Paper.LOST)


def test_what_is_possible_depends_on_state_and_permission() -> None:
    both = [Permission.APPLICATION_EDIT, Permission.APPLICATION_CHECK]
    assert POST.possible(Paper.DRAFT, both) == [SEND, LOSE]
    assert POST.possible(Paper.DRAFT, both[:1]) == [SEND]
    assert POST.possible(Paper.LOST, both) == []


def test_a_guard_stops_and_is_named() -> None:
    assert POST.require("send", Paper.DRAFT, True) is SEND
    with pytest.raises(GuardFailed) as stopped:
        POST.require("send", Paper.DRAFT, False)
    assert stopped.value.guard == POST.failed_guard(SEND, False) == "stamped"
    assert isinstance(stopped.value, WorkflowError)


def test_a_table_with_an_unknown_guard_is_refused() -> None:
    with pytest.raises(ValueError, match="send names unknown guard stamped"):
        Workflow("paper", Paper, Paper.DRAFT, [SEND, LOSE])


def test_a_table_with_an_ambiguous_action_is_refused() -> None:
    with pytest.raises(ValueError, match="lose from draft twice"):
        Workflow("paper", Paper, Paper.DRAFT, [SEND, LOSE, LOSE], {"stamped": bool})


def test_a_state_that_nothing_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="no way leads to lost"):
        Workflow("paper", Paper, Paper.DRAFT, [SEND], {"stamped": bool})
