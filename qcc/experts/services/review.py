"""Review and approval by the commission (M.12(6)), and the dissolution of a panel (M.28)."""

from qcc.centers.queries import lock_center
from qcc.experts.models import Panel
from qcc.experts.permissions import is_deciding, is_of_center
from qcc.experts.queries import get_panel_center_id, list_live_panels, lock_panel
from qcc.experts.services.facts import panel_findings
from qcc.experts.services.filing import send_filings
from qcc.experts.services.nomination import panel_moment
from qcc.experts.services.papers import ask_for_papers
from qcc.experts.services.rechecks import recheck_panels_of, recheck_panels_with
from qcc.experts.services.telling import tell_center, tell_commission
from qcc.experts.workflow import IN_PREPARATION, PANEL
from qcc.infra import clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound
from qcc.infra.transitions import take, take_by_clock
from qcc.kernel.permissions import Actor

__all__ = [
    "approve_panel",
    "decidable_panel",
    "dissolve_all",
    "dissolve_panel",
    "present",
    "recheck_panels_of",
    "recheck_panels_with",
    "return_panel",
]


def present(actor: Actor, panel_id: int, version: int) -> Panel:
    """With all consents there, the panel goes to the commission."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    findings = panel_findings(panel)
    take(
        PANEL,
        panel,
        "present",
        actor,
        facts=panel_moment(panel),
        version=version,
        findings=[finding for finding in findings if finding.blocks],
    )
    tell_commission(panel, "panel.present")
    return panel


def decidable_panel(actor: Actor, panel_id: int) -> Panel:
    """The panel of a center of the actor's own level, locked together with its center, so that the
    host stays what it is until the decision stands."""
    lock_center(get_panel_center_id(actor, panel_id))
    panel = lock_panel(actor, panel_id)
    if not is_deciding(actor, panel):
        raise NotFound
    return panel


def return_panel(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The commission gives the panel back to the center."""
    panel = decidable_panel(actor, panel_id)
    take(PANEL, panel, "return", actor, facts=panel_moment(panel), version=version, reason=reason)
    panel.rulebook_version = ""  # judged anew by the edition of the term's first day
    tell_center(panel, "panel.return", reason=reason)
    return panel


def approve_panel(actor: Actor, panel_id: int, version: int, justification: str = "") -> Panel:
    """The commission approves: the rules are checked in this transaction, the filings go out and
    the papers are asked for. A broken principle needs *justification*, which is printed."""
    panel = decidable_panel(actor, panel_id)
    require_version(panel, version)
    findings, moment = panel_findings(panel), panel_moment(panel)
    PANEL.find("approve", panel.state)
    panel.approved_at, panel.approved_by = clock.now(), actor.person_id
    panel.justification = justification.strip()
    take(
        PANEL,
        panel,
        "approve",
        actor,
        facts=moment,
        findings=findings,
        reason=justification,
    )
    panel.findings = [finding.as_dict() for finding in findings]
    panel.checked_at = clock.now()
    send_filings(panel)
    ask_for_papers(panel)
    tell_center(panel, "panel.approve")
    db.session.flush()
    return panel


def dissolve_all(actor: Actor, center_id: int, reason: str) -> None:
    """No panel of the center is left: those that serve are dissolved, and what the old host has in
    preparation lapses with it (M.28). The caller holds the center."""
    for panel in list_live_panels(center_id):
        if panel.state in IN_PREPARATION:
            take_by_clock(PANEL, panel, "lapse", detail={"reason": reason})
        else:
            dissolve_panel(actor, panel.id, panel.version, reason)


def dissolve_panel(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The commission dissolves the panel (M.28)."""
    panel = decidable_panel(actor, panel_id)
    take(PANEL, panel, "dissolve", actor, facts=panel_moment(panel), version=version, reason=reason)
    tell_center(panel, "panel.dissolve", reason=reason)
    return panel
