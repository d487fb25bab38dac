"""A competition at each point of its course, made once for each database; every test begins with
a copy."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import MORNING, Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories import competitions
from tests.factories.competitions import Contest

MADE: dict[str, Callable[..., Contest]] = {
    "planned": competitions.planned_contest,
    "entered": competitions.entered,
    "over": competitions.over,
    "opened": competitions.opened,
    "reviewing": competitions.reviewing,
    "lodged": competitions.lodged,
    "closed": competitions.closed,
}
Compete = Callable[..., Contest]


@pytest.fixture(scope="session")
def _contests() -> dict[tuple[str, str], tuple[Contest, datetime]]:
    return {}


@pytest.fixture
def compete(
    database: Sqlite | PostgreSQL,
    engine_kind: str,
    clock: Clock,
    _contests: dict[tuple[str, str], tuple[Contest, datetime]],
) -> Iterator[Compete]:
    """The competition at the point of that name, the clock with it; made anew where a test wants
    something else about it."""
    contexts = []

    def begin(name: str, *args: Any, **more: Any) -> Contest:
        leave()
        key = engine_kind, name
        is_usual = not (args or more)
        kept = is_usual and key in _contests
        database.refresh(f"competition_{name}") if kept else database.refresh()
        context = database.app.app_context()
        context.push()
        contexts.append(context)
        if kept:
            contest, clock.moment = deepcopy(_contests[key])
            contest.clock = clock
            return contest
        clock.moment = MORNING
        contest = MADE[name](clock, *args, **more)
        if is_usual:
            _contests[key] = deepcopy((contest, clock.moment))
            database.leave()
            database.keep(f"competition_{name}")
        return contest

    def leave() -> None:
        while contexts:
            database.leave()
            contexts.pop().pop()

    yield begin
    leave()
