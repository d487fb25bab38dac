"""Pages: the directory, the list of applications, one application, each beside a bare page written
by hand over the same rows, on both databases, for one and for many clients at a time.

Both answer the same addresses with the same rows, which is looked at before anything is measured.
"""

import random
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

import config
from bench import bare, machine
from bench.counting import count_queries
from bench.databases import Province, built_province, servers
from bench.province import FULL, SMALL, SMOKE, Size
from bench.province.bodies import PROVINCE
from bench.report import Table, milliseconds, percent
from bench.sameness import count_of, missing
from bench.servers import fetch, serving
from bench.signed_in import commission_of, sign_in
from bench.turns import Cell, Effort, Side, measure_in_turns, rate, slowest
from qcc.applications.models import Application
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.templating import PAGE
from qcc.kernel.permissions import Role

LIMIT = 0.60
"""The product answers at least this share of what the bare page does."""

ALIKE = 20
STATES = 5
"""Of how many states there are applications in both provinces, at least."""

HEADINGS = (
    "page         ",
    "clients",
    "requests/s",
    "bare ",
    "share",
    "limit ",
    "p95 ms",
    "bare ",
    "MB  ",
    "bare",
    "queries",
    "bare",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured how long, and whether the speed counts."""

    size: Size
    clients: tuple[int, ...]
    effort: Effort
    judged: bool


WHOLE = Plan(FULL, (1, 8, 32), Effort(rounds=5, seconds=1.6), judged=True)
QUICK = Plan(SMOKE, (1, 8), Effort(rounds=1, seconds=0.1, warm_up=0.05), judged=False)


def run(quick: bool, only: str = "") -> bool:
    """Measure everything and print it; whether every limit is kept."""
    plan = QUICK if quick else WHOLE
    kept = [_run_on(engine, plan) for engine in ("postgresql", "sqlite") if only in engine]
    return all(kept)


def _run_on(engine: str, plan: Plan) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qcc-bench-")))
        server = stack.enter_context(servers(engine, folder))
        small = stack.enter_context(built_province(server, SMALL, folder))
        large = stack.enter_context(built_province(server, plan.size, folder))
        print(
            f"\n### {engine}\n\n{_told(plan.size)}, built in {large.seconds:.0f} s.\n", flush=True
        )
        queries = _queries(large, _cookie(large))
        steady = is_steady(_queries(small, _cookie(small)), queries)
        product, plain, core = _sides(stack, large, folder)
        _require_same(product, plain, paths_of(large.app))
        kept = _measure_all(plan, product, plain, core, paths_of(large.app), queries)
        return steady and kept


def _told(size: Size) -> str:
    return (
        f"{size.centers} centers, {size.institutions} institutions,"
        f" {size.applications} applications"
    )


def _cookie(province: Province) -> str:
    """A signed-in officer of the province's commission, who sees everything."""
    organization = commission_of(province.app, PROVINCE)
    return sign_in(province.app, Role.COMMISSION_OFFICER, organization)


def paths_of(app: Flask) -> dict[str, list[str]]:
    """The addresses that are asked: first and later pages of the lists, many applications."""
    with app.app_context():
        centers = db.session.scalars(sa.select(Center.id).order_by(Center.id)).all()
        codes = db.session.scalars(
            sa.select(Application.code)
            .where(Application.submitted_at.is_not(None))
            .order_by(Application.id.desc())
        ).all()
        db.session.remove()
        db.engine.dispose()
    chosen = random.Random(len(codes)).sample(list(codes), min(len(codes), 300))
    return {
        "directory": ["/centers", *(f"/centers?after={key}" for key in _turns(centers))],
        "applications": ["/applications", *(f"/applications?after={c}" for c in _turns(codes))],
        "application": [f"/applications/{code}" for code in chosen],
    }


def _turns(keys: Sequence[object]) -> Sequence[object]:
    """After which rows pages begin, about twenty of them, spread over the whole list."""
    ends = keys[PAGE - 1 : -PAGE : PAGE]
    return ends[:: max(1, len(ends) // 20)]


Made = dict[str, tuple[int, int]]
"""By page, how many queries the product and the bare page make at most. Applications are counted
apart by their state and by whether conditions are asked, for such pages show other parts."""


def _alike(app: Flask) -> dict[str, list[str]]:
    """The addresses of pages that show the same parts: of the lists, and of each kind of
    application up to 20."""
    with app.app_context():
        rows = db.session.execute(
            sa.select(Application.code, Application.state, Center.place)
            .join(Application.center)
            .where(Application.submitted_at.is_not(None))
            .order_by(Application.id.desc())
        ).all()
        db.session.remove()
        db.engine.dispose()
    found: dict[str, list[str]] = {}
    for code, state, place in rows:
        asks = "with conditions" if place.endswith("0000") else "without conditions"
        same = found.setdefault(f"application, {state.value}, {asks}", [])
        if len(same) < ALIKE:
            same.append(f"/applications/{code}")
    lists = paths_of(app)
    return {**{page: lists[page][:ALIKE] for page in ("directory", "applications")}, **found}


def _queries(province: Province, cookie: str) -> Made:
    plain = bare.create_app(config.settings(province.environment))
    with province.app.app_context():
        engine = db.engine
    found = {}
    for page, paths in _alike(province.app).items():
        product = count_queries(province.app, engine, paths, cookie)
        beside = count_queries(plain, plain.extensions["engine"], paths)
        found[page] = (product, beside)
    engine.dispose()
    plain.extensions["engine"].dispose()
    return found


def is_steady(small: Made, large: Made) -> bool:
    """Whether every page makes as many queries over the large province as over the small one."""
    alike = sorted(small.keys() & large.keys())
    states = {page.split(", ")[1] for page in alike if ", " in page}
    if len(states) < STATES:
        print(f"FAILED: only {sorted(states)} can be compared.")
        return False
    grown = [page for page in alike if large[page][0] != small[page][0]]
    for page in grown:
        print(f"FAILED: {page} makes {small[page][0]} queries, with more rows {large[page][0]}.")
    if not grown:
        print(
            f"{len(alike)} kinds of pages make as many queries over {_told(SMALL)}.\n", flush=True
        )
    return not grown


def _most(made: Made, page: str) -> tuple[int, int]:
    """The most that any kind of a page makes."""
    kinds = [counts for kind, counts in made.items() if kind.split(", ")[0] == page]
    return max(product for product, _beside in kinds), max(beside for _product, beside in kinds)


def _sides(stack: ExitStack, province: Province, folder: Path) -> tuple[Side, Side, int | None]:
    """The product and the bare pages, served alike."""
    cores, core = machine.share_cores()
    of = province.environment
    product = serving("wsgi:app", of, folder / "product.log", cores)
    plain = serving("bench.bare:create_app()", of, folder / "bare.log", cores)
    cookie = _cookie(province)
    sides = (Side(stack.enter_context(product), cookie), Side(stack.enter_context(plain)))
    return *sides, core


def _require_same(product: Side, plain: Side, addresses: Mapping[str, Sequence[str]]) -> None:
    """Both show the same rows; else the comparison would be worth nothing."""
    for path in (path for paths in addresses.values() for path in paths[:8]):
        status, page = fetch(product.server.port, path, product.cookie)
        there, beside = fetch(plain.server.port, path)
        if (status, there) != (200, 200):
            raise RuntimeError(f"{path} answered {status}, bare {there}")
        lost = missing(page, beside)
        if lost or count_of(beside) not in page:
            raise RuntimeError(f"{path} does not show {lost[:3] or count_of(beside)}")


def _measure_all(
    plan: Plan,
    product: Side,
    plain: Side,
    core: int | None,
    addresses: Mapping[str, Sequence[str]],
    queries: Made,
) -> bool:
    table, kept = Table(HEADINGS), True
    for page, paths in addresses.items():
        for clients in plan.clients:
            cell = measure_in_turns(product, plain, paths, clients, plan.effort, core)
            missed = plan.judged and cell.ratio < LIMIT
            table.row(_row(page, clients, cell, _most(queries, page), missed))
            kept = kept and not missed and not cell.failures
    return kept


def _row(page: str, clients: int, cell: Cell, queries: tuple[int, int], missed: bool) -> list[str]:
    verdict = " MISSED" if missed else ""
    failures = f" {cell.failures} FAILED" if cell.failures else ""
    return [
        page,
        str(clients),
        f"{rate(cell.product):.0f}",
        f"{rate(cell.bare):.0f}",
        percent(cell.ratio),
        f"≥ {percent(LIMIT)}{verdict}{failures}",
        milliseconds(slowest(cell.product)),
        milliseconds(slowest(cell.bare)),
        f"{cell.memory[0]:.0f}",
        f"{cell.memory[1]:.0f}",
        str(queries[0]),
        str(queries[1]),
    ]
