"""Rules about each expert of a panel (Measures, art. 12(6) and 13).

They are judged on the first day of the term, or on the day on which a replacement joins.
"""

from collections.abc import Iterator
from typing import Any

from qcc.experts.rules.facts import Consent, MemberFacts, PanelFacts
from qcc.experts.rules.panel import last_day
from qcc.experts.rules.reminders import too_old_from
from qcc.kernel.dates import add_years, full_years
from qcc.kernel.rules import Finding, Limit, Rulebook, rule

EXPERT_RULES = (
    "expert.age",
    "expert.age_within_term",
    "expert.title",
    "expert.experience",
    "expert.standing",
    "expert.health",
)
"""What is asked of each expert, before anybody was asked for consent."""


def _finding(
    limit: Limit,
    member: MemberFacts,
    observed: dict[str, Any] | None = None,
    allowed: dict[str, Any] | None = None,
    variant: str = "",
) -> Finding:
    """A finding about one member; it names the entry, so that an edge can point at it."""
    about = {"member": member.key, **(observed or {})}
    return Finding(limit, about, allowed or {}, member.expert.name, variant)


@rule("expert.age", "", "inclusive", "unknown")
def experts_are_not_too_old(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert is under the limit of age on the day the term starts; on the very birthday a
    person has that age (Measures, art. 13)."""
    limit = book["expert.age"]
    for member in panel.members:
        born, on = member.expert.birth_date, panel.starts(member)
        allowed = {"years": limit.number}
        if born is None:
            yield _finding(limit, member, {}, allowed, "unknown")
        elif too_old_from(limit, born) <= on:
            observed = {"age": full_years(born, on), "on": on.isoformat()}
            variant = "inclusive" if limit.inclusive else ""
            yield _finding(limit, member, observed, allowed, variant)


@rule("expert.age_within_term")
def experts_stay_young_enough(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert does not reach the limit of age before the term is over (Measures, art. 13); who
    will may serve, and it is said in time."""
    limit, end = book["expert.age_within_term"], last_day(panel, book)
    for member in panel.members:
        if member.expert.birth_date is None or end is None:
            continue
        birthday = too_old_from(limit, member.expert.birth_date)
        if panel.starts(member) < birthday <= end:
            observed = {"birthday": birthday.isoformat(), "end": end.isoformat()}
            years = limit.number + (1 if limit.inclusive else 0)
            yield _finding(limit, member, observed, {"years": years})


@rule("expert.title", "", "unknown")
def experts_have_the_rank(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert has a title of one of the ranks that are named: associate senior or above
    (Measures, art. 13)."""
    limit = book["expert.title"]
    for member in panel.members:
        expert = member.expert
        if expert.rank not in limit.choices:
            observed = {"title": expert.title, "rank": expert.rank}
            variant = "" if expert.rank else "unknown"
            yield _finding(limit, member, observed, {"ranks": list(limit.choices)}, variant)


@rule("expert.experience", "", "unknown")
def experts_have_practised_long_enough(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert has practised the specialty for the years that are set; on the anniversary they
    are full (Measures, art. 13)."""
    limit = book["expert.experience"]
    for member in panel.members:
        since, on = member.expert.practised_since, panel.starts(member)
        if since is None:
            yield _finding(limit, member, {}, {"least": limit.number}, "unknown")
            continue
        full = add_years(since, limit.number)
        if not (full <= on if limit.inclusive else full < on):
            observed = {
                "since": since.isoformat(),
                "years": max(0, full_years(since, on)),
                "on": on.isoformat(),
            }
            yield _finding(
                limit, member, observed, {"least": limit.number, "full": full.isoformat()}
            )


@rule("expert.standing")
def experts_have_standing(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert is head of the specialty in the own unit, or of regional prestige
    (Measures, art. 13)."""
    limit = book["expert.standing"]
    for member in panel.members:
        if member.expert.standing.isdisjoint(limit.choices):
            yield _finding(limit, member)


@rule("expert.health")
def experts_are_healthy(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """An expert is declared to be in good health (Measures, art. 13)."""
    limit = book["expert.health"]
    for member in panel.members:
        if not member.expert.is_healthy:
            yield _finding(limit, member)


@rule("expert.consent_employer", "missing", "refused")
def employers_consent(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """Each expert's employer has consented (Measures, art. 12(6))."""
    limit = book["expert.consent_employer"]
    for member in panel.members:
        if member.consent_employer is not Consent.GIVEN:
            observed = {"employer": member.expert.employer}
            yield _finding(limit, member, observed, {}, member.consent_employer.value)


@rule("expert.consent_authority", "missing", "refused")
def authorities_consent(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """The health authority of each expert's employer's place has consented
    (Measures, art. 12(6))."""
    limit = book["expert.consent_authority"]
    for member in panel.members:
        if member.consent_authority is not Consent.GIVEN:
            observed = {"authority": member.authority}
            yield _finding(limit, member, observed, {}, member.consent_authority.value)
