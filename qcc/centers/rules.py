"""Rules about a center's officers and about how many centers a specialty has.

Measures, articles 5 and 12(1) to (4). Every post is counted by itself: the executive deputy
director is not one of the 2 to 5 deputies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from qcc.kernel.places import is_within
from qcc.kernel.rules import Finding, Rulebook, rule
from qcc.regulations.catalogs import CenterKind


class OfficerPost(StrEnum):
    """The posts of a center."""

    DIRECTOR = "director"
    EXECUTIVE_DEPUTY = "executive_deputy"
    DEPUTY = "deputy"
    SECRETARY = "secretary"

    @property
    def rank(self) -> int:
        """Its place in the order above, in which officers are listed."""
        return list(OfficerPost).index(self)


class HostPosition(StrEnum):
    """What a person is in the leadership of the host institution."""

    PRESIDENT = "president"
    VICE_PRESIDENT_IN_CHARGE = "vice_president_in_charge"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """One officer, proposed or serving.

    *person_key* tells persons apart; *place* is the GB/T 2260 code of the employer's seat;
    *is_specialist*: a specialist of the center's discipline; *in_host_discipline*: a member, and
    *is_discipline_leader*: the leader, of that discipline at the host; *is_excepted*: stays in the
    post although the employment changed (M.12(7)), so that nothing more is asked about it.
    """

    person_key: str
    name: str
    post: OfficerPost
    employer_id: int | None
    host_position: HostPosition = HostPosition.OTHER
    is_discipline_leader: bool = False
    in_host_discipline: bool = False
    is_specialist: bool = False
    place: str = ""
    is_excepted: bool = False


@dataclass(frozen=True, slots=True)
class OfficersFacts:
    """All officers of one center; *jurisdiction* is the center's GB/T 2260 code."""

    kind: CenterKind
    host_id: int | None
    jurisdiction: str
    officers: tuple[OfficerFacts, ...] = ()

    @property
    def staffing(self) -> "OfficersFacts":
        return self

    def holding(self, post: OfficerPost) -> Iterator[OfficerFacts]:
        """The officers in that post."""
        return (officer for officer in self.officers if officer.post is post)

    def judged(self, post: OfficerPost) -> Iterator[OfficerFacts]:
        """The officers in that post of whom the post's conditions are asked."""
        return (officer for officer in self.holding(post) if not officer.is_excepted)

    def from_host(self, officer: OfficerFacts) -> bool:
        """Whether the officer is employed by the host."""
        return self.host_id is not None and officer.employer_id == self.host_id


class Staffed(Protocol):
    """Facts that name the officers of a center: its own, or those of an application."""

    @property
    def staffing(self) -> OfficersFacts: ...


@dataclass(frozen=True, slots=True)
class UniquenessFacts:
    """How many other active centers of the kind the specialty has in the jurisdiction."""

    active_rivals: int


class Unique(Protocol):
    """Facts that know of rival centers."""

    @property
    def active_rivals(self) -> int: ...


OFFICER_RULES = (
    "officers.director_count",
    "officers.executive_deputy_count",
    "officers.deputy_count",
    "officers.secretary_count",
    "officers.one_post_each",
    "officers.director_post",
    "officers.executive_deputy_leader",
    "officers.deputy_specialist",
    "officers.secretary_discipline",
)
"""What is asked of the officers together."""


@rule("center.unique")
def one_center_for_a_specialty(facts: Unique, book: Rulebook) -> Iterator[Finding]:
    """A specialty has one active center of a kind in a jurisdiction (Measures, art. 5)."""
    limit = book["center.unique"]
    if facts.active_rivals + 1 > limit.number:
        yield Finding(limit, {"active": facts.active_rivals}, {"most": limit.number})


def _count(facts: Staffed, book: Rulebook, rule_id: str, post: OfficerPost) -> Iterator[Finding]:
    """Too few or too many officers in a post."""
    limit = book[rule_id]
    least, most = limit.span
    count = sum(1 for _ in facts.staffing.holding(post))
    if not least <= count <= most:
        yield Finding(
            limit,
            {"count": count},
            {"least": least, "most": most},
            variant="too_few" if count < least else "too_many",
        )


@rule("officers.director_count", "too_few", "too_many")
def directors_are_as_many_as_set(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """A center has as many directors as are set: one (Measures, art. 12(1))."""
    yield from _count(facts, book, "officers.director_count", OfficerPost.DIRECTOR)


@rule("officers.executive_deputy_count", "too_few", "too_many")
def executive_deputies_are_as_many_as_set(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """A center has as many executive deputy directors as are set: one (Measures, art. 12(1))."""
    post = OfficerPost.EXECUTIVE_DEPUTY
    yield from _count(facts, book, "officers.executive_deputy_count", post)


@rule("officers.deputy_count", "too_few", "too_many")
def deputies_are_as_many_as_set(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """The deputy directors, besides the executive one, are within the permitted number
    (Measures, art. 12(1))."""
    yield from _count(facts, book, "officers.deputy_count", OfficerPost.DEPUTY)


@rule("officers.secretary_count", "too_few", "too_many")
def secretaries_are_as_many_as_set(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """The liaison secretaries are within the permitted number (Measures, art. 12(1))."""
    yield from _count(facts, book, "officers.secretary_count", OfficerPost.SECRETARY)


@rule("officers.one_post_each")
def nobody_holds_two_posts(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """A person is counted for one post of the center only (Measures, art. 12(1))."""
    limit = book["officers.one_post_each"]
    posts: dict[str, list[OfficerFacts]] = {}
    for officer in facts.staffing.officers:
        posts.setdefault(officer.person_key, []).append(officer)
    for held in posts.values():
        if len(held) > 1:
            named = [officer.post.value for officer in held]
            yield Finding(
                limit, {"posts": named, "count": len(held)}, {"most": 1}, subject=held[0].name
            )


@rule("officers.director_post", "elsewhere", "position")
def director_leads_the_host(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """The director of a quality-control center is the host's president or vice-president in
    charge; for a technical guidance center the host names whom it wants (Measures, art. 12(2))."""
    limit, staff = book["officers.director_post"], facts.staffing
    if staff.kind is not CenterKind.QUALITY_CONTROL:
        return
    allowed = {"positions": list(limit.choices)}
    for officer in staff.judged(OfficerPost.DIRECTOR):
        observed = {"position": officer.host_position.value}
        if not staff.from_host(officer):
            yield Finding(limit, observed, allowed, officer.name, "elsewhere")
        elif officer.host_position not in limit.choices:
            yield Finding(limit, observed, allowed, officer.name, "position")


@rule("officers.executive_deputy_leader", "elsewhere", "not_leader")
def executive_deputy_leads_the_discipline(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """The executive deputy director is the leader of the host's discipline
    (Measures, art. 12(3))."""
    limit, staff = book["officers.executive_deputy_leader"], facts.staffing
    for officer in staff.judged(OfficerPost.EXECUTIVE_DEPUTY):
        if not staff.from_host(officer):
            yield Finding(limit, subject=officer.name, variant="elsewhere")
        elif not officer.is_discipline_leader:
            yield Finding(limit, subject=officer.name, variant="not_leader")


@rule("officers.deputy_specialist", "not_specialist", "elsewhere")
def deputies_are_specialists_of_the_province(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """Deputy directors are experts of the discipline who work in the province
    (Measures, art. 12(3))."""
    limit, staff = book["officers.deputy_specialist"], facts.staffing
    province = staff.jurisdiction[:2].ljust(6, "0")
    for officer in staff.judged(OfficerPost.DEPUTY):
        if not officer.is_specialist:
            yield Finding(limit, subject=officer.name, variant="not_specialist")
        if not officer.place or not is_within(officer.place, province):
            yield Finding(
                limit, {"place": officer.place}, {"province": province}, officer.name, "elsewhere"
            )


@rule("officers.secretary_discipline", "elsewhere", "not_in_discipline")
def secretaries_are_of_the_discipline(facts: Staffed, book: Rulebook) -> Iterator[Finding]:
    """Liaison secretaries are members of the host's discipline (Measures, art. 12(4))."""
    limit, staff = book["officers.secretary_discipline"], facts.staffing
    for officer in staff.judged(OfficerPost.SECRETARY):
        if not staff.from_host(officer):
            yield Finding(limit, subject=officer.name, variant="elsewhere")
        elif not officer.in_host_discipline:
            yield Finding(limit, subject=officer.name, variant="not_in_discipline")
