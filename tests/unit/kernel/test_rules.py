"""Limits, findings, the registry and what lets a decision pass."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from qcc.kernel import rules
from qcc.kernel.places import Level
from qcc.kernel.rules import (
    REGISTRY,
    Finding,
    Force,
    Limit,
    LimitValue,
    Rulebook,
    RuleError,
    may_pass,
    rule,
)


def limit(
    value: LimitValue = 1,
    force: Force = Force.MANDATORY,
    labels: tuple[str, ...] = (),
    levels: tuple[Level, ...] = (),
) -> Limit:
    return Limit("test.rule", value, "人", True, force, "第一条", "原文", labels, levels)


def book(**limits: Limit) -> Rulebook:
    content = {name.replace("_", ".", 1): each for name, each in limits.items()}
    return Rulebook(
        "test", "试", "试〔2000〕1号", "330000", date(2000, 1, 1), None, "test@0", limits=content
    )


@pytest.fixture
def registry() -> Iterator[dict[str, Any]]:
    """The registry, without what the test adds to it."""
    before = dict(REGISTRY)
    yield REGISTRY
    for added in set(REGISTRY) - set(before):
        del REGISTRY[added]


def test_a_limit_reads_as_number_range_or_choices() -> None:
    assert (limit(30).number, limit(30).span) == (30, (30, 30))
    assert limit((2, 5)).span == (2, 5)
    assert limit(("院长", "分管院长")).choices == ("院长", "分管院长")
    assert limit("三级甲等").choices == ("三级甲等",)


@pytest.mark.parametrize("value", [True, "三", ("一",), (1, 2)])
def test_what_is_no_number_is_not_read_as_one(value: LimitValue) -> None:
    with pytest.raises(TypeError, match="not a number"):
        _ = limit(value).number


@pytest.mark.parametrize("value", [True, "三", ("一", "二")])
def test_what_is_no_range_is_not_read_as_one(value: LimitValue) -> None:
    with pytest.raises(TypeError):
        _ = limit(value).span


def test_words_pair_choices_with_the_regulations_own() -> None:
    assert limit(("a", "b"), labels=("甲", "乙")).words == {"a": "甲", "b": "乙"}
    assert limit(("甲",)).words == {"甲": "甲"}


def test_a_limit_applies_at_its_levels_or_at_all() -> None:
    assert all(limit().applies_at(level) for level in Level)
    only = limit(levels=(Level.PROVINCE,))
    assert [level for level in Level if only.applies_at(level)] == [Level.PROVINCE]


def test_a_rulebook_holds_from_its_first_day_to_the_day_before_repeal() -> None:
    repealed = Rulebook("t", "", "", "330000", date(2010, 9, 1), date(2021, 3, 19), "t@0")
    days = [date(2010, 8, 31), date(2010, 9, 1), date(2021, 3, 18), date(2021, 3, 19)]
    assert [repealed.is_in_force(day) for day in days] == [False, True, True, False]


def test_a_finding_is_stored_with_article_words_and_numbers() -> None:
    finding = Finding(limit(), {"count": 2}, {"most": 1}, "张虚构", "too_many")
    assert finding.as_dict() == {
        "rule": "test.rule",
        "variant": "too_many",
        "article": "第一条",
        "source": "原文",
        "force": "mandatory",
        "subject": "张虚构",
        "observed": {"count": 2},
        "allowed": {"most": 1},
    }


def test_rules_are_checked_by_id_in_order(registry: dict[str, Any]) -> None:
    @rule("test.rule")
    def too_large(facts: int, book: Rulebook) -> Iterator[Finding]:
        """Small
        enough."""
        if facts > book["test.rule"].number:
            yield Finding(book["test.rule"], {"count": facts})

    held = book(test_rule=limit(3))
    assert registry["test.rule"].statement == "Small enough."
    assert rules.check(("test.rule",), 3, held) == []
    assert [found.observed for found in rules.check(("test.rule",), 4, held)] == [{"count": 4}]


def test_a_rule_without_a_limit_or_with_false_does_not_apply(registry: dict[str, Any]) -> None:
    @rule("test.rule")
    def never(facts: Any, book: Rulebook) -> Iterator[Finding]:
        """Never holds."""
        yield Finding(book["test.rule"])

    assert rules.check(("test.rule",), None, book()) == []
    assert rules.check(("test.rule",), None, book(test_rule=limit(False))) == []
    assert len(rules.check(("test.rule",), None, book(test_rule=limit(True)))) == 1


def test_a_rule_is_declared_once_and_says_something(registry: dict[str, Any]) -> None:
    @rule("test.rule", "one", "two")
    def first(facts: Any, book: Rulebook) -> Iterator[Finding]:
        """A statement."""
        yield from ()

    def silent(facts: Any, book: Rulebook) -> Iterator[Finding]:
        yield from ()

    assert registry["test.rule"].variants == ("one", "two")
    with pytest.raises(RuleError, match="twice"):
        rule("test.rule")(first)
    with pytest.raises(RuleError, match="no statement"):
        rule("test.silent")(silent)


@pytest.mark.parametrize(
    ("forces", "justification", "passes"),
    [
        ([], "", True),
        ([Force.ADVISORY], "", True),
        ([Force.PRINCIPLE], "", False),
        ([Force.PRINCIPLE], "  ", False),
        ([Force.PRINCIPLE], "确有必要", True),
        ([Force.MANDATORY], "确有必要", False),
        ([Force.PRINCIPLE, Force.MANDATORY], "确有必要", False),
    ],
)
def test_principles_pass_with_words_and_mandates_never(
    forces: list[Force], justification: str, passes: bool
) -> None:
    findings = [Finding(limit(force=force)) for force in forces]
    assert may_pass(findings, justification) is passes
