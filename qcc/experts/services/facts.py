"""A stored panel as the rules see it."""

from datetime import date
from functools import lru_cache

from qcc.centers.queries import current_hosting
from qcc.experts.models import ConsentKind, Expert, MemberConsent, Panel, PanelMember
from qcc.experts.rules import (
    PANEL_RULES,
    ROSTER_RULES,
    Consent,
    ExpertFacts,
    MemberFacts,
    PanelFacts,
    Seat,
    Standing,
)
from qcc.experts.titles import read_titles
from qcc.infra import clock
from qcc.kernel.rules import Finding, Rulebook, check
from qcc.regulations.rulebooks import get_rulebook, rulebook_for


def panel_rulebook(panel: Panel) -> Rulebook:
    """The edition a panel is judged by: that of its nomination, before that the one in force on
    the first day of the term."""
    if panel.rulebook_version:
        return get_rulebook(panel.rulebook_version.partition("@")[0])
    return rulebook_for(panel.center.place, panel.term_start)


@lru_cache(maxsize=4096)
def rank_of(title: str) -> str:
    """The highest rank among the titles as they stand, whoever wrote them; "" if none is known."""
    rank = read_titles(title).rank
    return rank.value if rank else ""


def expert_facts(expert: Expert) -> ExpertFacts:
    """An expert as the rules see them."""
    person, employer = expert.person, expert.person.employer
    return ExpertFacts(
        name=person.name,
        birth_date=person.birth_date,
        employer=employer.name if employer else "",
        title=person.title,
        rank=rank_of(person.title),
        practised_since=expert.practised_since,
        standing=frozenset(Standing(word) for word in expert.standing),
        is_healthy=expert.is_healthy,
        identity=expert.identity_hash or "",
        employer_id=person.employer_id,
        place=employer.place if employer else "",
    )


def consents_in_force(member: PanelMember) -> dict[ConsentKind, MemberConsent]:
    """The consents asked for the member's present employer; those of an earlier one say nothing
    about it."""
    employer_id = member.expert.person.employer_id
    return {c.kind: c for c in member.consents if c.employer_id == employer_id}


def consents_at_admission(member: PanelMember) -> dict[ConsentKind, MemberConsent]:
    """The consents on which the commission's approval rests; later changes of employment have
    their own way (M.12(7))."""
    return {c.kind: c for c in member.consents if c.state is Consent.GIVEN}


def member_facts(member: PanelMember, *, admitted: bool = False) -> MemberFacts:
    """A member as the rules see them, named by the member's id; *admitted*: on an approved panel,
    where the consents given then go on to hold."""
    seats = (Seat(member.group.name, member.leads_group),) if member.group else ()
    asked = consents_at_admission(member) if admitted else consents_in_force(member)
    employer, authority = asked.get(ConsentKind.EMPLOYER), asked.get(ConsentKind.AUTHORITY)
    return MemberFacts(
        key=str(member.id),
        expert=expert_facts(member.expert),
        role=member.role,
        seats=seats,
        consent_employer=employer.state if employer else Consent.MISSING,
        consent_authority=authority.state if authority else Consent.MISSING,
        authority=authority.organization.name if authority else "",
        joins=member.joins,
    )


def stored_panel_facts(
    panel: Panel, on: date | None = None, *, term_start: date | None = None
) -> PanelFacts:
    """A panel as the rules see it, with the center's present host; *term_start*: as if its term
    began then."""
    hosting = current_hosting(panel.center_id)
    host = hosting.institution if hosting else None
    return PanelFacts(
        term_start=term_start or panel.term_start,
        members=tuple(
            member_facts(member, admitted=panel.was_approved) for member in panel.present_members
        ),
        host_id=host.id if host else None,
        host_names=(host.name, *(f.name for f in host.former_names)) if host else (),
        term_end=None if term_start else panel.term_end,
        place=panel.center.place,
        on=on,
    )


def roster_findings(panel: Panel) -> list[Finding]:
    """What the rules say of the roster, before consents."""
    return check(ROSTER_RULES, stored_panel_facts(panel, clock.today()), panel_rulebook(panel))


def panel_findings(panel: Panel) -> list[Finding]:
    """What the rules say of the whole panel, consents included."""
    return check(PANEL_RULES, stored_panel_facts(panel, clock.today()), panel_rulebook(panel))


def has_all_consents(member: PanelMember) -> bool:
    """Whether employer and authority have consented, those of the present employment."""
    given = consents_in_force(member)
    return all(kind in given and given[kind].state is Consent.GIVEN for kind in ConsentKind)
