"""A roster as the facts that the rules judge."""

from collections.abc import Sequence
from datetime import date

from qcc.experts.roster.parsing import Roster
from qcc.experts.roster.rows import RosterRow
from qcc.experts.rules import ExpertFacts, MemberFacts, PanelFacts, Seat, institution_key


def panel_facts(roster: Roster, *, host_names: Sequence[str], on: date) -> PanelFacts:
    """The panel that the roster would make, with a term that starts *on* the day. Members are
    named by the numbers of their rows; the host is known by its present and former names."""
    return PanelFacts(
        term_start=on,
        members=tuple(_member(row) for row in roster.rows),
        host_names=tuple(host_names),
    )


def resembling_hosts(roster: Roster, host_names: Sequence[str]) -> list[str]:
    """Employers that do not count as the host though their names contain one of its names, as a
    branch's does; each once."""
    hosts = {institution_key(name) for name in host_names}
    employers = dict.fromkeys(row.employer for row in roster.rows)
    keys = {employer: institution_key(employer) for employer in employers}
    return [
        employer
        for employer, key in keys.items()
        if key not in hosts and any(host and host in key for host in hosts)
    ]


def _member(row: RosterRow) -> MemberFacts:
    seats = (Seat(row.group, row.leads_group),) if row.group else ()
    return MemberFacts(str(row.number), _expert(row), row.role, seats)


def _expert(row: RosterRow) -> ExpertFacts:
    return ExpertFacts(
        name=row.name,
        birth_date=row.birth_date,
        employer=row.employer,
        title=row.title,
        rank=row.rank.value,
        practised_since=row.practised_since,
        standing=row.standing,
        is_healthy=row.is_healthy,
        identity=row.identity,
    )
