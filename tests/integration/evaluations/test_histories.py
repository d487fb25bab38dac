"""Ten-year histories by chance through the services and the database, against the independent
model: which hostings ended, by what, whether the panel stays, what is proposed, ordered, called."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from qcc.infra import audit
from qcc.infra.db import db
from tests.chronicle import Chronicle
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories.evaluations import Scene
from tests.integration.conftest import Kept
from tests.walking import walk

Walk = Callable[[int], Chronicle]

SEEDS = {"sqlite": range(6), "postgresql": range(6, 8)}


@pytest.fixture
def walks(kept: Kept[Scene], clock: Clock) -> Walk:
    """A history of its own, on the scene as it was made."""

    def run(seed: int) -> Chronicle:
        clock.set(datetime(2025, 3, 1, 1, tzinfo=UTC))
        here = kept("walked", lambda: make.scene(centers=1, assessors=1))
        model = walk(here, clock, seed)
        assert list(audit.verify(db.session)) == []
        return model

    return run


def test_ten_years(walks: Walk, engine_kind: str) -> None:
    """A few on each database; many by ``make soak``. Some end by strikes, some by a violation."""
    terms = [term for seed in SEEDS[engine_kind] for term in walks(seed).terms]
    assert {"strikes", "violation"} <= {term.ended_by for term in terms}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 250))
def test_many_ten_years(walks: Walk, seed: int) -> None:
    """150 on each database."""
    walks(seed)
