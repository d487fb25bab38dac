"""Work by the clock as administrators see it: by commands and by pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from qcc.infra.job_pages import WORKS
from qcc.infra.scheduler import Job, run_due
from qcc.kernel.periods import Period
from tests.conftest import Clock


@pytest.fixture
def jobs(app: Flask, clock: Clock) -> Iterator[list[str]]:
    """Two jobs of our own in place of the product's; what the first was run for."""
    done: list[str] = []

    def run(period: Period) -> str:
        done.append(period.name)
        return f"{len(done)} done"

    def fail(_period: Period) -> None:
        raise OSError("no space left")

    kept = app.extensions[WORKS]
    app.extensions[WORKS] = {"a.works": Job("a.works", run), "a.fails": Job("a.fails", fail)}
    yield done
    app.extensions[WORKS] = kept


def said(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["jobs", *words])
    return result.exit_code, result.output


def test_the_list_tells_the_newest_run_and_what_failed(app: Flask, jobs: list[str]) -> None:
    code, text = said(app, "list")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()] == ["a.works", "a.fails"]
    assert text.count("never") == 2
    for job in app.extensions[WORKS].values():
        run_due(job)
    lines = said(app, "list")[1].splitlines()
    assert lines[0].endswith("2026-03-02 1 done")
    assert lines[1].endswith("never, 1 failed since")


def test_a_day_is_run_once_by_hand(app: Flask, jobs: list[str]) -> None:
    assert said(app, "run", "a.works") == (0, "a.works 2026-03-02: 1 done\n")
    assert said(app, "run", "a.works") == (0, "a.works 2026-03-02: was done before\n")
    assert said(app, "run", "a.works", "--on", "2026-02-27") == (0, "a.works 2026-02-27: 2 done\n")
    assert jobs == ["2026-03-02", "2026-02-27"]


def test_a_day_by_hand_leaves_out_none_before_it(app: Flask, jobs: list[str], clock: Clock) -> None:
    said(app, "run", "a.works")
    clock.forward(timedelta(days=2))
    code, text = said(app, "run", "a.works")
    assert (code, jobs) == (1, ["2026-03-02"])
    assert "Earlier days were missed" in text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["a.thing"], "There is no job a.thing"),
        (["a.works", "--on", "2026-02-30"], "YYYY-MM-DD"),
        (["a.works", "--on", "2026-03-03"], "future"),
        (["a.fails"], "failed"),
    ],
)
def test_what_cannot_be_run(app: Flask, jobs: list[str], words: list[str], why: str) -> None:
    code, text = said(app, "run", *words)
    assert code == 1
    assert why in text
    assert jobs == []
