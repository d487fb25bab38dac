"""Errors that a person can do something about, and the pages and codes they become."""

from collections.abc import Sequence
from typing import Any

from qcc.kernel.rules import Finding


class NotFound(Exception):
    """There is no such thing, or it lies outside what the actor may see: the same answer."""


class Refused(Exception):
    """An act the product does not do; *message* (lazily translated) says why and what to do."""

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message, self.field = message, field


class RulesBroken(Exception):
    """Rules of the regulation stand against the act."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.rule for finding in findings))
        self.findings = list(findings)
