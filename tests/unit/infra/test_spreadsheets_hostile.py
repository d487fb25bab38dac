"""Hostile workbooks: each ends as a refusal with its code, in time, and the caller lives."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qcc.infra.spreadsheets import sandbox
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.reading import Sheet, read_sheet
from qcc.infra.spreadsheets.refusals import MEGABYTE, SheetLimits, SpreadsheetRefused
from tests.factories.workbooks import HOSTILE, mutated, overlapping_bomb, roster, workbook

ROOT = Path(__file__).resolve().parents[3]


def outcome(data: bytes) -> str:
    """`read`, or the code of the refusal; anything else is the test's failure."""
    try:
        assert isinstance(read_sheet(data), Sheet)
    except SpreadsheetRefused as refused:
        return refused.code
    return "read"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_its_code_in_time(name: str) -> None:
    build, codes = HOSTILE[name]
    data = build()
    started = time.monotonic()
    code = outcome(data)
    assert code in codes.split("|")
    assert time.monotonic() - started < 10


def test_bombs_are_refused_before_any_child_is_started() -> None:
    assert len(overlapping_bomb()) < 45_000
    for name in ("bomb", "steep bomb", "overlapping bomb", "quoted bomb"):
        data = HOSTILE[name][0]()
        started = time.monotonic()
        outcome(data)
        assert time.monotonic() - started < 0.5


def test_hostile_workbooks_stay_within_memory(tmp_path: Path) -> None:
    """A fresh process reads and marks them all: neither it nor any of its children grows."""
    for number, (build, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number:03d}").write_bytes(build())
    program = """
import json, resource, sys
import re
from pathlib import Path
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.reading import read_sheet
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
codes = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_sheet(path.read_bytes())
        codes.append("read")
    except SpreadsheetRefused as refused:
        codes.append(refused.code)
    if codes[-1] == "read":  # the others fail the same inspection
        try:
            mark_up(path.read_bytes(), {"B2": "x"})
        except SpreadsheetRefused:
            pass
own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([codes, own // 1024, children // 1024]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    codes, own_peak_mb, child_peak_mb = json.loads(done.stdout)
    allowed = [codes.split("|") for _, codes in HOSTILE.values()]
    assert all(code in each for code, each in zip(codes, allowed, strict=True))
    assert own_peak_mb < 100
    assert child_peak_mb < 512


def test_a_refusal_of_formulas_names_the_cells() -> None:
    with pytest.raises(SpreadsheetRefused) as caught:
        read_sheet(HOSTILE["formula"][0]())
    assert caught.value.params == {"cell": "C5", "cells": ["C5"], "count": 1}


def test_a_child_that_runs_too_long_is_ended() -> None:
    data = workbook([[f"{row}-{column}" for column in range(40)] for row in range(3_000)])
    started = time.monotonic()
    with pytest.raises(SpreadsheetRefused) as caught:
        read_sheet(data, limits=SheetLimits(seconds=1))
    assert caught.value.code == "too_slow"
    assert time.monotonic() - started < 3


def test_a_child_that_wants_too_much_memory_is_ended() -> None:
    data = workbook([[f"{row}-{column}" for column in range(40)] for row in range(3_000)])
    with pytest.raises(SpreadsheetRefused) as caught:
        read_sheet(data, limits=SheetLimits(memory=48 * MEGABYTE))
    assert caught.value.code == "too_complex"


def test_a_broken_installation_is_no_fault_of_the_file() -> None:
    with pytest.raises(sandbox.SandboxBroken, match="no_such_program"):
        sandbox.run("qcc.no_such_program", roster(), SheetLimits(), {})


def test_the_child_knows_neither_the_web_nor_the_database() -> None:
    program = "import sys, qcc.infra.spreadsheets.child_read; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    loaded = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert not {"flask", "sqlalchemy", "openpyxl", "xlsxwriter"} & set(loaded.split())


def test_several_threads_read_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(outcome, [roster()] * 8)) == {"read"}


def campaign(seeds: range) -> dict[str, int]:
    """How often each outcome came of mutated rosters; a foreign exception passes through."""
    data = roster(5)
    counts: dict[str, int] = {}
    with ThreadPoolExecutor(3) as pool:
        for code in pool.map(lambda seed: outcome(mutated(data, seed)), seeds):
            counts[code] = counts.get(code, 0) + 1
    return counts


def marked(seed: int) -> bool:
    """Whether a mutated roster could be handed back; a foreign exception passes through."""
    try:
        return mark_up(mutated(roster(5), seed), {"B2": "错误"}).startswith(b"PK")
    except SpreadsheetRefused:
        return False


def test_mutated_workbooks_are_read_or_refused() -> None:
    counts = campaign(range(220))
    assert sum(counts.values()) == 220
    assert counts["read"] > 20
    assert counts["damaged"] > 20


def test_mutated_workbooks_are_marked_or_refused() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert True in set(pool.map(marked, range(1_000, 1_020)))


@pytest.mark.soak
def test_two_thousand_mutated_workbooks_are_read_or_refused() -> None:
    assert sum(campaign(range(10_000, 12_000)).values()) == 2_000


@pytest.mark.soak
def test_five_hundred_mutated_workbooks_are_marked_or_refused() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert True in set(pool.map(marked, range(20_000, 20_500)))
