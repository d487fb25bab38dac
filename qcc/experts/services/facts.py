"""A stored panel as the rules see it."""

from datetime import date

from qcc.centers.queries import current_hosting
from qcc.experts.models import ConsentKind, Expert, Panel, PanelMember
from qcc.experts.rules import (
    Consent,
    ExpertFacts,
    MemberFacts,
    PanelFacts,
    Seat,
    Standing,
)
from qcc.kernel.rules import Rulebook
from qcc.regulations.rulebooks import get_rulebook, rulebook_for


def panel_rulebook(panel: Panel) -> Rulebook:
    """The edition a panel is judged by: that of its nomination, before that the one in force on
    the first day of the term."""
    if panel.rulebook_version:
        return get_rulebook(panel.rulebook_version.partition("@")[0])
    return rulebook_for(panel.center.place, panel.term_start)


def expert_facts(expert: Expert) -> ExpertFacts:
    """An expert as the rules see them."""
    person, employer = expert.person, expert.person.employer
    return ExpertFacts(
        name=person.name,
        birth_date=person.birth_date,
        employer=employer.name if employer else "",
        title=person.title,
        rank=expert.rank,
        practised_since=expert.practised_since,
        standing=frozenset(Standing(word) for word in expert.standing),
        is_healthy=expert.is_healthy,
        identity=expert.identity_hash or "",
        employer_id=person.employer_id,
        place=employer.place if employer else "",
    )


def _answer(member: PanelMember, kind: ConsentKind) -> Consent:
    return next((c.state for c in member.consents if c.kind is kind), Consent.MISSING)


def member_facts(member: PanelMember) -> MemberFacts:
    """A member as the rules see them, named by the member's id."""
    seats = (Seat(member.group.name, member.leads_group),) if member.group else ()
    authority = next(
        (c.organization.name for c in member.consents if c.kind is ConsentKind.AUTHORITY), ""
    )
    return MemberFacts(
        key=str(member.id),
        expert=expert_facts(member.expert),
        role=member.role,
        seats=seats,
        consent_employer=_answer(member, ConsentKind.EMPLOYER),
        consent_authority=_answer(member, ConsentKind.AUTHORITY),
        authority=authority,
        joins=member.joins,
    )


def stored_panel_facts(panel: Panel, on: date | None = None) -> PanelFacts:
    """A panel as the rules see it, with the center's present host."""
    hosting = current_hosting(panel.center_id)
    host = hosting.institution if hosting else None
    return PanelFacts(
        term_start=panel.term_start,
        members=tuple(member_facts(member) for member in panel.present_members),
        host_id=host.id if host else None,
        host_names=(host.name, *(f.name for f in host.former_names)) if host else (),
        term_end=panel.term_end,
        group_names=tuple(group.name for group in panel.groups),
        place=panel.center.place,
        on=on,
    )
