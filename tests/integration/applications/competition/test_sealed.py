"""Nobody peeks into a sealed competition; and each check that keeps them out is missed when it is
taken away."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from qcc.applications import permissions, services
from qcc.applications.documents import HTML_OF
from qcc.applications.models import Application, Reviewer
from qcc.applications.queries import lists, reading, single
from qcc.applications.queries.competitions import reviewer as reviewers
from qcc.applications.services import papers, steps, submitting
from qcc.infra.papers import issue_pending
from qcc.kernel.permissions import Actor, Role
from tests.databases import PostgreSQL, Sqlite
from tests.factories.applications import do
from tests.factories.competitions import score
from tests.integration.applications.competition.conftest import Compete
from tests.integration.applications.competition.peeking import (
    leaks,
    leaks_of_scores,
    leaks_to_undeclared,
)

Base = Sqlite | PostgreSQL


@pytest.mark.parametrize("point", ["entered", "over"])
def test_nobody_learns_anything_before_the_opening(
    database: Base, compete: Compete, point: str
) -> None:
    contest = compete(point)
    assert leaks(database.app, contest) == []


def test_after_the_opening_a_rival_still_learns_nothing(database: Base, compete: Compete) -> None:
    contest = compete("opened")
    found = [leak for leak in leaks(database.app, contest) if "institution_officer" in leak]
    assert found == []


def _without_the_seal(actor: Actor) -> sa.ColumnElement[bool]:
    """Scope as it would be if a sealed application were like any other."""
    was_submitted = Application.submitted_at.is_not(None)
    if actor.role is Role.INSTITUTION_OFFICER:
        return Application.institution_id == actor.organization_id
    if actor.role in (Role.EVALUATION_OFFICER, Role.COMMISSION_OFFICER):
        return was_submitted
    return sa.false()


def _without_the_institution(actor: Actor) -> sa.ColumnElement[bool]:
    """Scope as it would be if hospitals saw all that was submitted."""
    if actor.role is Role.INSTITUTION_OFFICER:
        return Application.submitted_at.is_not(None)
    return permissions.application_is_visible_to(actor)


def _clear() -> None:
    """Statements that are kept by scope are built anew."""
    for module in (lists, reading):
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()


@pytest.fixture
def weakened(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Take a check away, in every module that uses it."""

    def weaken(name: str, instead: object, *modules: object) -> None:
        for module in modules:
            monkeypatch.setattr(module, name, instead)
        _clear()

    yield weaken
    monkeypatch.undo()
    _clear()


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("module", "scope"),
    [
        (lists, _without_the_seal),
        (lists, _without_the_institution),
        (single, _without_the_seal),
        (single, _without_the_institution),
        (reading, _without_the_seal),
        (reading, _without_the_institution),
        (papers, _without_the_institution),
    ],
)
def test_a_scope_taken_away_is_missed(
    database: Base,
    compete: Compete,
    weakened: Callable[..., None],
    module: object,
    scope: Callable[[Actor], object],
) -> None:
    contest = compete("over")
    while module is papers and issue_pending(HTML_OF):
        pass
    weakened("application_is_visible_to", scope, module)
    assert leaks(database.app, contest) != []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_the_seal_at_the_submission_taken_away_is_missed(
    database: Base, compete: Compete, weakened: Callable[..., None]
) -> None:
    weakened("SEALED", frozenset(), submitting)
    assert leaks(database.app, compete("entered", hospitals=3)) != []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_silence_towards_the_staff_taken_away_is_missed(
    database: Base, compete: Compete, weakened: Callable[..., None]
) -> None:
    original = steps._tell

    def tell(transition: Any, application: Application) -> None:
        sealed, application.sealed = application.sealed, False
        original(transition, application)
        application.sealed = sealed

    weakened("_tell", tell, steps)
    assert leaks(database.app, compete("entered", hospitals=3)) != []


def test_scores_are_nobodys_before_the_close(database: Base, compete: Compete) -> None:
    contest = compete("reviewing")
    for review, actor in contest.reviews().items():
        score(contest, review, dict.fromkeys(contest.entries(), ("87.3", "43.1")))
        do(lambda r=review, a=actor: services.lodge(a, r))
    assert leaks_of_scores(database.app, contest) == []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_the_reviewers_own_scope_taken_away_is_missed(
    database: Base, compete: Compete, weakened: Callable[..., None]
) -> None:
    contest = compete("lodged")
    everybodys = lambda actor: sa.select(Reviewer).join(Reviewer.competition)  # noqa: E731
    weakened("_own_reviews", everybodys, reviewers)
    assert leaks_of_scores(database.app, contest) != []


def test_without_a_declaration_no_file_opens(database: Base, compete: Compete) -> None:
    contest = compete("reviewing", declared=False)
    assert leaks_to_undeclared(database.app, contest) == []


def test_who_reported_a_conflict_reads_nothing_more(database: Base, compete: Compete) -> None:
    contest = compete("reviewing")
    for review, actor in contest.reviews().items():
        score(contest, review, {contest.entries()[0]: ("80", "40")})
        do(lambda r=review, a=actor: services.report_conflict(a, r, "亲属关系"))
    assert leaks_to_undeclared(database.app, contest) == []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_the_declaration_taken_away_is_missed(
    database: Base, compete: Compete, weakened: Callable[..., None]
) -> None:
    contest = compete("reviewing", declared=False)
    weakened("may_read_entries", lambda reviewer: True, reviewers)
    assert leaks_to_undeclared(database.app, contest) != []


def test_points_stay_exact(compete: Compete) -> None:
    """87.3 is 87.3 on both databases."""
    contest = compete("reviewing")
    review = next(iter(contest.reviews()))
    score(contest, review, {contest.entries()[0]: ("87.3", "43.1")})
    part = next(r for r in contest.row.reviewers if r.code == review)
    found = {draft.points for draft in reviewers.list_drafts(part.id).values()}
    assert found == {Decimal("87.3"), Decimal("43.1")}
