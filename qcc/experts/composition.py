"""How a panel is composed, and what an addition or a removal would change: for the live panel
beside a roster. Pure, like the rules it asks."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from qcc.experts.rules import (
    EXPERT_RULES,
    ROSTER_RULES,
    ExpertFacts,
    MemberFacts,
    PanelFacts,
    fewest_members,
    most_from_host,
    most_permitted,
)
from qcc.kernel.dates import full_years
from qcc.kernel.rules import Finding, Rulebook, check

_AGES_PER_GROUP = 5


@dataclass(frozen=True, slots=True)
class Composition:
    """The numbers of a panel. What the rulebook does not limit is None.

    *host_most*: how many of the host are permitted among the present members, *host_most_if_full*:
    if the panel had as many members as it may ("30 人时最多 4 人"); *members_needed*: how many
    members the present number from the host asks for. *institutions* and *cities* come with their
    number of members, largest first, unknown places left out; *ages* are those on the first day of
    service, youngest first.
    """

    members: int
    members_most: int | None
    from_host: int
    host_most: int | None
    host_most_if_full: int | None
    members_needed: int | None
    institutions: tuple[tuple[str, int], ...]
    cities: tuple[tuple[str, int], ...]
    ages: tuple[int, ...]

    @property
    def age_groups(self) -> tuple[tuple[int, int, int], ...]:
        """First and last age of each group of five years, and how many are of it; groups between
        the youngest and the oldest that nobody is of are there too."""
        counts = Counter(age // _AGES_PER_GROUP for age in self.ages)
        steps = range(min(counts), max(counts) + 1) if counts else range(0)
        return tuple(
            (step * _AGES_PER_GROUP, (step + 1) * _AGES_PER_GROUP - 1, counts[step])
            for step in steps
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of the list would do: findings that appear, that go, and that stay, as they
    would then read."""

    appear: tuple[Finding, ...]
    disappear: tuple[Finding, ...]
    stay: tuple[Finding, ...]


def composition(panel: PanelFacts, book: Rulebook) -> Composition:
    """The numbers of a panel, beside those that the rulebook permits."""
    limit, share = book.limits.get("panel.size"), book.limits.get("panel.host_share")
    size = most_permitted(limit) if limit else None
    from_host = panel.from_host
    return Composition(
        members=panel.size,
        members_most=size,
        from_host=from_host,
        host_most=most_from_host(panel.size, share) if share else None,
        host_most_if_full=most_from_host(size, share) if share and size is not None else None,
        members_needed=fewest_members(from_host, share) if share else None,
        institutions=_institutions(panel),
        cities=tuple(Counter(city for city in panel.cities() if city).most_common()),
        ages=_ages(panel),
    )


def what_if(
    panel: PanelFacts,
    book: Rulebook,
    *,
    add: Iterable[MemberFacts] = (),
    remove: Collection[str] = (),
    rules: Iterable[str] = ROSTER_RULES,
) -> Difference:
    """What would change if members were added, and those with the keys *remove* left."""
    kept = tuple(member for member in panel.members if member.key not in remove)
    asked = tuple(rules)
    before = _by_concern(check(asked, panel, book))
    after = _by_concern(check(asked, replace(panel, members=(*kept, *add)), book))
    return Difference(
        appear=tuple(found for concern, found in after.items() if concern not in before),
        disappear=tuple(found for concern, found in before.items() if concern not in after),
        stay=tuple(found for concern, found in after.items() if concern in before),
    )


def judge_expert(expert: ExpertFacts, panel: PanelFacts, book: Rulebook) -> list[Finding]:
    """Why a person could not be elected to the panel, whoever else is on it."""
    alone = replace(panel, members=(MemberFacts("", expert),))
    return check(EXPERT_RULES, alone, book)


def _by_concern(findings: Iterable[Finding]) -> dict[tuple[str, str, str, str], Finding]:
    """Findings by what they are about; numbers may change without making them others."""
    return {(each.rule, each.variant, each.subject, _entry(each)): each for each in findings}


def _entry(finding: Finding) -> str:
    """The entry that a finding points at, the first of several, "" for the panel as a whole."""
    several = finding.observed.get("members") if finding.rule == "panel.duplicate_member" else ()
    return str(finding.observed.get("member") or (several[0] if several else ""))


def _institutions(panel: PanelFacts) -> tuple[tuple[str, int], ...]:
    """Institutions by the first name that a member has for them, with the number of members."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for key, member in zip(panel.institutions(), panel.members, strict=True):
        names.setdefault(key, member.expert.employer)
        counts[key] += 1
    return tuple((names[key], count) for key, count in counts.most_common())


def _ages(panel: PanelFacts) -> tuple[int, ...]:
    known = ((member, member.expert.birth_date) for member in panel.members)
    return tuple(sorted(full_years(born, panel.starts(each)) for each, born in known if born))
