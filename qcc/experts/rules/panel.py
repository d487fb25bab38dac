"""Rules about a panel as a whole (Measures, art. 12(5))."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from qcc.experts.rules.facts import MemberFacts, PanelFacts, person_key
from qcc.kernel.dates import add_years
from qcc.kernel.places import Level, level_of
from qcc.kernel.rules import Finding, Limit, Rulebook, rule


def most_permitted(limit: Limit) -> int:
    """The greatest number that a limit allows; one that is not inclusive does not allow its own."""
    return limit.number if limit.inclusive else limit.number - 1


def most_from_host(total: int, share: Limit) -> int:
    """How many of *total* members may be the host's: 4 of 30 at 15 percent."""
    hundredths = total * share.number
    return hundredths // 100 if share.inclusive else max(0, (hundredths - 1) // 100)


def fewest_members(from_host: int, share: Limit) -> int | None:
    """How many members a panel needs for that many of the host: 27 for 4 at 15 percent; None if
    no number is enough."""
    if from_host == 0:
        return 0
    if share.number == 0:
        return None
    hundredths = from_host * 100 + (0 if share.inclusive else 1)
    return -(-hundredths // share.number)


def end_of_term(start: date, years: int) -> date:
    """The last day of a term: the day before the anniversary. A term of four years from 29
    February ends on 28 February; in a common year the anniversary is 1 March, the day before it
    the same."""
    return add_years(start, years) - timedelta(days=1)


def is_past(panel: PanelFacts, book: Rulebook) -> bool:
    """Whether the term is over on the day of judging, so that the panel can no longer act."""
    end = last_day(panel, book)
    return panel.on is not None and end is not None and panel.on > end


def last_day(panel: PanelFacts, book: Rulebook) -> date | None:
    """The last day of the panel's term: as set, else as the rulebook has it, else unknown."""
    if panel.term_end is not None or "panel.term" not in book:
        return panel.term_end
    return end_of_term(panel.term_start, book["panel.term"].number)


@rule("panel.size")
def panel_is_not_too_large(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """A panel has at most the permitted number of members (Measures, art. 12(5))."""
    limit = book["panel.size"]
    most = most_permitted(limit)
    if panel.size > most:
        yield Finding(limit, {"size": panel.size}, {"most": most})


@rule("panel.host_share")
def host_share_within_limit(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """The host's experts are at most the permitted share of the panel, compared in whole numbers:
    3 of 20 are 15 percent, 4 of 26 are more (Measures, art. 12(5))."""
    limit = book["panel.host_share"]
    host, most = panel.from_host, most_from_host(panel.size, limit)
    if host > most:
        observed = {"host": host, "size": panel.size}
        yield Finding(limit, observed, {"percent": limit.number, "most": most})


@rule("panel.group_leader")
def every_group_has_its_leader(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """Every subspecialty group has as many leaders as are set: one (Measures, art. 12(5))."""
    limit = book["panel.group_leader"]
    for group in panel.groups():
        if len(group.leaders) != limit.number:
            observed = {"leaders": len(group.leaders)}
            yield Finding(limit, observed, {"count": limit.number}, group.name)


@rule("panel.group_size")
def no_group_is_too_large(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """A subspecialty group has at most the permitted number of members, its leader included
    (Measures, art. 12(5))."""
    limit = book["panel.group_size"]
    most = most_permitted(limit)
    for group in panel.groups():
        if len(group.members) > most:
            yield Finding(limit, {"size": len(group.members)}, {"most": most}, group.name)


@rule("panel.term", "", "expired")
def term_has_its_length(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """A term is as many years as are set and ends on the day before the anniversary of its start;
    after that day the panel can no longer act (Measures, art. 12(5))."""
    limit, end = book["panel.term"], panel.term_end
    until = end_of_term(panel.term_start, limit.number)
    start = panel.term_start.isoformat()
    allowed = {"years": limit.number, "until": until.isoformat()}
    if end is not None and end != until:
        yield Finding(limit, {"start": start, "end": end.isoformat()}, allowed)
    if is_past(panel, book):
        observed = {"start": start, "end": (end or until).isoformat()}
        yield Finding(limit, observed, allowed, variant="expired")


@rule("panel.duplicate_member")
def nobody_is_listed_twice(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """A person stands on the list once. The same person is: the same identity number; or, unless
    both entries have one, the same name, date of birth and employer (Measures, art. 12(5))."""
    limit = book["panel.duplicate_member"]
    most = most_permitted(limit)
    for entries in _by_person(panel):
        if len(entries) > most:
            observed = {"times": len(entries), "members": [each.key for each in entries]}
            yield Finding(limit, observed, {"most": most}, entries[0].expert.name)


def _by_person(panel: PanelFacts) -> list[list[MemberFacts]]:
    """The entries of each person, in the order of the list.

    An entry without an identity number belongs to the first person of its name, birth date and
    employer, with a number or without. Without a birth date nobody is taken for another.
    """
    traits = list(_traits(panel))
    numbered: dict[object, object] = {}
    for each, trait in zip(panel.members, traits, strict=True):
        if each.expert.identity:
            numbered.setdefault(trait, each.expert.identity)
    persons: dict[object, list[MemberFacts]] = defaultdict(list)
    for each, trait in zip(panel.members, traits, strict=True):
        persons[each.expert.identity or numbered.get(trait, trait)].append(each)
    return list(persons.values())


def _traits(panel: PanelFacts) -> Iterator[tuple[object, ...]]:
    """For each entry, by what a person without an identity number is told apart."""
    for each, institution in zip(panel.members, panel.institutions(), strict=True):
        born = each.expert.birth_date
        yield (person_key(each.expert.name), born, institution) if born else (each.key,)


@rule("panel.representation")
def panel_is_broadly_representative(panel: PanelFacts, book: Rulebook) -> Iterator[Finding]:
    """The members come from more than one institution and, above the level of cities, from more
    than one city (Measures, art. 12(5)); the measures set no number, so this only informs."""
    limit = book["panel.representation"]
    if panel.size < 2:  # one alone cannot be broad
        return
    institutions, cities = set(panel.institutions()), set(panel.cities())
    one_city = len(cities) == 1 and "" not in cities and _is_above_cities(panel.place)
    if len(institutions) == 1 or one_city:
        observed = {
            "members": panel.size,
            "institutions": len(institutions),
            "cities": len(cities - {""}),
        }
        yield Finding(limit, observed)


def _is_above_cities(place: str) -> bool:
    return bool(place) and level_of(place) in (Level.NATION, Level.PROVINCE)
