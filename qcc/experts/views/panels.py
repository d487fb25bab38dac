"""Panels: the list, one panel with its live composition, its roster's edits."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.experts.composition import composition, judge_expert, what_if
from qcc.experts.forms import (
    AddMemberForm,
    ApprovePanelForm,
    MemberForm,
    ReasonForm,
    RosterTermForm,
    ServiceForm,
    TermForm,
)
from qcc.experts.labels import action_words
from qcc.experts.models import ConsentKind, Panel
from qcc.experts.permissions import is_deciding, is_of_center
from qcc.experts.queries import (
    ExpertFilter,
    get_expert,
    get_panel,
    last_panel,
    list_experts,
    list_panels,
)
from qcc.experts.rules import MemberFacts, PanelRole
from qcc.experts.services import rosters
from qcc.experts.services.facts import (
    expert_facts,
    panel_rulebook,
    stored_panel_facts,
)
from qcc.experts.services.nomination import panel_findings, panel_moment, roster_findings
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.workflow import PANEL, PanelState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key, once
from qcc.infra.papers import list_papers_of
from qcc.infra.templating import PAGE
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Finding
from qcc.organizations.queries import names_of_places


@bp.get("/panels")
@requires(P.PANEL_VIEW)
def panels() -> Answer:
    """The panels that the reader may see."""
    actor = current_actor()
    state = request.args.get("state", "")
    wanted = PanelState(state) if state in set(PanelState) else None
    after = request.args.get("after", 0, type=int)
    rows = list_panels(actor, state=wanted, after=after, limit=PAGE + 1)
    own = last_panel(actor.center_id) if actor.center_id else None
    return render_template(
        "experts/panels.html",
        rows=rows[:PAGE],
        next_after=rows[PAGE - 1].id if len(rows) > PAGE else None,
        after=after,
        states=list(PanelState),
        state=wanted,
        may_start=actor.may(P.PANEL_EDIT),
        last=own,
        form=TermForm(formdata=None),
        key=new_key(),
    )


@bp.post("/panels/start")
@requires(P.PANEL_EDIT)
def start() -> Answer:
    """Begin the next panel: empty, or from the roster of the last one (换届)."""
    actor, form = current_actor(), TermForm()
    if not form.validate_on_submit():
        flash(_("Give the first day of the term."), "error")
        return redirect(url_for("experts.panels"))
    begin = rosters.start_reelection if request.form.get("from") == "last" else rosters.start_panel
    try:
        panel_id = once(
            actor,
            request.form.get("key", "") or new_key(),
            lambda: begin(actor, form.term_start.data).id,
        )
        return redirect(url_for("experts.panel", panel_id=panel_id))
    except Refused as refusal:
        flash(str(refusal.message), "error")
    return redirect(url_for("experts.panels"))


def _concerns_members(finding: Finding) -> bool:
    """Whether the finding stands beside a member, not above the roster."""
    return bool(finding.observed.get("member") or finding.observed.get("members"))


def panel_page(panel: Panel, **more: Any) -> dict[str, Any]:
    """What the page of one panel shows."""
    actor = current_actor()
    book, facts = panel_rulebook(panel), stored_panel_facts(panel, clock.today())
    # While consents are collected the cells show which are missing; they are findings later.
    under_review = panel.state is PanelState.UNDER_REVIEW
    findings = panel_findings(panel) if under_review else roster_findings(panel)
    by_member: dict[str, list[Any]] = {}
    for finding in findings:
        several = finding.observed.get("members") or ()
        for key in {str(finding.observed.get("member", "")), *map(str, several)} - {""}:
            by_member.setdefault(key, []).append(finding)
    members = panel.present_members
    return {
        "panel": panel,
        "members": members,
        "numbers": composition(facts, book),
        "findings": [f for f in findings if not _concerns_members(f)],
        "in_rows": sum(1 for f in findings if _concerns_members(f)),
        "by_member": by_member,
        "is_center": is_of_center(actor, panel),
        "is_deciding": is_deciding(actor, panel),
        "is_editable": is_of_center(actor, panel) and panel.state is PanelState.DRAFT,
        "actions": {t.action for t in PANEL.possible(panel.state, actor.permissions)},
        "moment": panel_moment(panel),
        "consents": {m.id: {c.kind: c for c in m.consents} for m in members},
        "kinds": list(ConsentKind),
        "steps": history(PANEL, panel.id),
        "words": action_words,
        "papers": list_papers_of("panel", panel.id),
        "roles": list(PanelRole),
        "needs_justification": any(f.needs_justification for f in findings),
        "blocked": any(f.blocks for f in findings),
        "member_form": AddMemberForm(formdata=None),
        "term_form": RosterTermForm(formdata=None, obj=panel),
        "reason_form": ReasonForm(formdata=None),
        "approve_form": ApprovePanelForm(formdata=None),
        "places": names_of_places(code for code, _count in composition(facts, book).cities),
        "now": clock.now(),
        **more,
    }


@bp.get("/panels/<int:panel_id>")
@requires(P.PANEL_VIEW)
def panel(panel_id: int) -> Answer:
    """One panel: the roster with what the rules say of each, its composition, its life."""
    page = panel_page(get_panel(current_actor(), panel_id))
    return render_template("experts/panel.html", **page)


def edited(panel_id: int, act: Callable[[], Any]) -> Answer:
    """Do one edit of the roster. The second of two editors sees the roster as it is now and, at
    the top, what they wanted; nothing typed is lost."""
    try:
        with transaction():
            act()
    except StaleEdit:
        page = panel_page(get_panel(current_actor(), panel_id), conflict=_typed(), status=409)
        return render_template("experts/panel.html", **page), 409
    except Refused as refusal:
        page = panel_page(
            get_panel(current_actor(), panel_id), refusal=refusal.message, typed=request.form
        )
        return render_template("experts/panel.html", **page), 422
    if request.headers.get("HX-Request"):
        return panel(panel_id)
    return redirect(url_for("experts.panel", panel_id=panel_id))


def _typed() -> list[tuple[str, str]]:
    """What the editor sent, but for what is not theirs."""
    hidden = {"csrf_token", "version", "key"}
    return [(name, value) for name, value in request.form.items() if name not in hidden]


@bp.post("/panels/<int:panel_id>/term")
@requires(P.PANEL_EDIT)
def set_term(panel_id: int) -> Answer:
    """Set the first day of the term."""
    form = RosterTermForm()
    if not form.validate_on_submit():
        page = panel_page(get_panel(current_actor(), panel_id), term_form=form)
        return render_template("experts/panel.html", **page), 422
    actor = current_actor()
    return edited(
        panel_id,
        lambda: rosters.set_term(actor, panel_id, form.version.data, form.term_start.data),
    )


@bp.post("/panels/<int:panel_id>/members")
@requires(P.PANEL_EDIT)
def add_member(panel_id: int) -> Answer:
    """Put an expert on the roster."""
    actor, form = current_actor(), AddMemberForm()
    if not form.validate_on_submit():
        page = panel_page(get_panel(actor, panel_id), member_form=form)
        return render_template("experts/panel.html", **page), 422
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
    )


@bp.post("/panels/<int:panel_id>/members/<int:member_id>")
@requires(P.PANEL_EDIT)
def edit_member(panel_id: int, member_id: int) -> Answer:
    """Change a member's role and group."""
    actor, form = current_actor(), MemberForm()
    if not form.validate_on_submit():
        raise NotFound
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
    return edited(
        panel_id,
        lambda: rosters.note_service(
            actor, panel_id, member_id, form.invited.data, form.attended.data, form.reviews.data
        ),
    )


@bp.get("/panels/<int:panel_id>/candidates")
@requires(P.PANEL_EDIT)
def candidates(panel_id: int) -> Answer:
    """Experts to add, each with what the addition would do."""
    actor = current_actor()
    found = get_panel(actor, panel_id)
    if not is_of_center(actor, found):
        raise NotFound
    text = request.args.get("q", "").strip()[:60].replace("\x00", "")
    rows = list_experts(actor, ExpertFilter(search=text), limit=10) if text else []
    book, facts = panel_rulebook(found), stored_panel_facts(found, clock.today())
    present = {member.expert_id for member in found.present_members}
    shown = []
    for row in rows:
        expert = get_expert(actor, row.code)
        change = what_if(facts, book, add=[MemberFacts("new", expert_facts(expert))])
        shown.append(
            (row, row.id in present, change, judge_expert(expert_facts(expert), facts, book))
        )
    return render_template("experts/_candidates.html", panel=found, shown=shown, text=text,
                           member_form=AddMemberForm(formdata=None))  # fmt: skip


@bp.get("/panels/<int:panel_id>/without/<int:member_id>")
@requires(P.PANEL_EDIT)
def without(panel_id: int, member_id: int) -> Answer:
    """What the removal of a member would do."""
    actor = current_actor()
    found = get_panel(actor, panel_id)
    if not is_of_center(actor, found):
        raise NotFound
    change = what_if(
        stored_panel_facts(found, clock.today()), panel_rulebook(found), remove={str(member_id)}
    )
    return render_template("experts/_what_if.html", change=change)
