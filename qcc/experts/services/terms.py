"""Terms by the clock, and the nightly check of all panels in one pass."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting
from qcc.experts.models import Expert, Panel, PanelGroup, PanelMember
from qcc.experts.queries import IS_MEMBER, list_panels_ending_before, lock_any_panel
from qcc.experts.rules import (
    ROSTER_RULES,
    ExpertFacts,
    MemberFacts,
    PanelFacts,
    Seat,
    Standing,
)
from qcc.experts.services.facts import rank_of
from qcc.experts.services.rechecks import blocking
from qcc.experts.services.telling import remind_center, tell_center, tell_commission
from qcc.experts.workflow import IN_PREPARATION, PANEL, SERVING, PanelState
from qcc.infra import clock
from qcc.infra.db import db, read
from qcc.infra.transitions import take_by_clock
from qcc.infra.workdays import is_working
from qcc.kernel.rules import check
from qcc.organizations.models import FormerName, Organization, Person
from qcc.regulations.rulebooks import get_rulebook, rulebook_for

WARNINGS = (180, 90, 30)
"""Days before the end of a term at which the center is told."""


def age_panels(today: date) -> int:
    """Daily: panels whose term is over expire; 180, 90 and 30 days before, the center is told. How
    many ended.

    Running twice tells nothing twice, and a day that was skipped is made up for; on a free day
    nobody is told.
    """
    ended = 0
    for row in list_panels_ending_before(today + timedelta(days=WARNINGS[0] + 1)):
        if not _is_to_age(row, today):
            continue
        panel = lock_any_panel(row.id)
        _age(panel, today)
        ended += panel.state is PanelState.EXPIRED
    return ended


def _is_to_age(row: Any, today: date) -> bool:
    """Whether anything is to be done about a panel today; asked before it is read and locked."""
    if row.term_end < today or row.state is not PanelState.EXPIRING:
        return True
    return _warning(row, today) is not None


def _warning(panel: Any, today: date) -> int | None:
    """The warning that the center is to be given today, in days before the end."""
    due = min(days for days in WARNINGS if (panel.term_end - today).days <= days)
    is_new = panel.warned_days is None or due < panel.warned_days
    return due if is_new and is_working(today) else None


def _age(panel: Panel, today: date) -> None:
    if panel.state not in SERVING:
        return
    if panel.term_end < today:
        take_by_clock(PANEL, panel, "expire")
        tell_center(panel, "panel.expire")
        tell_commission(panel, "panel.expire")
        return
    left = (panel.term_end - today).days
    if panel.state is not PanelState.EXPIRING:
        take_by_clock(PANEL, panel, "near_end", detail={"days": left})
    warning = _warning(panel, today)
    if warning is not None:
        panel.warned_days = warning
        remind_center(panel, "panel.near_end", days=left)


_FACTS = (
    sa.select(
        Panel.id,
        PanelMember.id,
        PanelMember.role,
        PanelMember.leads_group,
        PanelMember.joins,
        PanelGroup.name,
        Person.name,
        Person.birth_date,
        Person.title,
        Person.employer_id,
        Organization.name,
        Organization.place,
        Expert.practised_since,
        sa.cast(Expert.standing, sa.Text),
        Expert.is_healthy,
        Expert.identity_hash,
    )
    .join(PanelMember, PanelMember.panel_id == Panel.id)
    .join(Expert, Expert.id == PanelMember.expert_id)
    .join(Person, Person.id == Expert.person_id)
    .outerjoin(Organization, Organization.id == Person.employer_id)
    .outerjoin(PanelGroup, PanelGroup.id == PanelMember.group_id)
    .where(IS_MEMBER)
    .order_by(Panel.id, PanelMember.id)
)

_PANELS = (
    sa.select(
        Panel.id,
        Panel.term_start,
        Panel.term_end,
        Panel.rulebook_version,
        Center.place,
        Hosting.institution_id,
    )
    .join(Center, Center.id == Panel.center_id)
    .outerjoin(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
    .where(Panel.state.in_([*SERVING, *IN_PREPARATION]))
    .order_by(Panel.id)
)


@cache
def _standings(stored: str) -> frozenset[Standing]:
    """The standings as stored, of which thousands of experts have the same few."""
    return frozenset(Standing(word) for word in json.loads(stored))


def _members_by_panel() -> dict[int, list[MemberFacts]]:
    found: dict[int, list[MemberFacts]] = defaultdict(list)
    states = [*SERVING, *IN_PREPARATION]
    for row in read(_FACTS.where(Panel.state.in_(states))):
        (panel_id, member_id, role, leads, joins, group, name, born, title, employer_id,
         employer, place, since, standing, healthy, identity) = row  # fmt: skip
        expert = ExpertFacts(
            name=name,
            birth_date=born,
            employer=employer or "",
            title=title,
            rank=rank_of(title),
            practised_since=since,
            standing=_standings(standing),
            is_healthy=healthy,
            identity=identity or "",
            employer_id=employer_id,
            place=place or "",
        )
        seats = (Seat(group, leads),) if group else ()
        found[panel_id].append(MemberFacts(str(member_id), expert, role, seats, joins=joins))
    return found


def _names_by_host() -> dict[int, tuple[str, ...]]:
    hosts = sa.select(Hosting.institution_id).where(Hosting.ended_on.is_(None))
    names: dict[int, list[str]] = defaultdict(list)
    for host_id, name in read(
        sa.select(Organization.id, Organization.name).where(Organization.id.in_(hosts))
    ):
        names[host_id].append(name)
    for host_id, name in read(
        sa.select(FormerName.organization_id, FormerName.name).where(
            FormerName.organization_id.in_(hosts)
        )
    ):
        names[host_id].append(name)
    return {host_id: tuple(found) for host_id, found in names.items()}


def all_panel_facts(on: date) -> Iterator[tuple[int, str, str, PanelFacts]]:
    """Every panel that serves or is being prepared, as facts, in three queries: its id, place and
    rulebook version go with it."""
    members, names = _members_by_panel(), _names_by_host()
    for panel_id, start, end, version, place, host_id in read(_PANELS):
        facts = PanelFacts(
            term_start=start,
            members=tuple(members.get(panel_id, ())),
            host_id=host_id,
            host_names=names.get(host_id, ()),
            term_end=end,
            place=place,
            on=on,
        )
        yield panel_id, place, version, facts


Found = dict[int, list[dict[str, Any]]]
"""By panel, what was found of it."""


def check_all_panels(today: date) -> Found:
    """Nightly: hold every panel against its rulebook. Only reads."""
    found: Found = {}
    for panel_id, place, version, facts in all_panel_facts(today):
        book = (
            get_rulebook(version.partition("@")[0])
            if version
            else rulebook_for(place, facts.term_start)
        )
        found[panel_id] = [each.as_dict() for each in check(ROSTER_RULES, facts, book)]
    return found


def keep_findings(found: Found) -> int:
    """Write what changed since it was kept last; the centers of panels for which a blocking rule
    newly does not hold are told. How many those are."""
    table = cast("sa.Table", Panel.__table__)
    before = {
        row.id: row.findings
        for row in db.session.execute(
            sa.select(Panel.id, Panel.findings).where(Panel.id.in_(found))
        )
    }
    changed = {k: v for k, v in found.items() if k in before and before[k] != v}
    now = clock.now()
    if changed:
        db.session.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("panel"))
            .values(findings=sa.bindparam("found"), checked_at=sa.bindparam("now")),
            [{"panel": k, "found": v, "now": now} for k, v in changed.items()],
        )
    broken = [k for k, v in changed.items() if blocking(v) - blocking(before[k])]
    for panel_id in broken:
        tell_center(lock_any_panel(panel_id), "panel.broken")
    return len(broken)
