"""The roster of a panel that is being prepared: terms, groups, members, rosters from Excel."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from qcc.centers.queries import get_center
from qcc.experts.models import Expert, Panel, PanelGroup, PanelMember
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import get_member, last_panel, lock_panel
from qcc.experts.roster.parsing import Roster
from qcc.experts.rules import PanelRole, end_of_term
from qcc.experts.services.people import register_expert
from qcc.experts.workflow import PanelState
from qcc.infra import audit, clock
from qcc.infra.db import StaleEdit, db, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.kernel.rules import Rulebook
from qcc.organizations.models import Sex
from qcc.organizations.queries import find_organization_by_name
from qcc.regulations.rulebooks import rulebook_for

MOST_MEMBERS = 200


def term_end_of(start: date, book: Rulebook) -> date:
    """The last day of a term that starts on a day, by the rulebook's years."""
    return end_of_term(start, book["panel.term"].number)


def start_panel(actor: Actor, term_start: date) -> Panel:
    """Begin preparing the next panel of the actor's center, with an empty roster."""
    if actor.center_id is None:
        raise NotFound
    center = get_center(actor, actor.center_id)
    before = last_panel(center.id)
    panel = Panel(
        center=center,
        term_number=before.term_number + 1 if before else 1,
        state=PanelState.DRAFT,
        term_start=term_start,
        term_end=term_end_of(term_start, rulebook_for(center.place, term_start)),
        findings=[],
        created_at=clock.now(),
    )
    db.session.add(panel)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_panels_in_preparation"):
            raise
        raise Refused(_l("A panel of this center is being prepared already.")) from None
    audit.record(actor, "panel.started", "panel", panel.id, {"term_start": term_start})
    return panel


def start_reelection(actor: Actor, term_start: date) -> Panel:
    """Begin the next panel from the roster of the last one (换届), with groups and roles."""
    if actor.center_id is None:
        raise NotFound
    old = last_panel(actor.center_id)
    panel = start_panel(actor, term_start)
    if old is None:
        return panel
    groups = {group.id: _group(panel, group.name) for group in old.groups}
    for member in old.present_members:
        panel.members.append(
            PanelMember(
                expert_id=member.expert_id,
                role=member.role,
                group=groups.get(member.group_id) if member.group_id else None,
                leads_group=member.leads_group,
            )
        )
    db.session.flush()
    audit.record(actor, "panel.reelection_started", "panel", panel.id, {"from": old.id})
    return panel


def editable_panel(actor: Actor, panel_id: int, version: int | None = None) -> Panel:
    """The panel of the actor's own center, locked, while its roster may be changed.

    *version* is that of the roster the editor saw; raises StaleEdit if it has changed since.
    """
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    if panel.state is not PanelState.DRAFT:
        raise Refused(_l("The roster was nominated: recall it before you change it."))
    if version is not None and panel.version != version:
        raise StaleEdit(panel)
    return panel


def _touch(panel: Panel) -> None:
    """A change of members is a change of the roster: its version goes up."""
    panel.edits += 1
    db.session.flush()


def _group(panel: Panel, name: str) -> PanelGroup:
    for group in panel.groups:
        if group.name == name:
            return group
    group = PanelGroup(name=name)
    panel.groups.append(group)
    return group


def set_term(actor: Actor, panel_id: int, version: int, term_start: date) -> Panel:
    """Set the first day of the term; the last one follows."""
    panel = editable_panel(actor, panel_id, version)
    panel.term_start = term_start
    panel.term_end = term_end_of(term_start, rulebook_for(panel.center.place, term_start))
    _touch(panel)
    audit.record(actor, "panel.term_set", "panel", panel.id, {"term_start": term_start})
    return panel


def add_member(
    actor: Actor,
    panel_id: int,
    version: int,
    expert: Expert,
    role: PanelRole = PanelRole.MEMBER,
    group: str = "",
    leads_group: bool = False,
) -> Panel:
    """Put an expert on the roster."""
    panel = editable_panel(actor, panel_id, version)
    if len(panel.present_members) >= MOST_MEMBERS:
        raise Refused(_l("The roster is longer than any panel. Remove members first."))
    if any(member.expert_id == expert.id for member in panel.present_members):
        raise Refused(_l("The expert is on the roster already."), "expert")
    panel.members.append(
        PanelMember(
            expert=expert,
            role=role,
            group=_group(panel, group) if group else None,
            leads_group=bool(group) and leads_group,
        )
    )
    _touch(panel)
    audit.record(actor, "panel.member_added", "panel", panel.id, {"expert": expert.id})
    return panel


def edit_member(
    actor: Actor,
    panel_id: int,
    version: int,
    member_id: int,
    role: PanelRole,
    group: str = "",
    leads_group: bool = False,
) -> Panel:
    """Change a member's role and group."""
    panel = editable_panel(actor, panel_id, version)
    member = get_member(panel, member_id)
    before = {"role": member.role.value, "group": member.group.name if member.group else ""}
    member.role = role
    member.group = _group(panel, group) if group else None
    member.leads_group = bool(group) and leads_group
    _drop_empty_groups(panel)
    _touch(panel)
    audit.record(
        actor,
        "panel.member_edited",
        "panel",
        panel.id,
        {"member": member.id, "before": before, "after": {"role": role.value, "group": group}},
    )
    return panel


def remove_member(actor: Actor, panel_id: int, version: int, member_id: int) -> Panel:
    """Take a member off a roster that is being prepared."""
    panel = editable_panel(actor, panel_id, version)
    member = get_member(panel, member_id)
    panel.members.remove(member)
    _drop_empty_groups(panel)
    _touch(panel)
    audit.record(actor, "panel.member_removed", "panel", panel.id, {"expert": member.expert_id})
    return panel


def _drop_empty_groups(panel: Panel) -> None:
    used = {member.group for member in panel.present_members}
    for group in [group for group in panel.groups if group not in used]:
        panel.groups.remove(group)


def note_service(
    actor: Actor, panel_id: int, member_id: int, invited: int, attended: int, reviews: int
) -> Panel:
    """Note how often a member was invited, attended and reviewed, for the re-election."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    if not 0 <= attended <= invited or reviews < 0:
        raise Refused(_l("Attended meetings are at most those invited to."), "attended")
    member = get_member(panel, member_id)
    member.invited, member.attended, member.reviews = invited, attended, reviews
    db.session.flush()
    audit.record(
        actor,
        "panel.service_noted",
        "panel",
        panel.id,
        {"member": member.id, "invited": invited, "attended": attended, "reviews": reviews},
    )
    return panel


def unknown_employers(roster: Roster) -> dict[int, str]:
    """Rows whose employer is not registered under a present or former name."""
    return {
        row.number: row.employer
        for row in roster.rows
        if find_organization_by_name(row.employer) is None
    }


def load_roster(actor: Actor, panel_id: int, version: int, roster: Roster) -> Panel:
    """Put a read roster in place of the panel's: all or nothing, experts registered on the way."""
    panel = editable_panel(actor, panel_id, version)
    unknown = unknown_employers(roster)
    if unknown:
        names = "、".join(dict.fromkeys(unknown.values()))
        raise Refused(_l("These employers are not registered: %(names)s", names=names), "file")
    panel.members.clear()
    panel.groups.clear()
    db.session.flush()
    seen: set[int] = set()
    for row in roster.rows:
        expert = register_expert(
            actor,
            {
                "name": row.name,
                "sex": Sex[row.sex.name],
                "birth_date": row.birth_date,
                "identity": row.identity,
                "employer": find_organization_by_name(row.employer),
                "post": row.post,
                "title": row.title,
                "specialty": row.specialty,
                "practised_since": row.practised_since,
                "standing_text": row.standing_text,
                "health_text": row.health_text,
            },
        )
        if expert.id in seen:
            raise Refused(_l("%(name)s stands on the roster twice.", name=row.name), "file")
        seen.add(expert.id)
        panel.members.append(
            PanelMember(
                expert=expert,
                role=row.role,
                group=_group(panel, row.group) if row.group else None,
                leads_group=row.leads_group,
            )
        )
    _touch(panel)
    audit.record(actor, "panel.roster_loaded", "panel", panel.id, {"members": len(roster.rows)})
    return panel
