"""The roster of a panel that is being prepared: terms, groups, members."""

from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from qcc.centers.queries import current_hosting, get_center
from qcc.experts.models import Expert, Panel, PanelGroup, PanelMember
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import get_member, last_panel, lock_panel
from qcc.experts.rules import PanelRole, end_of_term
from qcc.experts.services.rechecks import recheck
from qcc.experts.workflow import SERVING, PanelState
from qcc.infra import audit, clock
from qcc.infra.db import SQLITE_COLUMNS, StaleEdit, db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.kernel.rules import Rulebook
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

MOST_MEMBERS = 200
MOST_AHEAD = timedelta(days=731)
_IN_PREPARATION = "uq_panels_in_preparation"
_TERM_NUMBER = "uq_panels_center_id_term_number"
SQLITE_COLUMNS[_TERM_NUMBER] = "panels.center_id, panels.term_number"


def term_end_of(start: date, book: Rulebook) -> date:
    """The last day of a term that starts on a day, by the rulebook's years."""
    return end_of_term(start, book["panel.term"].number)


def judged_by(place: str, term_start: date) -> Rulebook:
    """The edition of the term's first day, which lies within two years; raises Refused."""
    today = clock.today()
    if not today - MOST_AHEAD <= term_start <= today + MOST_AHEAD:
        raise Refused(_l("The first day of the term lies within two years of today."), "term_start")
    try:
        return rulebook_for(place, term_start)
    except NoRulebookInForce:
        raise Refused(_l("No regulation was in force on that day."), "term_start") from None


def start_panel(actor: Actor, term_start: date) -> Panel:
    """Begin preparing the next panel of the actor's center, with an empty roster."""
    if actor.center_id is None:
        raise NotFound
    center = get_center(actor, actor.center_id)
    if current_hosting(center.id) is None:
        raise Refused(_l("The center has no host."))
    before = last_panel(center.id)
    panel = Panel(
        center=center,
        term_number=before.term_number + 1 if before else 1,
        state=PanelState.DRAFT,
        term_start=term_start,
        term_end=term_end_of(term_start, judged_by(center.place, term_start)),
        findings=[],
        created_at=clock.now(),
    )
    db.session.add(panel)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not (violates(error, _IN_PREPARATION) or violates(error, _TERM_NUMBER)):
            raise
        raise Refused(_l("A panel of this center is being prepared already.")) from None
    audit.record(actor, "panel.started", "panel", panel.id, {"term_start": term_start})
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
    if version is not None:
        require_version(panel, version)
    return panel


def touch(panel: Panel) -> None:
    """A change of members is a change of the roster: its version goes up, and the rules are held
    against it at once."""
    panel.edits += 1
    db.session.flush()
    recheck(panel)


def group_named(panel: Panel, name: str) -> PanelGroup | None:
    """The panel's group of that name, set up now if it is new; None for no name."""
    if not name:
        return None
    for group in panel.groups:
        if group.name == name:
            return group
    group = PanelGroup(name=name)
    panel.groups.append(group)
    return group


def set_term(actor: Actor, panel_id: int, version: int, term_start: date) -> Panel:
    """Set the first day of the term; the last one follows."""
    panel = editable_panel(actor, panel_id, version)
    before = panel.term_start
    panel.term_end = term_end_of(term_start, judged_by(panel.center.place, term_start))
    panel.term_start = term_start
    touch(panel)
    detail = {"before": before, "term_start": term_start}
    audit.record(actor, "panel.term_set", "panel", panel.id, detail)
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
            group=group_named(panel, group),
            leads_group=bool(group) and leads_group,
        )
    )
    touch(panel)
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
    before = _seat(member)
    member.role = role
    member.group = group_named(panel, group)
    member.leads_group = bool(group) and leads_group
    drop_empty_groups(panel)
    touch(panel)
    detail = {"member": member.id, "before": before, "after": _seat(member)}
    audit.record(actor, "panel.member_edited", "panel", panel.id, detail)
    return panel


def _seat(member: PanelMember) -> dict[str, object]:
    group = member.group.name if member.group else ""
    return {"role": member.role.value, "group": group, "leads": member.leads_group}


def remove_member(actor: Actor, panel_id: int, version: int, member_id: int) -> Panel:
    """Take a member off a roster that is being prepared."""
    panel = editable_panel(actor, panel_id, version)
    member = get_member(panel, member_id)
    expert_id = member.expert_id
    take_off(panel, member)
    drop_empty_groups(panel)
    touch(panel)
    audit.record(actor, "panel.member_removed", "panel", panel.id, {"expert": expert_id})
    return panel


def take_off(panel: Panel, member: PanelMember) -> None:
    """Off the roster; who was already asked for a consent stays on record as removed."""
    if member.consents:
        member.removed_at = clock.now()
        member.removed_reason = "“中心”撤回提名"
    else:
        panel.members.remove(member)


def drop_empty_groups(panel: Panel) -> None:
    """Groups that nobody is in, nor was, go."""
    used = {member.group for member in panel.members}
    for group in [group for group in panel.groups if group not in used]:
        panel.groups.remove(group)


def note_service(
    actor: Actor,
    panel_id: int,
    member_id: int,
    version: int,
    invited: int,
    attended: int,
    reviews: int,
) -> Panel:
    """Note how often a member was invited, attended and reviewed, for the re-election; only while
    the panel serves. *version* is the member's."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    member = get_member(panel, member_id)
    if panel.state not in SERVING or panel.term_end < clock.today():
        raise Refused(_l("The panel does not serve: nothing is noted for it any more."))
    if member.version != version:
        raise StaleEdit(member)
    if not 0 <= attended <= invited or reviews < 0:
        raise Refused(_l("Attended meetings are at most those invited to."), "attended")
    before = {"invited": member.invited, "attended": member.attended, "reviews": member.reviews}
    member.invited, member.attended, member.reviews = invited, attended, reviews
    db.session.flush()
    after = {"invited": invited, "attended": attended, "reviews": reviews}
    detail = {"member": member.id, "before": before, "after": after}
    audit.record(actor, "panel.service_noted", "panel", panel.id, detail)
    return panel
