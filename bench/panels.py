"""Panels: the nightly check of all panels of a province, beside a loop over the same facts when
they are in memory already, on both databases.

The check reads members, panels and hosts, holds every panel against its rulebook, and compares
what was found with what is kept. The loop only holds the panels against their rulebooks. The first
night, in which everything found is new and has to be written, is told but not judged.
"""

import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa

from bench.counting import counted
from bench.databases import Province, built_province, servers
from bench.province import Size
from bench.province.panels import seat_panels
from bench.report import Table
from qcc.experts.models import Panel
from qcc.experts.rules import ROSTER_RULES, PanelFacts
from qcc.experts.services.terms import all_panel_facts, check_all_panels, keep_findings
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.kernel.rules import check
from qcc.regulations.rulebooks import get_rulebook, rulebook_for

LIMIT = 5.0
"""The check takes at most so many times as long as the loop."""

EACH = 16
HEADINGS = (
    "panels",
    "experts",
    "first night s",
    "check s",
    "loop s",
    "ratio",
    "limit ",
    "queries",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured how often, and whether the speed counts."""

    size: Size
    few: int
    rounds: int
    judged: bool


WHOLE = Plan(Size(centers=2500, institutions=3000, applications=5000), 250, 5, judged=True)
QUICK = Plan(Size(centers=20, institutions=60, applications=40), 5, 1, judged=False)


def run(quick: bool, only: str = "") -> bool:
    """Measure and print; whether every limit is kept."""
    plan = QUICK if quick else WHOLE
    kept = [_run_on(engine, plan) for engine in ("postgresql", "sqlite") if only in engine]
    return all(kept)


def _run_on(engine: str, plan: Plan) -> bool:
    print(f"\n### Panels on {engine}\n", flush=True)
    table = Table(HEADINGS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qcc-bench-")))
        server = stack.enter_context(servers(engine, folder))
        province = stack.enter_context(built_province(server, plan.size, folder))
        few, _ratio = _measure(province, range(plan.few), plan, table)
        many, ratio = _measure(province, range(plan.few, plan.size.centers), plan, table)
    if few != many:
        print(f"FAILED: {few} queries for few panels, {many} for many.")
    return few == many and (ratio <= LIMIT or not plan.judged)


def _night() -> tuple[int, int]:
    """What the clock does: how many panels were checked, and how many are broken anew."""
    found = check_all_panels(clock.today())
    with transaction():
        return len(found), keep_findings(found)


def _measure(province: Province, centers: range, plan: Plan, table: Table) -> tuple[int, float]:
    """With panels for these centers too: the number of queries of a night without news, and how
    many times as long as the loop it takes."""
    panels = centers.stop
    with province.app.app_context():
        experts = seat_panels(centers.start, panels, EACH)
        first = _seconds(_night)
        broken = _require_findings(panels)
        with counted(db.engine) as made:
            checked, newly = _night()
        if (checked, newly) != (panels, 0):
            raise RuntimeError(f"{checked} checked, {newly} of {broken} broken anew")
        facts = list(all_panel_facts(clock.today()))
        pairs = [(_seconds(_night), _seconds(lambda: loop(facts))) for _ in _times(plan)]
        db.session.remove()
        db.engine.dispose()
    night, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(n / b for n, b in pairs)
    missed = " MISSED" if plan.judged and ratio > LIMIT else ""
    table.row(
        [
            str(panels),
            str(experts),
            f"{first:.2f}",
            f"{night:.2f}",
            f"{bare:.2f}",
            f"{ratio:.1f}",
            f"≤ {LIMIT:.0f}{missed}",
            str(len(made)),
        ]
    )
    return len(made), ratio


def _times(plan: Plan) -> range:
    return range(plan.rounds)


def loop(facts: list[tuple[int, str, str, PanelFacts]]) -> int:
    """All panels against their rulebooks, when everything is in memory: how many have findings."""
    broken = 0
    for _id, place, version, panel in facts:
        book = get_rulebook(version.partition("@")[0]) if version else None
        book = book or rulebook_for(place, panel.term_start)
        found = [finding.as_dict() for finding in check(ROSTER_RULES, panel, book)]
        broken += bool(found)
    return broken


def _require_findings(panels: int) -> int:
    """How many panels the first night found something at; raises if it was none, for then nothing
    was checked."""
    kept = db.session.scalars(sa.select(Panel.findings)).all()
    db.session.rollback()
    found = sum(bool(findings) for findings in kept)
    if not found or len(kept) != panels:
        raise RuntimeError(f"{found} of {len(kept)} panels have findings")
    return found


def _seconds(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began
