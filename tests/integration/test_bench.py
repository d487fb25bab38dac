"""The bench runs and prints: a small province on both databases, every page beside its bare page.

Nothing is said about speed: tests share their machine with others.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import pages

ROOT = Path(__file__).parents[2]


"""One worker takes all of it, so that the bench runs once."""


@pytest.fixture(scope="module")
def printed(postgresql: str) -> str:
    """What a quick bench prints, on the tests' own PostgreSQL and on SQLite."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        env={**os.environ, "TEST_PG_URL": postgresql},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def rows_of(text: str, engine: str) -> list[list[str]]:
    """The lines of the table below a database's heading, split into cells."""
    part = text.partition(f"### {engine}\n")[2].partition("\n###")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_every_page_is_measured_beside_its_bare_page(printed: str, engine: str) -> None:
    rows = rows_of(printed, engine)
    wanted = [(p, c) for p in ("directory", "applications", "application") for c in ("1", "8")]
    assert [(row[0], row[1]) for row in rows] == wanted
    for row in rows:
        rates = [float(row[2]), float(row[3])]
        assert min(rates) > 0
        assert row[5].startswith("≥ 60 %")


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_queries_do_not_grow_with_the_rows(printed: str, engine: str) -> None:
    section = printed.partition(f"### {engine}\n")[2].partition("\n###")[0]
    assert "kinds of pages make as many queries over 20 centers" in section
    assert all(int(row[-2]) <= 10 for row in rows_of(printed, engine))


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_panels_are_checked_without_a_query_for_each(printed: str, engine: str) -> None:
    rows = rows_of(printed, f"Panels on {engine}")
    assert [(row[0], row[1]) for row in rows] == [("5", "80"), ("20", "320")]
    assert len({row[-1] for row in rows}) == 1
    assert int(rows[0][-1]) <= 6


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_a_round_is_scored_with_as_many_queries_for_more_centers(printed: str, engine: str) -> None:
    rows = rows_of(printed, f"Scoring on {engine}")
    assert [(row[0], row[1]) for row in rows] == [("2", "76"), ("4", "152")]
    assert len({row[-1] for row in rows}) == 1


def test_annual_reports_are_made_beside_a_bare_rendering(printed: str) -> None:
    ((reports, pages, rate, bare, _overhead, limit),) = rows_of(printed, "Annual reports on sqlite")
    assert (reports, limit) == ("2", "≤ 25 %")
    assert int(pages) >= 2 * 10
    assert min(float(rate), float(bare)) > 0
    assert "The directory during a batch: p95" in printed


def test_a_page_that_makes_more_queries_over_more_rows_is_told() -> None:
    counts = {f"application, {state}, asks": (5, 10) for state in "abcde"}
    assert pages.is_steady(counts, counts)
    assert not pages.is_steady(counts, {**counts, "application, a, asks": (6, 10)})
    assert not pages.is_steady({}, counts)
