"""What the page of one panel shows, for all views that draw it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request

from qcc.experts.composition import composition
from qcc.experts.forms import AddMemberForm, ApprovePanelForm, RosterTermForm
from qcc.experts.models import ConsentKind, Panel
from qcc.experts.permissions import is_deciding, is_of_center, may_read_consents
from qcc.experts.queries import list_issued_letters, list_member_changes
from qcc.experts.rules import Consent, PanelRole
from qcc.experts.services.facts import (
    consents_at_admission,
    consents_in_force,
    panel_findings,
    panel_rulebook,
    roster_findings,
    stored_panel_facts,
)
from qcc.experts.services.filing import is_recorded_on_paper
from qcc.experts.services.nomination import panel_moment
from qcc.experts.workflow import PANEL, PanelState
from qcc.infra import clock
from qcc.infra.access import current_actor
from qcc.infra.idempotency import new_key
from qcc.infra.papers import list_papers_of
from qcc.infra.transitions import history
from qcc.kernel.rules import Finding
from qcc.organizations.queries import names_of_places


def _concerns_members(finding: Finding) -> bool:
    """Whether the finding stands beside a member, not above the roster."""
    return bool(finding.observed.get("member") or finding.observed.get("members"))


def findings_by_member(findings: list[Finding]) -> dict[str, list[Finding]]:
    """Findings that concern members, by the key of each."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        several = finding.observed.get("members") or ()
        for key in {str(finding.observed.get("member", "")), *map(str, several)} - {""}:
            found.setdefault(key, []).append(finding)
    return found


def _judged(panel: Panel) -> dict[str, Any]:
    """What the rules say: above the roster, and beside the members they concern. While consents
    are collected the cells show which are missing; they are findings later."""
    under_review = panel.state is PanelState.UNDER_REVIEW
    findings = panel_findings(panel) if under_review else roster_findings(panel)
    return {
        "findings": [f for f in findings if not _concerns_members(f)],
        "in_rows": sum(1 for f in findings if _concerns_members(f)),
        "by_member": findings_by_member(findings),
        "needs_justification": any(f.needs_justification for f in findings),
        "blocked": any(f.blocks for f in findings),
    }


def _rights(panel: Panel) -> dict[str, Any]:
    actor, today = current_actor(), clock.today()
    own = is_of_center(actor, panel)
    return {
        "is_center": own,
        "is_deciding": is_deciding(actor, panel),
        "is_editable": own and panel.state is PanelState.DRAFT,
        "may_note": own and panel.may_act(max(today, panel.term_start)),
        "reads_consents": may_read_consents(actor, panel),
        "actions": {t.action for t in PANEL.possible(panel.state, actor.permissions)},
    }


def panel_page(panel: Panel, **more: Any) -> dict[str, Any]:
    """What the page of one panel shows."""
    facts = stored_panel_facts(panel, clock.today())
    numbers = composition(facts, panel_rulebook(panel))
    members = panel.present_members
    asked = consents_at_admission if panel.was_approved else consents_in_force
    return {
        "panel": panel,
        "members": members,
        "numbers": numbers,
        **_judged(panel),
        **_rights(panel),
        "moment": panel_moment(panel),
        "consents": {m.id: asked(m) for m in members},
        "given": sum(c.state is Consent.GIVEN for m in members for c in asked(m).values()),
        "kinds": list(ConsentKind),
        "on_paper": {f.id for f in panel.filings if is_recorded_on_paper(f)},
        "changes": list_member_changes(current_actor(), panel.id),
        "letters": list_issued_letters(panel.id) if panel.was_approved else set(),
        "steps": history(PANEL, panel.id),
        "key": new_key(),
        "papers": list_papers_of("panel", panel.id),
        "roles": list(PanelRole),
        "group_names": sorted({group.name for group in panel.groups}),
        "member_form": AddMemberForm(formdata=None),
        "term_form": RosterTermForm(formdata=None, obj=panel),
        "approve_form": ApprovePanelForm(formdata=None),
        "places": names_of_places(code for code, _count in numbers.cities),
        "now": clock.now(),
        "today": clock.today(),
        "typed": {},
        **more,
    }


def show_panel(panel: Panel, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page; a request for a fragment gets the part that changes."""
    page = panel_page(panel, **more)
    part = request.headers.get("HX-Target") == "panel-body"
    return render_template("experts/_panel.html" if part else "experts/panel.html", **page), status


Act = Callable[[], Any]
Words = Mapping[str, Any]
