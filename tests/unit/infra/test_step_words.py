"""Timelines have words for every step that a workflow knows."""

import pytest

import qcc.centers.labels
import qcc.experts.labels
import qcc.meetings.labels  # noqa: F401
from qcc.centers.workflow import CENTER, CHANGE
from qcc.experts.workflow import MEMBER_CHANGE, PANEL
from qcc.infra.templating import STEPS
from qcc.kernel.workflow import Workflow
from qcc.meetings.workflow import ACTION, MEETING


@pytest.mark.parametrize("workflow", [CENTER, CHANGE, PANEL, MEMBER_CHANGE, MEETING, ACTION])
def test_every_step_has_its_words(workflow: Workflow) -> None:
    wordless = [t.action for t in workflow.transitions if (workflow.name, t.action) not in STEPS]
    assert not wordless
