"""Review and approval by the commission, and the filing that follows (M.12(6), M.28)."""

from datetime import date
from typing import Any

from qcc.centers.queries import current_hosting
from qcc.experts.models import Filing, FilingReceiver, Panel
from qcc.experts.permissions import is_deciding, is_of_center
from qcc.experts.queries import (
    find_upper_center,
    get_filing,
    list_panels_with,
    list_prepared_panels,
    list_serving_panels,
    lock_any_panel,
    lock_panel,
)
from qcc.experts.services.nomination import (
    Answer,
    panel_findings,
    panel_moment,
    roster_findings,
    tell_center,
)
from qcc.experts.workflow import PANEL
from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify
from qcc.infra.papers import Paper
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import Level, level_of
from qcc.organizations.queries import find_commission, find_reception


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
    commission = find_commission(panel.center.place)
    if commission is not None:
        notify(
            commission.id,
            Role.COMMISSION_OFFICER,
            "panel.present",
            {"center": panel.center.name},
            f"/panels/{panel.id}",
        )
    return panel


def _decidable(actor: Actor, panel_id: int) -> Panel:
    panel = lock_panel(actor, panel_id)
    if not is_deciding(actor, panel):
        raise NotFound
    return panel


def return_panel(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The commission gives the panel back to the center."""
    panel = _decidable(actor, panel_id)
    take(PANEL, panel, "return", actor, facts=panel_moment(panel), version=version, reason=reason)
    tell_center(panel, "panel.return", reason=reason)
    return panel


def approve_panel(actor: Actor, panel_id: int, version: int, justification: str = "") -> Panel:
    """The commission approves: the rules are checked in this transaction, the filings go out and
    the papers are asked for. A broken principle needs *justification*, which is printed."""
    panel = _decidable(actor, panel_id)
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
    _send_filings(panel)
    _ask_for_papers(panel)
    tell_center(panel, "panel.approve")
    db.session.flush()
    return panel


def _send_filings(panel: Panel) -> None:
    """To the upper-level center, for a provincial panel the national one; and then to the
    evaluation center."""
    provincial = level_of(panel.center.place) is Level.PROVINCE
    upper = find_upper_center(panel.center)
    if provincial:
        _send(panel, FilingReceiver.NATIONAL_CENTER)
        reception = find_reception(panel.center.place)
        if reception is not None:
            _send(panel, FilingReceiver.EVALUATION_CENTER, organization_id=reception.id)
            notify(
                reception.id,
                Role.EVALUATION_OFFICER,
                "filing.sent",
                {"center": panel.center.name},
                "/filings",
            )
    else:
        _send(panel, FilingReceiver.UPPER_CENTER, center_id=upper.id if upper else None)
        hosting = current_hosting(upper.id) if upper else None
        if upper is not None and hosting is not None:
            for role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY):
                notify(
                    hosting.institution_id,
                    role,
                    "filing.sent",
                    {"center": panel.center.name},
                    "/filings",
                    upper.id,
                )


def _send(
    panel: Panel,
    receiver: FilingReceiver,
    center_id: int | None = None,
    organization_id: int | None = None,
) -> None:
    panel.filings.append(
        Filing(
            receiver=receiver,
            center_id=center_id,
            organization_id=organization_id,
            sent_at=clock.now(),
        )
    )


def receive_filing(actor: Actor, filing_id: int, version: int, number: str) -> Panel:
    """The upper-level center or the evaluation center notes that it has the filing."""
    filing = get_filing(actor, filing_id)
    panel = lock_any_panel(filing.panel_id)
    require_version(filing, version)
    _note_receipt(actor, panel, filing, number)
    return panel


def record_filing(
    actor: Actor, panel_id: int, filing_id: int, version: int, answer: Answer
) -> Panel:
    """The secretary records a receipt from outside the system: the national center's, or that of
    an upper-level center that does not exist here. The scan is its proof."""
    panel = lock_panel(actor, panel_id)
    filing = next((f for f in panel.filings if f.id == filing_id), None)
    if filing is None or not is_of_center(actor, panel):
        raise NotFound
    if filing.center_id is not None or filing.organization_id is not None:
        raise Refused(_l("The receiver notes this filing itself."))
    if not answer.data:
        raise Refused(_l("Attach the scan of the receipt."), "file")
    require_version(filing, version)
    filing.file = files.accept_upload(
        answer.data, answer.filename, actor.organization_id, actor.user_id
    )
    _note_receipt(actor, panel, filing, answer.number)
    return panel


def _note_receipt(actor: Actor, panel: Panel, filing: Filing, number: str) -> None:
    if filing.received_at is not None:
        raise Refused(_l("This filing was received already."))
    filing.received_at, filing.received_by = clock.now(), actor.person_id
    filing.number = number.strip()
    db.session.flush()
    audit.record(
        actor,
        "filing.received",
        "panel",
        panel.id,
        {"filing": filing.id, "receiver": filing.receiver.value, "number": filing.number},
    )
    moment = panel_moment(panel)
    if moment.filings_are_complete and panel.state.value == "approved":
        take(PANEL, panel, "file", actor, facts=moment)
        tell_center(panel, "panel.file")


def dissolve_panel(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The commission dissolves the panel (M.28)."""
    panel = _decidable(actor, panel_id)
    take(PANEL, panel, "dissolve", actor, facts=panel_moment(panel), version=version, reason=reason)
    tell_center(panel, "panel.dissolve", reason=reason)
    return panel


def recheck_panels_of(center_id: int) -> None:
    """Hold a center's panels against the rules after its host changed: that alone can break the
    share. What was found is kept, and the center is told of what broke."""
    for panel in [*list_serving_panels(center_id), *list_prepared_panels(center_id)]:
        recheck(panel)


def recheck_panels_with(expert_id: int) -> None:
    """The same for the panels of an expert whose particulars or employer changed."""
    for panel in list_panels_with(expert_id):
        recheck(panel)


def recheck(panel: Panel) -> None:
    """Hold the panel against the rules as things stand now, and keep what was found."""
    before = {(f["rule"], f["subject"]) for f in panel.findings if f["force"] != "advisory"}
    panel.findings = [finding.as_dict() for finding in roster_findings(panel)]
    panel.checked_at = clock.now()
    now = {(f["rule"], f["subject"]) for f in panel.findings if f["force"] != "advisory"}
    if now - before:
        tell_center(panel, "panel.broken")
    db.session.flush()


def _ask_for_papers(panel: Panel) -> None:
    hosting = current_hosting(panel.center_id)
    if hosting is None:
        return
    content = _content(panel, clock.today())
    for kind, title in _TITLES.items():
        _ask(panel, hosting.institution_id, "panel", panel.id, kind, title, content)
    for member, said in zip(panel.present_members, content["members"], strict=True):
        title = f"专家聘书（{member.expert.person.name}）"
        alone = {**content, "members": [said]}
        owner = hosting.institution_id
        _ask(panel, owner, "panel_member", member.id, "appointment_letter", title, alone)


def _ask(
    panel: Panel,
    owner_id: int,
    subject: str,
    subject_id: int,
    kind: str,
    title: str,
    content: dict[str, Any],
) -> None:
    db.session.add(
        Paper(
            kind=kind,
            subject_type=subject,
            subject_id=subject_id,
            owner_id=owner_id,
            name=f"{panel.center.name}{title}.pdf",
            content=content,
            rulebook_version=panel.rulebook_version,
            asked_at=clock.now(),
        )
    )


_TITLES = {
    "panel_roster": "专家组名单",
    "appointment_letters": "专家聘书",
    "filing_letter": "专家组备案函",
}


def _content(panel: Panel, on: date) -> dict[str, Any]:
    """What the papers of a panel say, fixed when it was approved."""
    commission = find_commission(panel.center.place)
    return {
        "verification": new_code(),
        "center": panel.center.name,
        "commission": commission.name if commission else "",
        "term_number": panel.term_number,
        "term_start": panel.term_start.isoformat(),
        "term_end": panel.term_end.isoformat(),
        "approved_on": on.isoformat(),
        "justification": panel.justification,
        "findings": panel.findings,
        "receivers": [
            filing.center.name if filing.center else filing.receiver.value
            for filing in panel.filings
        ],
        "members": [
            {
                "code": member.expert.code,
                "name": member.expert.person.name,
                "sex": member.expert.person.sex.value if member.expert.person.sex else "",
                "employer": member.expert.person.employer.name
                if member.expert.person.employer
                else "",
                "post": member.expert.person.post,
                "title": member.expert.person.title,
                "specialty": member.expert.specialty,
                "role": member.role.value,
                "group": member.group.name if member.group else "",
                "leads": member.leads_group,
            }
            for member in panel.present_members
        ],
    }
