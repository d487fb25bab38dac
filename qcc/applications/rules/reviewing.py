"""Who may review a competition, and how reviewers are drawn (M.11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from qcc.kernel.dates import add_years


class Bar(StrEnum):
    """Why somebody cannot review: what binds them to an applicant."""

    EMPLOYED = "employed"
    EMPLOYED_EARLIER = "employed_earlier"
    EMPLOYED_BY_PARENT = "employed_by_parent"
    PROPOSED = "proposed"
    ON_STAFF = "on_staff"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Employment:
    """Where and from when to when; no end: still."""

    organization_id: int
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A person as an application names them: name, birth date where given, employer."""

    name: str
    birth_date: date | None = None
    employer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could review; *desks* are the organizations they act for in any role, or
    serve as officers of a center that these host."""

    code: str
    named: Named
    employments: tuple[Employment, ...] = ()
    desks: frozenset[int] = frozenset()
    has_declared_conflict: bool = False


@dataclass(frozen=True, slots=True)
class Contest:
    """Who competes, on a date: applicants with their parents (None where there is none), and the
    officers that they propose. *lookback* in years; *inclusive*: the filled anniversary counts."""

    on: date
    lookback: int
    inclusive: bool
    applicants: Mapping[int, int | None]
    proposed: tuple[tuple[int, Named], ...] = ()


@dataclass(frozen=True, slots=True)
class Barred:
    """What binds a candidate to an applicant (its organization's key; None: declared)."""

    bar: Bar
    applicant_id: int | None = None


def bars_of(candidate: Candidate, contest: Contest) -> tuple[Barred, ...]:
    """Everything that keeps the candidate from reviewing; empty for who may."""
    return tuple(dict.fromkeys(_bars(candidate, contest)))


def _bars(candidate: Candidate, contest: Contest) -> Iterator[Barred]:
    for applicant, parent in contest.applicants.items():
        for employment in candidate.employments:
            if employment.organization_id == applicant:
                if _runs(employment, contest.on):
                    yield Barred(Bar.EMPLOYED, applicant)
                elif _is_recent(employment, contest):
                    yield Barred(Bar.EMPLOYED_EARLIER, applicant)
            elif employment.organization_id == parent and _is_recent(employment, contest):
                yield Barred(Bar.EMPLOYED_BY_PARENT, applicant)
        if applicant in candidate.desks:
            yield Barred(Bar.ON_STAFF, applicant)
    for applicant, officer in contest.proposed:
        if _may_be_one(candidate.named, officer):
            yield Barred(Bar.PROPOSED, applicant)
    if candidate.has_declared_conflict:
        yield Barred(Bar.DECLARED)


def _runs(employment: Employment, on: date) -> bool:
    return employment.ended_on is None or on <= employment.ended_on


def _is_recent(employment: Employment, contest: Contest) -> bool:
    """Whether it runs, or its end lies within the years looked back."""
    if employment.ended_on is None or _runs(employment, contest.on):
        return True
    filled = add_years(employment.ended_on, contest.lookback)
    return contest.on <= filled if contest.inclusive else contest.on < filled


def _may_be_one(one: Named, other: Named) -> bool:
    """Whether nothing tells the two apart: of one name, the birth dates do where both are given,
    else the employers."""
    if one.name != other.name:
        return False
    if one.birth_date and other.birth_date:
        return one.birth_date == other.birth_date
    return None in (one.employer_id, other.employer_id) or one.employer_id == other.employer_id


def draw(codes: Sequence[str], count: int, seed: str) -> tuple[str, ...]:
    """As many as *count* of the candidates, by chance that anybody can follow: those whose
    SHA-256 of "seed:code" is the least, in that order."""
    return tuple(sorted(codes, key=lambda c: sha256(f"{seed}:{c}".encode()).hexdigest())[:count])
