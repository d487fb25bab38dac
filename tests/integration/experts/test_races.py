"""Two at once: each invariant that requests could race for, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from qcc.experts.services import consents, people, review, rosters
from qcc.experts.services.consents import Answer
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.kernel.workflow import WorkflowError
from tests.databases import PostgreSQL, Sqlite
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage
from tests.integration.experts.scenes import S

EXPECTED = (Refused, StaleEdit, WorkflowError, NotFound, SQLAlchemyError)


def at_once(app: Flask, times: int, act: Callable[[int], Any]) -> list[Any]:
    """Do it so many times at the same moment; what came of each, None for the told losers."""
    gate = Barrier(times)

    def one(number: int) -> Any:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    return act(number) or True
            except EXPECTED:
                return None
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_one_panel_is_started(stage: Stage, database: Sqlite | PostgreSQL) -> None:
    here = stage("started")
    done = at_once(
        database.app,
        8,
        lambda _n: rosters.start_panel(here.secretary, date(2026, 4, 1)).id,
    )
    assert sum(each is not None for each in done) == 1


def test_one_answer_is_written(stage: Stage, database: Sqlite | PostgreSQL) -> None:
    here = stage("collecting")
    key, version, actor = scenes.awaited(here)[0]
    done = at_once(
        database.app,
        8,
        lambda n: (
            consents.answer_consent(
                actor, key, version, Answer(given=bool(n % 2), reason="理由")
            ).id
        ),
    )
    assert sum(each is not None for each in done) == 1


def test_one_of_twenty_approvals_wins(stage: Stage, database: Sqlite | PostgreSQL) -> None:
    here = stage("under_review")
    version = here.version
    done = at_once(
        database.app,
        20,
        lambda _n: review.approve_panel(here.commission, here.panel_id, version).id,
    )
    assert sum(each is not None for each in done) == 1
    assert here.panel.state is S.APPROVED
    assert len(here.panel.filings) == 2


def test_one_number_is_one_expert(stage: Stage, database: Sqlite | PostgreSQL) -> None:
    here = stage("started")
    number, employer = scenes.identity_number(), here.organization_ids["h1"]

    def register(_n: int) -> int:
        from_db = db.session.get_one(people.Organization, employer)
        said = scenes.particulars(from_db, identity=number, name="同一人")
        return people.register_expert(here.secretary, said).id

    done = {each for each in at_once(database.app, 6, register) if each is not None}
    assert len(done) == 1
