"""Random histories: eight users at once never lead anywhere that the tables forbid."""

import random

import pytest
from flask import Flask

from tests.crowds import at_once
from tests.databases import PostgreSQL, Sqlite
from tests.integration.applications.competition.conftest import Compete
from tests.integration.applications.competition.histories import faults, users

BEGINNINGS = ("entered", "over", "opened", "reviewing", "lodged", "closed")


def _play(app: Flask, compete: Compete, seed: int) -> int:
    """One history; how many acts were done in it."""
    contest = compete(random.Random(seed).choice(BEGINNINGS))
    outcomes = at_once(app, users(contest, seed))
    wrong = [outcome for outcome in outcomes if not isinstance(outcome, int)]
    assert not wrong, f"history {seed}: {wrong}"
    found = faults(contest)
    assert not found, f"history {seed}: {found}"
    return sum(outcomes)


def test_histories_of_eight_users(database: Sqlite | PostgreSQL, compete: Compete) -> None:
    assert sum(_play(database.app, compete, seed) for seed in range(12)) > 60


@pytest.mark.soak
def test_five_hundred_histories(database: Sqlite | PostgreSQL, compete: Compete) -> None:
    assert sum(_play(database.app, compete, seed) for seed in range(500)) > 2500
