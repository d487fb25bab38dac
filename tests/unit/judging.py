"""Judging facts in tests: one rule at a time, every finding proven to be speakable."""

from typing import Any

from qcc.infra.rule_messages import describe, mend
from qcc.infra.rule_wordings import WORDINGS
from qcc.kernel.rules import REGISTRY, Finding, Rulebook, check
from qcc.regulations.rulebooks import get_rulebook

BOOK = get_rulebook("zhejiang-2021")
OLD_BOOK = get_rulebook("demo-2010")


def judge(rule_id: str, facts: Any, book: Rulebook = BOOK) -> list[Finding]:
    """The findings of one rule, each of a declared variant and with a sentence of its own."""
    findings = check((rule_id,), facts, book)
    for finding in findings:
        assert finding.rule == rule_id
        assert finding.variant in REGISTRY[rule_id].variants
        assert (rule_id, finding.variant) in WORDINGS
        assert describe(finding)
        assert mend(finding)
    return findings


def variants(rule_id: str, facts: Any, book: Rulebook = BOOK) -> list[tuple[str, str]]:
    """Whom each finding of one rule concerns, and the variant."""
    return [(finding.subject, finding.variant) for finding in judge(rule_id, facts, book)]
