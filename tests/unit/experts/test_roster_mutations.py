"""Thousands of damaged rosters: each is read, rejected cell by cell, or refused as a whole."""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcc.experts.roster.messages import marks
from qcc.experts.roster.parsing import Rejected, Roster, parse_roster, parse_sheet
from qcc.infra.spreadsheets.addresses import letter
from qcc.infra.spreadsheets.reading import Cell, Row, Sheet
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from tests.factories.workbooks import mutated
from tests.unit.experts.rosters import KEYS, TERM_START, TITLES, people, person, roster_file

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("number", [500, pytest.param(3_000, marks=pytest.mark.soak)])
def test_mutated_workbooks_give_no_unhandled_error(number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.experts.reading_many", "0", str(number)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert sum(counts.values()) == number
    # Chance has to reach every depth: the bytes, the head, the cells, the rules.
    assert (
        min(counts[each] for each in ("damaged", "columns_missing", "rejected", "findings"))
        > number // 80
    )


def outcome(seed: int) -> str:
    """The same through the sandbox, a process for each workbook."""
    try:
        return type(parse_roster(mutated(WHOLE, seed), on=TERM_START)).__name__
    except SpreadsheetRefused as refused:
        return refused.code


WHOLE = roster_file(people(5, from_host=1))


def campaign(seeds: range) -> Counter[str]:
    with ThreadPoolExecutor(3) as pool:
        return Counter(pool.map(outcome, seeds))


def test_mutated_workbooks_are_read_or_refused_through_the_sandbox() -> None:
    counts = campaign(range(60))
    assert counts.total() == 60
    assert counts["Roster"] > 3
    assert counts["damaged"] > 10


@pytest.mark.soak
def test_two_thousand_mutated_workbooks_through_the_sandbox() -> None:
    assert campaign(range(10_000, 12_000)).total() == 2_000


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["主任医师", "正高", "男", "组长", "健康", "无", "1975-03-01", "000000197503010019"]
    ),
)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1))
def test_whatever_stands_in_a_row_is_answered(changes: dict[str, object]) -> None:
    values = {**person(1), **changes}
    head = Row(1, tuple(Cell(title, 1, letter(n)) for n, title in enumerate(TITLES, 1)))
    body = Row(
        2,
        tuple(
            Cell(values[key], 2, letter(n))  # type: ignore[arg-type]
            for n, key in enumerate(KEYS, 1)
            if values.get(key) is not None
        ),
    )
    parsed = parse_sheet(Sheet("名单", (head, body)), on=TERM_START)
    if isinstance(parsed, Rejected):
        assert marks(parsed.errors)
    else:
        assert isinstance(parsed, Roster)
        assert len(parsed.rows) == 1
