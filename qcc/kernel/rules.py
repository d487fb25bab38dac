"""Rules as true statements about facts, and the limits they are held against.

A rule is a pure function ``(facts, rulebook) -> findings``. It never raises, queries, formats or
knows what day it is. Numbers come from the rulebook, each with the article it stands in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from qcc.kernel.places import Level

LimitValue = int | str | bool | tuple[int, int] | tuple[str, ...]


class Force(StrEnum):
    """How a rule binds: mandatory blocks; principle (原则上) blocks unless justified in writing;
    advisory only informs."""

    MANDATORY = "mandatory"
    PRINCIPLE = "principle"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Limit:
    """One parameter of a regulation: its value and unit, its force, and the words it comes from."""

    id: str
    value: LimitValue
    unit: str
    inclusive: bool
    force: Force
    article: str
    source: str
    labels: tuple[str, ...] = ()
    """The regulation's own words for each of the choices, in the same order."""
    levels: tuple[Level, ...] = ()
    """The levels of center that the article speaks of; none named means all."""
    note: str = ""
    """The reading chosen where the words leave room, in Chinese like the words."""

    def applies_at(self, level: Level) -> bool:
        """Whether the article speaks of centers of *level*."""
        return not self.levels or level in self.levels

    @property
    def number(self) -> int:
        """The value of a limit that is one whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise TypeError(f"{self.id} is not a number")
        return self.value

    @property
    def span(self) -> tuple[int, int]:
        """Least and greatest permitted value; a single number is both."""
        if isinstance(self.value, tuple):
            low, high = self.value[0], self.value[-1]
            if isinstance(low, int) and isinstance(high, int):
                return low, high
            raise TypeError(f"{self.id} is not a range")
        return self.number, self.number

    @property
    def choices(self) -> tuple[str, ...]:
        """The permitted words of a limit that lists them."""
        if isinstance(self.value, tuple):
            return tuple(str(word) for word in self.value)
        return (str(self.value),)

    @property
    def words(self) -> dict[str, str]:
        """Each choice with the words that the regulation has for it."""
        return dict(zip(self.choices, self.labels or self.choices, strict=True))


@dataclass(frozen=True)
class Rulebook:
    """One edition of a regulation: every parameter by id, valid in a jurisdiction for a time."""

    id: str
    title: str
    document_number: str
    jurisdiction: str
    in_force_from: date
    repealed_on: date | None
    version: str
    invented: bool = False
    limits: Mapping[str, Limit] = field(default_factory=dict, hash=False)

    def __getitem__(self, rule_id: str) -> Limit:
        return self.limits[rule_id]

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self.limits

    def is_in_force(self, on: date) -> bool:
        """Whether this edition holds on the date: from its first day to the day before repeal."""
        return self.in_force_from <= on and (self.repealed_on is None or on < self.repealed_on)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: against which limit, what was observed, whom it concerns.

    *observed* and *allowed* are plain numbers or words for the sentence that the edge renders;
    *variant* tells apart the ways in which one rule can be broken.
    """

    limit: Limit
    observed: Mapping[str, Any] = field(default_factory=dict)
    allowed: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    variant: str = ""

    @property
    def rule(self) -> str:
        return self.limit.id

    @property
    def blocks(self) -> bool:
        """Blocks for good: nobody can let it pass."""
        return self.limit.force is Force.MANDATORY

    @property
    def needs_justification(self) -> bool:
        """Passes only with a written justification by the deciding commission officer."""
        return self.limit.force is Force.PRINCIPLE

    def as_dict(self) -> dict[str, Any]:
        """As stored at decision time and as printed by tools."""
        return {
            "rule": self.rule,
            "variant": self.variant,
            "article": self.limit.article,
            "source": self.limit.source,
            "force": self.limit.force.value,
            "subject": self.subject,
            "observed": dict(self.observed),
            "allowed": dict(self.allowed),
        }


Check = Callable[[Any, Rulebook], Iterator[Finding]]
C = TypeVar("C", bound=Check)


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its id, the statement it makes, the check, and the variants of its
    findings, for each of which the edge has a sentence."""

    id: str
    statement: str
    check: Check
    variants: tuple[str, ...] = ("",)


class RuleError(ValueError):
    """A rule was declared wrongly: twice, or without a statement."""


REGISTRY: dict[str, Rule] = {}


def rule(rule_id: str, *variants: str) -> Callable[[C], C]:
    """Register the decorated function as the check of *rule_id*; its docstring is the statement.

    *variants* names the ways in which the rule can be broken, if there is more than one.
    """

    def register(check: C) -> C:
        if rule_id in REGISTRY:
            raise RuleError(f"rule {rule_id} is declared twice")
        if not check.__doc__:
            raise RuleError(f"rule {rule_id} makes no statement")
        REGISTRY[rule_id] = Rule(rule_id, " ".join(check.__doc__.split()), check, variants or ("",))
        return check

    return register


def check(rule_ids: Iterable[str], facts: Any, book: Rulebook) -> list[Finding]:
    """All findings of the named rules over the facts.

    A rule that the rulebook lacks, or sets to false, does not apply.
    """
    return [
        finding
        for rule_id in rule_ids
        if rule_id in book and book[rule_id].value is not False
        for finding in REGISTRY[rule_id].check(facts, book)
    ]


def may_pass(findings: Iterable[Finding], justification: str = "") -> bool:
    """Whether a decision may be taken: nothing mandatory, and principles only if justified."""
    found = list(findings)
    if any(finding.blocks for finding in found):
        return False
    return bool(justification.strip()) or not any(f.needs_justification for f in found)
