"""Rules about an application to host a center: form, report, conditions, designation.

Measures, articles 7 to 10. The conditions of article 7 are asked of the hosts of provincial
centers, as the article says; a call may set its own for the levels below.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from qcc.applications.sections import FORM_BY_KEY, EligibilityItem, asked_items, is_asked
from qcc.centers.rules import OFFICER_RULES, OfficersFacts
from qcc.kernel.dates import add_years
from qcc.kernel.rules import Finding, Limit, Rulebook, rule


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """What was said to a condition: declared by the applicant, with evidence or not; confirmed
    (True) or refused (False) by the evaluation center, or not yet looked at (None)."""

    declared: bool = False
    has_evidence: bool = False
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an application stands in its competition, among those that are still in it.

    *is_tied*: others have the same total, and the commission has not chosen among them.
    """

    is_closed: bool
    rank: int = 0
    total: str = ""
    is_first: bool = False
    is_tied: bool = False
    is_below_minimum: bool = False
    minimum: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as it is judged on a date.

    *form_missing*, *sections_missing*: keys of what is not filled in; *incidents*: legal dates of
    the institution's major quality-safety incidents, from the register; *rivals*: other active
    centers of the kind for the specialty in the jurisdiction; *standing*: in the competition, None
    where there is none.
    """

    on: date
    institution_id: int | None
    grade: str
    officers: OfficersFacts
    form_missing: tuple[str, ...] = ()
    sections_missing: tuple[str, ...] = ()
    eligibility: Mapping[EligibilityItem, EligibilityAnswer] = field(default_factory=dict)
    incidents: tuple[date, ...] = ()
    rivals: int = 0
    standing: Standing | None = None

    @property
    def staffing(self) -> OfficersFacts:
        return self.officers

    @property
    def active_rivals(self) -> int:
        return self.rivals

    def answer(self, item: EligibilityItem) -> EligibilityAnswer:
        """What was said to the condition; silence is no declaration."""
        return self.eligibility.get(item, EligibilityAnswer())


@dataclass(frozen=True, slots=True)
class DesignationFacts:
    """A direct designation: the grounds of Measures, art. 8, each with whether it is proven."""

    grounds: Mapping[str, bool]
    officers: OfficersFacts
    rivals: int = 0

    @property
    def staffing(self) -> OfficersFacts:
        return self.officers

    @property
    def active_rivals(self) -> int:
        return self.rivals


SUBMISSION_RULES = (
    "form.complete",
    "report.sections",
    *(item.rule_id for item in EligibilityItem),
    "center.unique",
    *OFFICER_RULES,
)
"""What must hold when an institution submits."""

ESTABLISHMENT_RULES = (
    *SUBMISSION_RULES,
    "hosting.confirmed",
    "competition.closed",
    "competition.minimum",
    "competition.best",
)
"""What must hold when the commission approves: the same, every condition confirmed, and the
competition won where there is one."""

DESIGNATION_RULES = ("designation.ground", "center.unique", *OFFICER_RULES)
"""What must hold when the commission designates a host without competition."""


@rule("form.complete")
def form_is_complete(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """Every cell of the application form is filled in (Measures, art. 9 and annex)."""
    for key in facts.form_missing:
        label = FORM_BY_KEY[key].full_label
        yield Finding(book["form.complete"], {"field": key, "label": label}, subject=label)


@rule("report.sections")
def report_has_all_sections(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The feasibility report says something to every point of the list (Measures, art. 9)."""
    limit = book["report.sections"]
    for key, words in limit.words.items():
        if key in facts.sections_missing:
            yield Finding(limit, {"section": key, "label": words}, subject=words)


def _undeclared(facts: ApplicationFacts, limit: Limit, item: EligibilityItem) -> Iterator[Finding]:
    """The condition is not declared, or declared without the evidence that it needs."""
    answer = facts.answer(item)
    if not answer.declared:
        yield Finding(limit, {"item": item.value}, subject=item.heading, variant="undeclared")
    elif item.needs_evidence and not answer.has_evidence:
        yield Finding(limit, {"item": item.value}, subject=item.heading, variant="no_evidence")


def _declared(facts: ApplicationFacts, book: Rulebook, item: EligibilityItem) -> Iterator[Finding]:
    limit = book[item.rule_id]
    if is_asked(limit, facts.officers.jurisdiction):
        yield from _undeclared(facts, limit, item)


def _has_grade(facts: ApplicationFacts, limit: Limit) -> bool:
    return facts.grade in limit.choices


@rule("hosting.grade", "undeclared", "no_evidence")
def host_has_the_grade_or_capability(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The host is a tertiary grade A hospital, or has corresponding technical and managerial
    capability, declared and proven (Measures, art. 7(1))."""
    limit, item = book["hosting.grade"], EligibilityItem.GRADE
    if not is_asked(limit, facts.officers.jurisdiction) or _has_grade(facts, limit):
        return
    for found in _undeclared(facts, limit, item):
        observed = {**found.observed, "grade": facts.grade}
        allowed = {"grades": list(limit.choices)}
        yield Finding(limit, observed, allowed, found.subject, found.variant)


@rule("hosting.specialty_strength", "undeclared", "no_evidence")
def host_is_strong_in_the_specialty(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The host declares and proves a strong specialty with evident advantage and influence
    (Measures, art. 7(2))."""
    yield from _declared(facts, book, EligibilityItem.SPECIALTY_STRENGTH)


@rule("hosting.quality_system", "undeclared", "no_evidence")
def host_has_a_quality_system(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The host declares and proves a sound quality system with good results
    (Measures, art. 7(3))."""
    yield from _declared(facts, book, EligibilityItem.QUALITY_SYSTEM)


@rule("hosting.no_major_incident", "undeclared", "recent")
def host_had_no_major_incident(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """No major quality-safety incident happened in the last years; the institution declares it
    and the register knows of none. On the anniversary that fills the years, an incident no
    longer counts (Measures, art. 7(3))."""
    limit, item = book["hosting.no_major_incident"], EligibilityItem.NO_MAJOR_INCIDENT
    if not is_asked(limit, facts.officers.jurisdiction):
        return
    yield from _undeclared(facts, limit, item)
    for happened in sorted(facts.incidents):
        filled = add_years(happened, limit.number)
        counts = facts.on <= filled if limit.inclusive else facts.on < filled
        if happened <= facts.on and counts:
            yield Finding(
                limit,
                {"item": item.value, "date": happened.isoformat(), "filled": filled.isoformat()},
                {"years": limit.number},
                subject=item.heading,
                variant="recent",
            )


@rule("hosting.resources", "undeclared", "no_evidence")
def host_has_resources(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The host declares and proves premises, equipment, funds and staff (Measures, art. 7(4))."""
    yield from _declared(facts, book, EligibilityItem.RESOURCES)


@rule("hosting.other", "undeclared")
def host_meets_other_conditions(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The host declares that it meets the commission's other conditions (Measures, art. 7(5))."""
    yield from _declared(facts, book, EligibilityItem.OTHER)


@rule("hosting.confirmed", "unconfirmed", "refused")
def conditions_are_confirmed(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The evaluation center has confirmed every condition; a grade that the register shows needs
    no confirmation. It binds as hard as the condition itself (Measures, art. 10)."""
    for item in asked_items(book, facts.officers.jurisdiction):
        confirmed, limit = facts.answer(item).confirmed, book[item.rule_id]
        known = item is EligibilityItem.GRADE and _has_grade(facts, limit)
        if confirmed or (known and confirmed is None):
            continue
        yield Finding(
            replace(book["hosting.confirmed"], force=limit.force),
            {"item": item.value, "article": limit.article},
            subject=item.heading,
            variant="refused" if confirmed is False else "unconfirmed",
        )


@rule("competition.closed")
def competition_is_over(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """Where the applications compete by a plan, the review is closed (Measures, art. 11)."""
    if facts.standing and not facts.standing.is_closed:
        yield Finding(book["competition.closed"])


@rule("competition.minimum")
def competitor_reaches_the_minimum(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The total reaches the minimum that the plan of the competition sets (Measures, art. 11)."""
    standing = facts.standing
    if standing and standing.is_closed and standing.is_below_minimum:
        yield Finding(
            book["competition.minimum"], {"total": standing.total}, {"minimum": standing.minimum}
        )


@rule("competition.best", "tied", "not_first")
def competitor_is_the_best(facts: ApplicationFacts, book: Rulebook) -> Iterator[Finding]:
    """The best of the competitors is chosen; among equals the commission chooses with a reason
    (Measures, art. 11)."""
    standing = facts.standing
    if not standing or not standing.is_closed or standing.is_first:
        return
    variant = "tied" if standing.is_tied else "not_first"
    observed = {"rank": standing.rank, "total": standing.total}
    yield Finding(book["competition.best"], observed, {"rank": 1}, variant=variant)


@rule("designation.ground", "unknown", "no_evidence")
def designation_has_a_proven_ground(facts: DesignationFacts, book: Rulebook) -> Iterator[Finding]:
    """A directly designated host of a provincial center meets one of the listed grounds, and the
    evidence of each that is named is on file (Measures, art. 8)."""
    limit = book["designation.ground"]
    if not is_asked(limit, facts.officers.jurisdiction):
        return
    allowed = {"grounds": list(limit.choices)}
    if not facts.grounds or set(facts.grounds) - set(limit.choices):
        yield Finding(limit, {"grounds": list(facts.grounds)}, allowed, variant="unknown")
    for ground, words in limit.words.items():
        if not facts.grounds.get(ground, True):
            yield Finding(limit, {"ground": ground}, allowed, words, "no_evidence")
