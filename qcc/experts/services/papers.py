"""The papers of a panel: asked for in the transaction of the approval, made by the job."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from qcc.centers.queries import current_hosting
from qcc.experts.models import MemberChange, Panel, PanelMember
from qcc.experts.permissions import is_of_center, panel_is_visible_to
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper, list_papers_of
from qcc.infra.scans import scope_papers
from qcc.kernel.permissions import Actor
from qcc.organizations.queries import find_commission

TITLES = {
    "panel_roster": "专家组名单",
    "appointment_letters": "专家聘书",
    "filing_letter": "专家组备案函",
}
LETTER = "appointment_letter"
CHANGE_LETTER = "change_letter"


_PANEL_OF = {
    "panel": sa.select(Panel).join(Panel.center),
    "panel_member": sa.select(Panel).join(Panel.center).join(Panel.members),
}


def _panel_of(subject: str, subject_id: int) -> sa.Select[Panel]:
    key = Panel.id if subject == "panel" else PanelMember.id
    return _PANEL_OF[subject].where(key == subject_id)


def _scope(subject: str) -> None:
    """Who sees the panel reads its papers; its center, which signs them, adds the scans."""

    def may_read(actor: Actor, subject_id: int) -> bool:
        seen = _panel_of(subject, subject_id).where(panel_is_visible_to(actor))
        return db.session.scalars(seen).first() is not None

    def may_seal(actor: Actor, paper: Paper) -> bool:
        panel = db.session.scalars(_panel_of(subject, paper.subject_id)).first()
        return panel is not None and is_of_center(actor, panel)

    scope_papers(subject, may_read, may_seal)


for _subject in _PANEL_OF:
    _scope(_subject)


def ask_for_papers(panel: Panel) -> None:
    """Roster, filing letter, letters of appointment as one batch and for each expert."""
    content = _content(panel)
    for kind, title in TITLES.items():
        _ask(panel, "panel", panel.id, kind, title, content)
    for member in panel.present_members:
        ask_for_letter(panel, member, content)


def ask_for_letter(
    panel: Panel, member: PanelMember, content: Mapping[str, Any] | None = None
) -> None:
    """The letter of appointment of one member."""
    content = {**(content or _content(panel)), "members": [_said_of(member)]}
    title = f"专家聘书（{member.expert.person.name}）"
    _ask(panel, "panel_member", member.id, LETTER, title, content)


def ask_for_roster(panel: Panel) -> None:
    """The roster anew, after a member was replaced."""
    _ask(panel, "panel", panel.id, "panel_roster", TITLES["panel_roster"], _content(panel))


def ask_for_change_letter(
    change: MemberChange, successor: PanelMember, findings: list[Any], justification: str
) -> None:
    """The letter with which a replacement is filed; it prints what was overridden for it."""
    panel = change.panel
    content = {
        **_content(panel, change),
        "findings": findings,
        "justification": justification.strip(),
        "what": change.what,
        "leaves": _said_of(change.member),
        "follows": _said_of(successor),
    }
    _ask(panel, "panel", panel.id, CHANGE_LETTER, "专家组成员变更备案函", content)


def _ask(
    panel: Panel, subject: str, subject_id: int, kind: str, title: str, content: Mapping[str, Any]
) -> None:
    hosting = current_hosting(panel.center_id)
    if hosting is None:
        return
    earlier = [paper.round for paper in list_papers_of(subject, subject_id) if paper.kind == kind]
    db.session.add(
        Paper(
            kind=kind,
            subject_type=subject,
            subject_id=subject_id,
            round=max(earlier, default=0) + 1,
            owner_id=hosting.institution_id,
            name=f"{panel.center.name}{title}.pdf",
            title=title.partition("（")[0],
            issuer=panel.center.name,
            dated_on=clock.today(),
            content=dict(content),
            rulebook_version=panel.rulebook_version,
            asked_at=clock.now(),
        )
    )


def _content(panel: Panel, change: MemberChange | None = None) -> dict[str, Any]:
    """What the papers say, fixed when they are asked for."""
    commission = find_commission(panel.center.place)
    return {
        "center": panel.center.name,
        "commission": commission.name if commission else "",
        "term_number": panel.term_number,
        "term_start": panel.term_start.isoformat(),
        "term_end": panel.term_end.isoformat(),
        "approved_on": clock.today().isoformat(),
        "justification": panel.justification,
        "findings": panel.findings,
        "receivers": [
            filing.center.name if filing.center else filing.receiver.value
            for filing in panel.filings_of(change)
        ],
        "members": [_said_of(member) for member in panel.present_members],
    }


def _said_of(member: PanelMember) -> dict[str, Any]:
    person = member.expert.person
    return {
        "code": member.expert.code,
        "name": person.name,
        "sex": person.sex.value if person.sex else "",
        "employer": person.employer.name if person.employer else "",
        "post": person.post,
        "title": person.title,
        "specialty": member.expert.specialty,
        "role": member.role.value,
        "group": member.group.name if member.group else "",
        "leads": member.leads_group,
        "joins": member.joins.isoformat() if member.joins else "",
    }
