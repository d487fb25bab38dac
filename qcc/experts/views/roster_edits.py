"""Edits of a roster, one at a time, and what an edit would do. The second of two editors sees both
versions and loses nothing typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.experts.composition import judge_expert, what_if
from qcc.experts.forms import AddMemberForm, MemberForm, RosterTermForm, ServiceForm
from qcc.experts.models import Panel, PanelMember
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import ExpertFilter, get_expert, get_panel, list_experts
from qcc.experts.rules import MemberFacts, PanelRole
from qcc.experts.services import rosters
from qcc.experts.services.facts import expert_facts, panel_rulebook, stored_panel_facts
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import show_panel
from qcc.experts.workflow import PanelState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import Difference, confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that came too late: what it was about, both versions, and the form that applies it
    to the roster as it is now."""

    about: str
    differences: Sequence[Difference]
    values: Sequence[tuple[str, str]]
    version: int
    action: str


def edited(
    panel_id: int,
    act: Callable[[], Any],
    form: VersionedForm | None = None,
    conflict: Callable[[Panel, VersionedForm], tuple[str, Sequence[Difference]]] | None = None,
) -> Answer:
    """Do one edit of the roster."""
    try:
        with transaction():
            act()
    except StaleEdit:
        panel = get_panel(current_actor(), panel_id)
        found = _conflict(panel, form, conflict) if form is not None and conflict else None
        return show_panel(panel, 409, conflict=found, is_stale=True)
    except Refused as refusal:
        panel = get_panel(current_actor(), panel_id)
        return show_panel(panel, 422, refusal=refusal.message)
    if request.headers.get("HX-Request"):
        return show_panel(get_panel(current_actor(), panel_id))
    return redirect(url_for("experts.panel", panel_id=panel_id))


def _conflict(
    panel: Panel,
    form: VersionedForm,
    conflict: Callable[[Panel, VersionedForm], tuple[str, Sequence[Difference]]],
) -> Conflict:
    about, differences = conflict(panel, form)
    values = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "version"}
    ]
    return Conflict(about, differences, values, form.version.data or 0, request.path)


def _member(panel: Panel, member_id: int) -> PanelMember | None:
    return next((m for m in panel.present_members if m.id == member_id), None)


@bp.post("/panels/<int:panel_id>/term")
@requires(P.PANEL_EDIT)
def set_term(panel_id: int) -> Answer:
    """Set the first day of the term."""
    actor, form = current_actor(), RosterTermForm()
    if not form.validate_on_submit():
        return show_panel(get_panel(actor, panel_id), 422, term_form=form)
    return edited(
        panel_id,
        lambda: rosters.set_term(actor, panel_id, form.version.data, form.term_start.data),
        form,
        lambda panel, typed: (
            str(_("Term")),
            confront(typed, panel.version, {"term_start": panel.term_start}),
        ),
    )


@bp.post("/panels/<int:panel_id>/members")
@requires(P.PANEL_EDIT)
def add_member(panel_id: int) -> Answer:
    """Put an expert on the roster."""
    actor, form = current_actor(), AddMemberForm()
    if not form.validate_on_submit():
        return show_panel(
            get_panel(actor, panel_id), 422, refusal=_("Choose an expert and a role.")
        )
    expert = get_expert(actor, form.expert.data)

    def both(panel: Panel, typed: VersionedForm) -> tuple[str, Sequence[Difference]]:
        there = next((m for m in panel.present_members if m.expert_id == expert.id), None)
        return _beside(panel, typed, there, expert.person.name)

    return edited(
        panel_id,
        lambda: rosters.add_member(
            actor,
            panel_id,
            form.version.data,
            get_expert(actor, form.expert.data),
            PanelRole(form.role.data),
            form.group.data or "",
            form.leads_group.data,
        ),
        form,
        both,
    )


def _beside(
    panel: Panel, typed: VersionedForm, member: PanelMember | None, name: str
) -> tuple[str, Sequence[Difference]]:
    """What stands on the roster of a person now, beside what was typed."""
    if member is None:
        gone = _("%(name)s is not on the roster.", name=name)
        return gone, confront(typed, panel.version, {"role": "", "group": "", "leads_group": False})
    theirs = {
        "role": member.role.value,
        "group": member.group.name if member.group else "",
        "leads_group": member.leads_group,
    }
    return member.expert.person.name, confront(typed, panel.version, theirs)


@bp.post("/panels/<int:panel_id>/members/<int:member_id>")
@requires(P.PANEL_EDIT)
def edit_member(panel_id: int, member_id: int) -> Answer:
    """Change a member's role and group."""
    actor, form = current_actor(), MemberForm()
    if not form.validate_on_submit():
        refusal = _("Choose a role; a group's name has at most 60 characters.")
        return show_panel(get_panel(actor, panel_id), 422, refusal=refusal)
    return edited(
        panel_id,
        lambda: rosters.edit_member(
            actor,
            panel_id,
            form.version.data,
            member_id,
            PanelRole(form.role.data),
            form.group.data or "",
            form.leads_group.data,
        ),
        form,
        lambda panel, typed: _beside(panel, typed, _member(panel, member_id), _("This expert")),
    )


@bp.post("/panels/<int:panel_id>/members/<int:member_id>/remove")
@requires(P.PANEL_EDIT)
def remove_member(panel_id: int, member_id: int) -> Answer:
    """Take a member off the roster."""
    actor = current_actor()
    version = request.form.get("version", 0, type=int)
    return edited(panel_id, lambda: rosters.remove_member(actor, panel_id, version, member_id))


@bp.post("/panels/<int:panel_id>/members/<int:member_id>/service")
@requires(P.PANEL_EDIT)
def note_service(panel_id: int, member_id: int) -> Answer:
    """Note what a member did in the term."""
    actor, form = current_actor(), ServiceForm()
    if not form.validate_on_submit():
        flash(_("Give whole numbers from 0 to 999."), "error")
        return redirect(url_for("experts.panel", panel_id=panel_id))

    def both(panel: Panel, typed: VersionedForm) -> tuple[str, Sequence[Difference]]:
        member = _member(panel, member_id)
        if member is None:
            return str(_("This expert")), ()
        theirs = {name: getattr(member, name) for name in ("invited", "attended", "reviews")}
        return member.expert.person.name, confront(typed, member.version, theirs)

    numbers = (form.invited.data, form.attended.data, form.reviews.data)
    return edited(
        panel_id,
        lambda: rosters.note_service(actor, panel_id, member_id, form.version.data, *numbers),
        form,
        both,
    )


def _own_draft(panel_id: int) -> Panel:
    panel = get_panel(current_actor(), panel_id)
    if not is_of_center(current_actor(), panel) or panel.state is not PanelState.DRAFT:
        raise NotFound
    return panel


@bp.get("/panels/<int:panel_id>/candidates")
@requires(P.PANEL_EDIT)
def candidates(panel_id: int) -> Answer:
    """Experts to add, each with what the addition would do."""
    actor, found = current_actor(), _own_draft(panel_id)
    text = request.args.get("q", "").strip()[:60]
    rows = list_experts(actor, ExpertFilter(search=text), limit=10) if text else []
    book, facts = panel_rulebook(found), stored_panel_facts(found, clock.today())
    present = {member.expert_id for member in found.present_members}
    shown = []
    for row in rows:
        asked = expert_facts(get_expert(actor, row.code))
        change = what_if(facts, book, add=[MemberFacts("new", asked)])
        shown.append((row, row.id in present, change, judge_expert(asked, facts, book)))
    return render_template(
        "experts/_candidates.html",
        panel=found,
        shown=shown,
        text=text,
        member_form=AddMemberForm(formdata=None),
    )


@bp.get("/panels/<int:panel_id>/without/<int:member_id>")
@requires(P.PANEL_EDIT)
def without(panel_id: int, member_id: int) -> Answer:
    """What the removal of a member would do."""
    found = _own_draft(panel_id)
    change = what_if(
        stored_panel_facts(found, clock.today()), panel_rulebook(found), remove={str(member_id)}
    )
    return render_template("experts/_what_if.html", change=change)
