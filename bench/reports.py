"""Annual reports: those of 64 centers, made by the queue with two workers, beside a bare WeasyPrint
that sets the same documents in two processes, in turns; and a list page while they are made.

The bare side is handed the documents ready. So what counts against the product is what it adds:
reading the year, writing the document, the tasks, keeping the file with its hash, the audit.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdf
import sqlalchemy as sa

import config
from bench.databases import Province, built_province, servers
from bench.load import Order, Result, measure
from bench.province import Size
from bench.province.bodies import PROVINCE
from bench.province.panels import seat_panels
from bench.province.years import live_years
from bench.report import Table, milliseconds, percent
from bench.servers import Server, serving
from bench.signed_in import commission_of, sign_in
from qcc.accounts.models import RoleAssignment
from qcc.accounts.queries import get_desk_actor
from qcc.centers.models import Center
from qcc.evaluations.documents import annual_report
from qcc.evaluations.models import AnnualReport, ReportBatch
from qcc.evaluations.queries.annual_report import read_center_year
from qcc.evaluations.services import reporting
from qcc.experts.models import Panel
from qcc.infra import clock, files
from qcc.infra.db import db, transaction
from qcc.infra.queue import Task, TaskState
from qcc.kernel.dates import start_of_day
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization

OVERHEAD = 0.25
"""The product takes at most so much longer than the bare rendering."""

SLOWER = 2.0
"""95 of 100 list pages come within so many times the time that they take without the batch."""

WORKERS = 2
PATIENCE = 1800.0
HEADINGS = ("reports", "pages", "pages/s", "bare", "overhead", "limit ")
PAGE = "/centers"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many centers, how large their panels, meetings in how many months; in how many turns;
    whether the speed counts; how nice the workers are: in a small trial they wait for nobody."""

    size: Size
    reports: int
    turns: int
    panel: int
    months: int
    asking: float
    judged: bool
    nice: int


WHOLE = Plan(
    Size(85, 300, 400), reports=64, turns=4, panel=30, months=12, asking=12, judged=True, nice=10
)
QUICK = Plan(
    Size(5, 20, 20), reports=2, turns=1, panel=4, months=1, asking=0.5, judged=False, nice=0
)


def run(quick: bool, only: str = "") -> bool:
    """Measure and print; whether every limit is kept. A small trial is made on SQLite alone."""
    plan = QUICK if quick else WHOLE
    engines = ("sqlite",) if quick else ("postgresql", "sqlite")
    kept = [_run_on(engine, plan) for engine in engines if only in engine]
    return all(kept)


def _run_on(engine: str, plan: Plan) -> bool:
    print(f"\n### Annual reports on {engine}\n", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qcc-bench-")))
        server = stack.enter_context(servers(engine, folder))
        province = stack.enter_context(built_province(server, plan.size, folder))
        with province.app.app_context():
            centers, documents = _prepare(plan, folder)
        cookie = sign_in(
            province.app, Role.COMMISSION_OFFICER, commission_of(province.app, PROVINCE)
        )
        web = serving("wsgi:app", province.environment, folder / "web.log", os.sched_getaffinity(0))
        side = stack.enter_context(web)
        stack.enter_context(_workers(province, folder, plan.nice))
        return _measure(plan, province, side, cookie, centers, documents)


def _prepare(plan: Plan, folder: Path) -> tuple[list[int], list[Path]]:
    """The centers, and their documents as the product writes them."""
    year = clock.today().year - 1
    centers = live_years(year, plan.reports, plan.months)
    if len(centers) < plan.reports:
        raise RuntimeError(f"only {len(centers)} centers have a host")
    seat_panels(0, plan.size.centers, plan.panel)
    begin = start_of_day(clock.today().replace(year=year, month=2, day=1))
    with transaction() as session:
        session.execute(sa.update(Panel).values(approved_at=begin))
    documents = []
    for key in centers:
        center = db.session.get_one(Center, key)
        text = annual_report.html(read_center_year(center, year, clock.today()))
        documents.append(folder / f"{key}.html")
        documents[-1].write_text(text, "utf-8")
        db.session.rollback()
    db.session.remove()
    db.engine.dispose()
    return centers, documents


@contextmanager
def _workers(province: Province, folder: Path, nice: int) -> Iterator[None]:
    """The product's own worker process, with two workers."""
    log = folder / "worker.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--workers", str(WORKERS)],
            cwd=config.ROOT,
            env={**province.environment, "PYTHONPATH": str(config.ROOT), "WORKER_NICE": str(nice)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _measure(
    plan: Plan,
    province: Province,
    side: Server,
    cookie: str,
    centers: Sequence[int],
    documents: Sequence[Path],
) -> bool:
    """In turns a share of the reports by the product, the same by the bare processes."""
    seconds: list[tuple[float, float]] = []
    pages, share = 0, len(centers) // plan.turns
    _make(province, centers[:1])  # both are warm
    with _bare(plan.nice) as ask:
        ask(documents[:WORKERS])
        for turn in range(plan.turns):
            part = slice(turn * share, (turn + 1) * share)
            made, bare = _make(province, centers[part]), ask(documents[part])
            pages += made[1]
            seconds.append((made[0], bare))
    product, bare = (sum(times) for times in zip(*seconds, strict=True))
    overhead = statistics.median(p / b for p, b in seconds) - 1
    missed = plan.judged and overhead > OVERHEAD
    table = Table(HEADINGS)
    table.row(
        [
            str(share * plan.turns),
            str(pages),
            f"{pages / product:.2f}",
            f"{pages / bare:.2f}",
            percent(overhead),
            f"≤ {percent(OVERHEAD)}{' MISSED' if missed else ''}",
        ]
    )
    return _list_page(plan, province, side, cookie) and not missed


def _actor() -> Actor:
    """The officer of the province's commission, who asks for the batch."""
    desk = (
        sa.select(RoleAssignment.id)
        .join(RoleAssignment.organization)
        .where(RoleAssignment.role == Role.COMMISSION_OFFICER, Organization.place == PROVINCE)
    )
    key = db.session.scalars(desk.order_by(RoleAssignment.id)).first()
    actor = get_desk_actor(key or 0, "127.0.0.1")
    if actor is None:
        raise RuntimeError("nobody sits at the commission's desk")
    return actor


def _make(province: Province, centers: Sequence[int]) -> tuple[float, int]:
    """Have the reports made by the workers; the seconds that it took, and how many pages."""
    with province.app.app_context():
        actor = _actor()
        began = time.perf_counter()
        with transaction():
            keys = [
                reporting.ask_for_report(actor, center, clock.today().year - 1).id
                for center in centers
            ]
        _wait_for(keys)
        took = time.perf_counter() - began
        pages = _pages_of(keys)
        db.session.remove()
        db.engine.dispose()
    return took, pages


def _wait_for(keys: Sequence[int]) -> None:
    unmade = sa.select(sa.func.count()).where(
        AnnualReport.id.in_(keys), AnnualReport.file_id.is_(None)
    )
    deadline = time.monotonic() + PATIENCE
    while db.session.scalar(unmade):
        db.session.rollback()
        if time.monotonic() > deadline:
            raise RuntimeError("the reports were not made in time")
        time.sleep(0.1)


def _pages_of(keys: Sequence[int]) -> int:
    found = db.session.scalars(sa.select(AnnualReport).where(AnnualReport.id.in_(keys)))
    kept = [report.file for report in found if report.file]
    return sum(len(pypdf.PdfReader(files.folder() / file.place).pages) for file in kept)


@contextmanager
def _bare(nice: int) -> Iterator["Bare"]:
    """Two processes that set documents with WeasyPrint and do nothing else, as nice as workers."""
    command = [sys.executable, "-m", "bench.bare_report"]
    started = [
        subprocess.Popen(
            command,
            cwd=config.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NICE": str(nice), "PYTHONPATH": str(config.ROOT)},
            start_new_session=True,  # as renderers are: weighed alike
        )
        for _ in range(WORKERS)
    ]
    try:
        yield Bare(started)
    finally:
        for process in started:
            process.kill()
            process.wait()


@dataclass(frozen=True, slots=True)
class Bare:
    """The two processes; each takes the next document when it is done with one."""

    processes: Sequence["subprocess.Popen[str]"]

    def __call__(self, documents: Sequence[Path]) -> float:
        """The seconds that they take for these together."""
        began = time.perf_counter()
        halves = [documents[at :: len(self.processes)] for at in range(len(self.processes))]
        for process, half in zip(self.processes, halves, strict=True):
            if process.stdin is None:
                raise RuntimeError("the process has no input")
            process.stdin.write(json.dumps([str(path) for path in half]) + "\n")
            process.stdin.flush()
        for process in self.processes:
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError("a bare process ended")
        return time.perf_counter() - began


def _list_page(plan: Plan, province: Province, side: Server, cookie: str) -> bool:
    """The directory for one client after another, in turns without a batch and during one."""
    order = Order(side.port, [PAGE], cookie, 1, plan.asking)
    measure(Order(side.port, [PAGE], cookie, 1, 0.5))
    quiet, busy = Result(), Result()
    for _turn in range(min(plan.turns, 2)):
        _add(quiet, measure(order))
        with province.app.app_context():
            with transaction():
                code = reporting.ask_for_batch(_actor(), clock.today().year - 1).code
            _wait_until_running(code)
            _add(busy, measure(order))
            _drop(code)
            db.session.remove()
            db.engine.dispose()
    times = quiet.percentile(0.95), busy.percentile(0.95)
    ratio = times[1] / times[0]
    missed = plan.judged and ratio > SLOWER
    print(
        f"\nThe directory during a batch: p95 {milliseconds(times[1])} ms, without"
        f" {milliseconds(times[0])} ms: {ratio:.2f} times, limit ≤ {SLOWER:.0f}"
        f"{' MISSED' if missed else ''}"
    )
    return not missed and not quiet.failures and not busy.failures


def _add(whole: Result, part: Result) -> None:
    whole.times += part.times
    whole.seconds += part.seconds
    whole.failures += part.failures


def _wait_until_running(code: str) -> None:
    """Until both workers are at it."""
    running = (
        sa.select(sa.func.count())
        .select_from(AnnualReport)
        .join(AnnualReport.batch)
        .join(Task, Task.id == AnnualReport.task_id)
        .where(ReportBatch.code == code, Task.state != TaskState.WAITING)
    )
    deadline = time.monotonic() + PATIENCE
    while (db.session.scalar(running) or 0) < WORKERS:
        db.session.rollback()
        if time.monotonic() > deadline:
            raise RuntimeError("the batch was not begun")
        time.sleep(0.05)
    db.session.rollback()


def _drop(code: str) -> None:
    """What is still waiting of a batch is not made any more; what is under way comes to its end."""
    with transaction() as session:
        batch = session.scalars(sa.select(ReportBatch).filter_by(code=code)).one()
        of_it = sa.select(AnnualReport.task_id).filter_by(batch_id=batch.id)
        waiting = sa.and_(Task.state == TaskState.WAITING, Task.id.in_(of_it))
        session.execute(sa.update(Task).where(waiting).values(state=TaskState.FAILED))
    running = sa.select(sa.func.count()).where(Task.state == TaskState.RUNNING)
    while db.session.scalar(running):
        db.session.rollback()
        time.sleep(0.1)
    db.session.rollback()
