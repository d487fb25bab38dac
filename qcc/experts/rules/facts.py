"""What is known of a panel when it is judged: the panel, its members, the experts they are."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from qcc.kernel.places import subtree_prefix

_CITY_DIGITS = 4
_BRACKETS = str.maketrans("〔［【｛〈〕］】｝〉", "((((()))))")
_BLANKS = re.compile(r"\s+")


class Standing(StrEnum):
    """On what an expert's standing rests; the words are those of rulebooks."""

    UNIT_HEAD = "unit_head"
    REGIONAL_PRESTIGE = "regional_prestige"


class PanelRole(StrEnum):
    """What a member is in the panel."""

    HEAD = "head"
    DEPUTY_HEAD = "deputy_head"
    MEMBER = "member"


class Consent(StrEnum):
    """What somebody said who was asked for consent."""

    MISSING = "missing"
    GIVEN = "given"
    REFUSED = "refused"


@lru_cache(maxsize=8192)
def institution_key(name: str) -> str:
    """A name of an institution without what writers vary: widths, blanks, kinds of brackets."""
    plain = unicodedata.normalize("NFKC", name.translate(_BRACKETS))
    return _BLANKS.sub("", plain).casefold()


@lru_cache(maxsize=8192)
def person_key(name: str) -> str:
    """A person's name without blanks and with one kind of dot in the middle."""
    plain = re.sub("[•‧・∙⋅.]", "·", unicodedata.normalize("NFKC", name))
    return _BLANKS.sub("", plain).casefold()


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """A person who is to be, or is, on a panel.

    *rank* is the highest of the titles, "" if the catalog has none of them; *standing* what was
    stated of it; *identity* tells persons apart (identity number or keyed hash of it), "" if not
    known; *place* is the GB/T 2260 code of the employer's seat. The employer is compared by id
    where there is one, else by name.
    """

    name: str
    birth_date: date | None
    employer: str
    title: str = ""
    rank: str = ""
    practised_since: date | None = None
    standing: frozenset[Standing] = frozenset()
    is_healthy: bool = False
    identity: str = field(default="", repr=False)
    employer_id: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a subspecialty group, as its leader or not."""

    group: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """An expert on the list of a panel.

    *key* names the entry (a row, a record) and is given back in findings. *joins* is the day from
    which a replacement serves, None for those who serve from the term's first day.
    """

    key: str
    expert: ExpertFacts
    role: PanelRole = PanelRole.MEMBER
    seats: tuple[Seat, ...] = ()
    consent_employer: Consent = Consent.MISSING
    consent_authority: Consent = Consent.MISSING
    authority: str = ""
    joins: date | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A subspecialty group: the keys of its members, leaders among them."""

    name: str
    members: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """A panel as it is judged on a date.

    *host_names*: the host's name and its former names, for members whose employer has no id;
    *term_end*: None where it is not set and follows from the start; *group_names*: the groups that
    were set up, also those without members; *place*: the GB/T 2260 code of the center, "" if not
    known; *on*: the day of judging, None if no day is to be looked at but the term's own.
    """

    term_start: date
    members: tuple[MemberFacts, ...] = ()
    host_id: int | None = None
    host_names: tuple[str, ...] = ()
    term_end: date | None = None
    group_names: tuple[str, ...] = ()
    place: str = ""
    on: date | None = None

    @property
    def size(self) -> int:
        return len(self.members)

    @property
    def from_host(self) -> int:
        """How many entries are experts of the host."""
        return sum(1 for _ in self.host_members())

    def host_members(self) -> Iterator[MemberFacts]:
        """The entries of the host's experts."""
        keys = self._host_keys()
        return (each for each in self.members if self._is_host(each.expert, keys))

    def institutions(self) -> list[str]:
        """For each member, in order, by what their institution is told apart."""
        keys = self._host_keys()
        return [self._institution(each.expert, keys) for each in self.members]

    def cities(self) -> list[str]:
        """For each member, in order, the code of the employer's city, "" if it is not known."""
        return [_city(each.expert.place) for each in self.members]

    def starts(self, member: MemberFacts) -> date:
        """The day on which the member's conditions have to be met."""
        return max(self.term_start, member.joins) if member.joins else self.term_start

    def groups(self) -> tuple[GroupFacts, ...]:
        """The groups in the order in which they were set up or first named; a person with two
        seats in one group is one of its members."""
        members: dict[str, dict[str, bool]] = {name: {} for name in self.group_names}
        for each in self.members:
            for seat in each.seats:
                group = members.setdefault(seat.group, {})
                group[each.key] = seat.leads or group.get(each.key, False)
        return tuple(
            GroupFacts(name, tuple(held), tuple(key for key, leads in held.items() if leads))
            for name, held in members.items()
        )

    def _host_keys(self) -> frozenset[str]:
        return frozenset(institution_key(name) for name in self.host_names)

    def _is_host(self, expert: ExpertFacts, keys: frozenset[str]) -> bool:
        if self.host_id is not None and expert.employer_id is not None:
            return expert.employer_id == self.host_id
        return institution_key(expert.employer) in keys

    def _institution(self, expert: ExpertFacts, keys: frozenset[str]) -> str:
        if self._is_host(expert, keys):
            return "#host"
        known = expert.employer_id is not None
        return f"#{expert.employer_id}" if known else institution_key(expert.employer)


def _city(place: str) -> str:
    """The city of a code; a code of a whole province stands for itself."""
    return subtree_prefix(place)[:_CITY_DIGITS].ljust(6, "0") if place else ""
