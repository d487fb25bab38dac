"""Pages of a round take as many statements for many centers as for one."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qcc.kernel.permissions import Actor
from tests.conftest import Clock
from tests.counting import statements
from tests.factories import evaluations as make
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene

FEW, MANY = 1, 5
EXPECTED = {"published": 8, "round": 6, "sheet": 8, "item": 8, "center": 8, "board": 9}
"""With that for the reader; SQLite is told besides that a transaction begins."""


def asked(client: FlaskClient, actor: Actor, path: str) -> int:
    """How many statements the page takes, once everything is warm."""
    sit_down(client, actor)
    client.get(path)
    with statements() as made:
        assert client.get(path).status_code == 200
    return len(made)


def _counts(client: FlaskClient, here: Scene, clock: Clock) -> dict[str, int]:
    """By page and state of the round; the first year is published, the second being scored."""
    found = {}
    for year in (2025, 2026):
        clock.set(datetime(year, 12, 1, 1, tzinfo=UTC))
        if year == 2025:
            make.published(here, year, ("0.8",) * len(here.centers))
        else:
            make.being_scored(here, year)
        root = f"/rounds/{here.code}"
        for who, actor in (("organizer", here.evaluation), ("commission", here.commission)):
            page = "published" if year == 2025 else "round"
            found[f"{page} {year} {who}"] = asked(client, actor, root)
        for name, path in (("sheet", "/sheet"), ("item", "/items/A3")):
            found[f"{name} {year}"] = asked(client, here.assessors[0], root + path)
        board = f"/assessment-board?year={year}"
        found[f"board {year}"] = asked(client, here.commission, board)
        of_center = f"{root}/centers/{here.codes[0]}"
        found[f"center {year}"] = asked(client, here.assessors[0], of_center)
    return found


@pytest.mark.parametrize("centers", [FEW, MANY])
def test_queries_do_not_grow_with_the_centers(
    app: Flask, client: FlaskClient, clock: Clock, engine_kind: str, centers: int
) -> None:
    clock.set(datetime(2024, 3, 1, 1, tzinfo=UTC))
    here = make.scene(centers)
    found = _counts(client, here, clock)
    assert {page.split()[0] for page in found} == set(EXPECTED)
    begun = 1 if engine_kind == "sqlite" else 0
    assert {page: EXPECTED[page.split()[0]] + begun for page in found} == found
