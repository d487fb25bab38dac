"""What each row of an imported workbook would do, held against what is registered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.kernel.places import is_within
from qcc.organizations.models import Jurisdiction, Organization, OrganizationKind
from qcc.organizations.queries import (
    list_authorities,
    list_holders_of,
    list_parent_names,
    list_places,
)
from qcc.organizations.services.organizations import (
    AUTHORITY_TAKEN,
    CODE_TAKEN,
    NAME_TAKEN,
    checked_credit_code,
)
from qcc.organizations.sheet import KINDS, TITLES, Fault, SheetRow

PLAIN = ("short_name", "grade", "category", "legal_representative", "phone")


class Verdict(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a row changes: the column's title, what was, what will be."""

    title: str
    old: str
    new: str


@dataclass(slots=True)
class Judgement:
    """What a row would do: the organization it is about (None: a new one), the values to write,
    the name of the parent if one is given, and the changes as they are shown."""

    row: SheetRow
    target: Organization | None = None
    kind: OrganizationKind | None = None
    values: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def faults(self) -> Sequence[Fault]:
        """What is wrong, in the order of the columns."""
        order = list(TITLES.values())
        return sorted(self.row.faults, key=lambda fault: order.index(fault.title))

    @property
    def verdict(self) -> Verdict:
        if self.row.faults:
            return Verdict.WRONG
        if self.target is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.UNCHANGED


class Judge:
    """Knows all that the rows speak of, by a fixed number of queries, and judges one by one."""

    def __init__(self, actor: Actor, rows: Sequence[SheetRow], *, lock: bool = False) -> None:
        self.actor = actor
        self.places = list_places(actor.place)
        self.parents = list_parent_names()
        self.authorities = {(o.place, o.kind): o.name for o in list_authorities(actor.place)}
        self.name_count = Counter(row.name for row in rows)
        self.code_count = Counter(row.values.get("credit_code") for row in rows)
        codes = [row.values["credit_code"] for row in rows if "credit_code" in row.values]
        holders = list_holders_of(_names_in(rows), codes, lock=lock)
        self.by_name = {holder.name: holder for holder in holders}
        self.by_code = {holder.credit_code: holder for holder in holders if holder.credit_code}
        self.by_former = {f.name: holder for holder in holders for f in holder.former_names}

    def judge(self, row: SheetRow) -> Judgement:
        """What the row would do; all its faults are noted in it at once."""
        found = Judgement(row)
        self._refuse_twice(row)
        self._check_code(row)
        found.target = self._target(row)
        if not row.is_blamed("name", "credit_code"):
            self._judge_names(found)
        self._judge_kind(found)
        self._judge_place(found)
        self._judge_authority(found)
        self._judge_parent(found)
        if not row.faults:
            found.values |= {key: row.values[key] for key in PLAIN if key in row.values}
            found.changes = list(self._changes(found))
        return found

    # --- which organization the row is about ---

    def _refuse_twice(self, row: SheetRow) -> None:
        if row.name and self.name_count[row.name] > 1:
            row.blame("name", _l("This organization stands in several rows."))
        code = row.values.get("credit_code")
        if code and self.code_count[code] > 1:
            row.blame("credit_code", _l("This credit code stands in several rows."))

    def _check_code(self, row: SheetRow) -> None:
        try:
            checked_credit_code(row.values.get("credit_code", ""))
        except Refused as refusal:
            row.blame("credit_code", refusal.message)

    def _target(self, row: SheetRow) -> Organization | None:
        """By credit code, else by present name."""
        named = self.by_name.get(row.name)
        coded = self.by_code.get(row.values.get("credit_code", ""))
        target = coded or named
        if named and coded and named is not coded:
            row.blame("credit_code", CODE_TAKEN)
        elif target and not is_within(target.place, self.actor.place):
            row.blame("name", NAME_TAKEN if named else CODE_TAKEN)
        return target

    # --- whether its values can be ---

    def _judge_names(self, found: Judgement) -> None:
        row, target = found.row, found.target
        formerly = self.by_former.get(row.name)
        if formerly and formerly is not target:
            row.blame("name", _l("This is a former name of another organization; use its new one."))
        for name in row.values.get("former_names", ()):
            holder = self.by_name.get(name) or self.by_former.get(name)
            if (holder and holder is not target) or (name != row.name and name in self.name_count):
                row.blame("former_names", NAME_TAKEN)
        found.values["name"] = row.name
        if "credit_code" in row.values:
            found.values["credit_code"] = row.values["credit_code"]
        known = [former.name for former in target.former_names] if target else []
        new = [name for name in row.values.get("former_names", ()) if name not in known]
        if new:
            found.values["former_names"] = [*known, *new]

    def _judge_kind(self, found: Judgement) -> None:
        row, target = found.row, found.target
        given = KINDS.get(row.values.get("kind", ""))
        found.kind = target.kind if target else given
        if found.kind is None:
            row.blame("kind", _l("Fill this in."))
        elif given and given is not found.kind:
            row.blame("kind", _l("The kind of a registered organization does not change."))
        if found.kind not in (None, OrganizationKind.INSTITUTION):
            for key in ("grade", "category"):
                if key in row.values:
                    row.blame(key, _l("Only medical institutions have this."))

    def _judge_place(self, found: Judgement) -> None:
        text = found.row.values.get("place", "")
        if not text:
            if found.target is None:
                found.row.blame("place", _l("Fill this in."))
            return
        places = self._places_called(text)
        if len(places) == 1:
            found.values["place"] = places[0].code
        elif places:
            found.row.blame("place", _l("Several places have this name. Write the code instead."))
        else:
            found.row.blame("place", _l("There is no such place in your jurisdiction."))

    def _places_called(self, text: str) -> list[Jurisdiction]:
        """By code or full name; else by name; else by the end of the full name."""
        plain = "".join(text.split())
        for test in (
            lambda place: plain in (place.code, place.full_name),
            lambda place: plain == place.name,
            lambda place: place.full_name.endswith(plain),
        ):
            found = [place for place in self.places if test(place)]
            if found:
                return found
        return []

    def _judge_authority(self, found: Judgement) -> None:
        """A place has one commission and one evaluation center, counting the rows above too."""
        if found.kind in (None, OrganizationKind.INSTITUTION) or found.row.faults:
            return
        target = found.target
        place = found.values.get("place") or (target.place if target else "")
        own = target.name if target else found.name
        if self.authorities.setdefault((place, found.kind), own) != own:
            found.row.blame("place", AUTHORITY_TAKEN)

    def _judge_parent(self, found: Judgement) -> None:
        name = found.row.values.get("parent", "")
        if not name:
            return
        if name not in self.by_name and name not in self.name_count:
            found.row.blame("parent", _l("No organization has this name."))
        found.parent = name

    # --- what that changes ---

    def _changes(self, found: Judgement) -> Iterator[Change]:
        target = found.target
        if target is None:
            return
        for key, new in found.values.items():
            old = getattr(target, key) or ""
            if key == "former_names":
                known = [former.name for former in target.former_names]
                yield Change(TITLES[key], "、".join(known), "、".join(new))
            elif key == "place" and old != new:
                yield Change(TITLES[key], self._full_name(old), self._full_name(new))
            elif old != new:
                yield Change(TITLES[key], old, new)
        above = self.parents.get(target.name, "")
        if found.parent and found.parent != above:
            yield Change(TITLES["parent"], above, found.parent)

    def _full_name(self, code: str) -> str:
        return next((place.full_name for place in self.places if place.code == code), code)

    def blame_circles(self, judged: Sequence[Judgement]) -> None:
        """Blame rows that would put an organization above itself; seen only over all of them."""
        above = dict(self.parents)
        for found in judged:
            if found.target and found.target.name != found.name:
                above = _renamed(above, found.target.name, found.name)
        above |= {found.name: found.parent for found in judged if found.parent}
        for found in judged:
            if found.parent and found.name in _line(found.parent, above):
                found.row.blame("parent", _l("An organization cannot stand above itself."))


def _names_in(rows: Sequence[SheetRow]) -> list[str]:
    names = [row.name for row in rows if row.name]
    names += [name for row in rows for name in row.values.get("former_names", ())]
    return names + [row.values["parent"] for row in rows if "parent" in row.values]


def _renamed(above: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    return {
        (new if child == old else child): (new if parent == old else parent)
        for child, parent in above.items()
    }


def _line(name: str, above: Mapping[str, str]) -> set[str]:
    """An organization and all above it."""
    line: set[str] = set()
    while name and name not in line:
        line.add(name)
        name = above.get(name, "")
    return line
