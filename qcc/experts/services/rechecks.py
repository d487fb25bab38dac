"""Holding panels against the rules again when something that they rest on has changed."""

from typing import Any

from qcc.experts.models import Panel
from qcc.experts.queries import list_live_panels, list_panels_with
from qcc.experts.services.facts import roster_findings
from qcc.experts.services.telling import tell_center
from qcc.experts.workflow import PanelState
from qcc.infra import clock
from qcc.infra.db import db


def blocking(findings: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """What stands against a panel, by what it is about; numbers may change without news."""
    return {
        (each["rule"], each["variant"], each["subject"])
        for each in findings
        if each["force"] != "advisory"
    }


def recheck(panel: Panel) -> None:
    """Hold the panel against the rules as things stand now, and keep what was found; the center is
    told of what newly broke, unless it is only drafting and sees it on the page."""
    before = blocking(panel.findings)
    panel.findings = [finding.as_dict() for finding in roster_findings(panel)]
    panel.checked_at = clock.now()
    if panel.state is not PanelState.DRAFT and blocking(panel.findings) - before:
        tell_center(panel, "panel.broken")
    db.session.flush()


def recheck_panels_of(center_id: int) -> None:
    """After a center's host changed: that alone can break the share."""
    for panel in list_live_panels(center_id):
        recheck(panel)


def recheck_panels_with(expert_id: int) -> None:
    """After an expert's particulars or employer changed."""
    for panel in list_panels_with(expert_id):
        recheck(panel)
