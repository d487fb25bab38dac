"""Panels for tests: facts that break no rule, to be changed one at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from qcc.experts.rules import Consent, ExpertFacts, MemberFacts, PanelFacts, Seat, Standing

HOST = "示例市第一人民医院"
START = date(2026, 3, 1)


def expert(number: int = 0, **changes: Any) -> ExpertFacts:
    """An expert who meets every condition on 1 March 2026, each number at another employer."""
    facts = ExpertFacts(
        name=f"虚构{chr(0x4E00 + number)}",
        birth_date=date(1975, 1 + number % 12, 1 + number % 28),
        employer=f"示例县第{number}医院",
        title="主任医师",
        rank="正高",
        practised_since=date(2000, 7, 1),
        standing=frozenset({Standing.UNIT_HEAD}),
        is_healthy=True,
    )
    return replace(facts, **changes)


def member(number: int = 0, *seats: Seat, **changes: Any) -> MemberFacts:
    """That expert as a member, with both consents."""
    return MemberFacts(
        str(number),
        expert(number, **changes),
        seats=seats,
        consent_employer=Consent.GIVEN,
        consent_authority=Consent.GIVEN,
    )


def panel(*members: MemberFacts, **changes: Any) -> PanelFacts:
    """A panel of these members from 1 March 2026."""
    return replace(PanelFacts(START, members, host_names=(HOST,)), **changes)


def sized(size: int, from_host: int = 0) -> PanelFacts:
    """A panel of so many members, the first of them of the host."""
    hosts = (member(number, employer=HOST) for number in range(from_host))
    return panel(*hosts, *(member(number) for number in range(from_host, size)))
