"""Whole rosters: from Excel, and from the last panel (换届)."""

from collections.abc import Collection
from datetime import date

from qcc.experts.models import Panel, PanelMember
from qcc.experts.queries import last_panel
from qcc.experts.roster.parsing import Roster
from qcc.experts.roster.rows import RosterRow
from qcc.experts.services.people import register_expert
from qcc.experts.services.rosters import (
    MOST_MEMBERS,
    drop_empty_groups,
    editable_panel,
    group_named,
    start_panel,
    take_off,
    touch,
)
from qcc.infra import audit, files
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization, Sex
from qcc.organizations.queries import find_organization_by_name


def start_reelection(actor: Actor, term_start: date, chosen: Collection[int]) -> Panel:
    """Begin the next panel from the roster of the last one: its members whose ids are *chosen*,
    with groups and roles."""
    old = last_panel(actor.center_id) if actor.center_id else None
    panel = start_panel(actor, term_start)
    if old is None:
        return panel
    for member in old.present_members:
        if member.id in chosen:
            panel.members.append(
                PanelMember(
                    expert=member.expert,
                    role=member.role,
                    group=group_named(panel, member.group.name if member.group else ""),
                    leads_group=member.leads_group,
                )
            )
    touch(panel)
    detail = {"from": old.id, "members": len(panel.present_members)}
    audit.record(actor, "panel.reelection_started", "panel", panel.id, detail)
    return panel


def keep_upload(actor: Actor, panel_id: int, data: bytes, filename: str) -> StoredFile:
    """Keep an uploaded roster, sealed: it names identity numbers."""
    panel = editable_panel(actor, panel_id)
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id, sealed=True)
    detail = {"name": stored.name, "sha256": stored.sha256}
    audit.record(actor, "panel.roster_uploaded", "panel", panel.id, detail)
    return stored


def employers_of(roster: Roster) -> dict[str, Organization | None]:
    """By each employer's name in the roster the organization of that present or former name."""
    names = dict.fromkeys(row.employer for row in roster.rows)
    return {name: find_organization_by_name(name) for name in names}


def unknown_employers(roster: Roster) -> dict[int, str]:
    """Rows whose employer is not registered under a present or former name."""
    known = employers_of(roster)
    return {row.number: row.employer for row in roster.rows if known[row.employer] is None}


def load_roster(actor: Actor, panel_id: int, version: int, roster: Roster) -> Panel:
    """Put a read roster in place of the panel's: all or nothing, experts registered on the way.
    Who stays keeps the consents given; who goes and was asked stays on record."""
    panel = editable_panel(actor, panel_id, version)
    if len(roster.rows) > MOST_MEMBERS:
        raise Refused(_l("The roster is longer than any panel. Remove members first."), "file")
    employers = employers_of(roster)
    unknown = [name for name, found in employers.items() if found is None]
    if unknown:
        names = "、".join(unknown)
        raise Refused(_l("These employers are not registered: %(names)s", names=names), "file")
    members = {member.expert_id: member for member in panel.present_members}
    seen: set[int] = set()
    for row in roster.rows:
        expert = register_expert(actor, _particulars(row, employers))
        if expert.id in seen:
            raise Refused(_l("%(name)s stands on the roster twice.", name=row.name), "file")
        seen.add(expert.id)
        member = members.get(expert.id)
        if member is None:
            member = PanelMember(expert=expert)
            panel.members.append(member)
        member.role, member.group = row.role, group_named(panel, row.group)
        member.leads_group = row.leads_group
    for expert_id, member in members.items():
        if expert_id not in seen:
            take_off(panel, member)
    drop_empty_groups(panel)
    db.session.flush()
    touch(panel)
    audit.record(actor, "panel.roster_loaded", "panel", panel.id, {"members": len(roster.rows)})
    return panel


def _particulars(row: RosterRow, employers: dict[str, Organization | None]) -> dict[str, object]:
    return {
        "name": row.name,
        "sex": Sex[row.sex.name],
        "birth_date": row.birth_date,
        "identity": row.identity,
        "employer": employers[row.employer],
        "post": row.post,
        "title": row.title,
        "specialty": row.specialty,
        "practised_since": row.practised_since,
        "standing_text": row.standing_text,
        "health_text": row.health_text,
    }
