"""Approval is one act: hosting, officers, persons and the center, or nothing of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from qcc.applications import services
from qcc.applications.models import Application, Decision
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Hosting, Officer
from qcc.centers.rules import OfficerPost
from qcc.centers.workflow import CenterState
from qcc.infra import audit
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import Refused, RulesBroken
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.kernel.workflow import ActionNotPossible
from qcc.organizations.models import Person
from qcc.organizations.services import find_or_add_person
from tests.factories.applications import center_of, do, find
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState


def rows(model: type, **wanted: object) -> int:
    found = sa.select(sa.func.count()).select_from(model).filter_by(**wanted)
    return db.session.scalar(found) or 0


def test_an_approval_establishes_the_center(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    known = find(code).officers[0]
    person = do(lambda: find_or_add_person(None, {
        "name": known.name, "employer_id": known.employer_id, "birth_date": known.birth_date,
    }).id)  # fmt: skip
    people = rows(Person)
    decision_id = do(lambda: services.approve(here.commission, code).id)
    application, decision = find(code), db.session.get_one(Decision, decision_id)
    hosting = db.session.get_one(Hosting, decision.hosting_id)
    assert center_of(code).state is CenterState.ESTABLISHED
    assert (hosting.center_id, hosting.institution_id, hosting.started_on) == (
        application.center_id, application.institution_id, date(2026, 3, 2),
    )  # fmt: skip
    assert hosting.rulebook_version == application.rulebook_version == decision.rulebook_version
    officers = db.session.scalars(sa.select(Officer).filter_by(hosting_id=hosting.id)).all()
    proposed = [(o.post, o.name, o.employer_id) for o in application.officers]
    assert [(o.post, o.person.name, o.person.employer_id) for o in officers] == proposed
    assert officers[0].person_id == person
    assert rows(Person) == people + len(officers) - 1
    assert (decision.approved, decision.decided_by) == (True, here.commission.person_id)
    assert decision.decided_at == application.decided_at


FAILING = (
    "transition_records",
    "hostings",
    "people",
    "officers",
    "messages",
    "decisions",
    "papers",
    "audit_events",
)


@contextmanager
def refusing_rows(table: str) -> Iterator[None]:
    """The database takes no row into the table: what a full disk or a broken rule looks like."""
    if db.engine.dialect.name == "sqlite":
        make = [
            f"CREATE TRIGGER broken BEFORE INSERT ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'broken'); END"
        ]
        drop = ["DROP TRIGGER broken"]
    else:
        make = [
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'broken'; END$$",
            f"CREATE TRIGGER broken BEFORE INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION broken()",
        ]
        drop = [f"DROP TRIGGER broken ON {table}", "DROP FUNCTION broken()"]
    _run(make)
    try:
        yield
    finally:
        db.session.rollback()
        _run(drop)


def _run(statements: list[str]) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_failure_anywhere_undoes_everything(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    before = everything()
    for table in FAILING:
        with refusing_rows(table), pytest.raises(DBAPIError, match="broken"):
            do(lambda: services.approve(here.commission, code))
        assert everything() == before, table
    do(lambda: services.approve(here.commission, code))
    assert find(code).state is S.APPROVED
    assert list(audit.verify(db.session())) == []


def test_two_who_were_judged_as_two_do_not_become_one(scene: Scene) -> None:
    """Namesakes with two birth dates, of whom the register knows one, without a birth date."""
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    name = find(code).officers[2].name
    employer = find(code).officers[2].employer_id
    do(lambda: find_or_add_person(None, {"name": name, "employer_id": employer}))

    def rename() -> None:
        officer = find(code).officers[3]
        officer.name, officer.birth_date = name, date(1980, 8, 8)

    do(rename)
    before = everything()
    with pytest.raises(Refused):
        do(lambda: services.approve(here.commission, code))
    assert everything() == before


# --- at the same time ---


def at_once(app: Flask, acts: list[Callable[[], object]]) -> Counter[str]:
    """Run all acts at the same moment, each in a session of its own; counts how they ended."""
    outcomes: list[str] = []
    start = Barrier(len(acts))
    db.session.rollback()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                do(act)
                outcomes.append("done")
            except Exception as error:
                outcomes.append(_name(error))
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def _name(error: Exception) -> str:
    if isinstance(error, RulesBroken):
        return ",".join(sorted({finding.rule for finding in error.findings}))
    return type(error).__name__


def test_fifty_approvals_at_once_establish_one_center(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    application_id, center_id = find(code).id, find(code).center_id
    outcomes = at_once(scene.app, [lambda: services.approve(here.commission, code)] * 50)
    assert outcomes == {"done": 1, "ActionNotPossible": 49}
    assert rows(Hosting, center_id=center_id) == rows(Decision, application_id=application_id) == 1
    assert rows(Paper, kind="decision", subject_id=application_id) == 1
    assert rows(AuditEvent, event="application.approve", subject_id=str(application_id)) == 1
    assert rows(Message, kind="application.approve", link=f"/applications/{code}") == 2
    hosting = db.session.scalars(sa.select(Hosting).filter_by(center_id=center_id)).one()
    posts = Counter(o.post for o in db.session.scalars(
        sa.select(Officer).filter_by(hosting_id=hosting.id)))  # fmt: skip
    assert (posts[OfficerPost.DIRECTOR], posts[OfficerPost.DEPUTY]) == (1, 2)
    assert center_of(code).state is CenterState.ESTABLISHED
    assert list(audit.verify(db.session())) == []


def test_of_two_applications_for_one_center_one_wins(scene: Scene) -> None:
    here, codes = scene.stage, (scene.codes[S.UNDER_DECISION], scene.rival)
    center_id = find(codes[0]).center_id
    assert find(codes[1]).center_id == center_id
    outcomes = at_once(
        scene.app,
        [lambda code=code: services.approve(here.commission, code) for code in codes * 5],  # type: ignore[misc]
    )
    assert outcomes == {"done": 1, "ActionNotPossible": 4, "center.unique": 5}
    assert rows(Hosting, center_id=center_id) == 1
    assert sorted(find(code).state for code in codes) == [S.APPROVED, S.UNDER_DECISION]
    loser = next(code for code in codes if find(code).state is S.UNDER_DECISION)
    do(lambda: services.refuse(here.commission, loser, "已择优确定"))
    assert rows(Decision, application_id=find(loser).id) == 1


def test_of_all_that_could_happen_one_thing_does(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    acts: list[Callable[[], object]] = [
        lambda: services.approve(here.commission, code),
        lambda: services.refuse(here.commission, code, "不同意"),
        lambda: services.send_back(here.commission, code, "请复核"),
    ]
    outcomes = at_once(scene.app, acts * 4)
    assert outcomes == {"done": 1, "ActionNotPossible": 11}
    application = find(code)
    decided = application.state in (S.APPROVED, S.REFUSED)
    assert rows(Decision, application_id=application.id) == decided
    assert rows(Paper, kind="decision", subject_id=application.id) == decided


def test_a_withdrawal_and_a_proposal_do_not_both_happen(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.ACCEPTED]
    acts: list[Callable[[], object]] = [
        lambda: services.withdraw(here.applicant, code, "另有安排"),
        lambda: services.propose(here.reception, code, True, "建议批准"),
    ]
    outcomes = at_once(scene.app, acts * 4)
    assert outcomes == {"done": 1, "ActionNotPossible": 7}
    assert find(code).state in (S.WITHDRAWN, S.UNDER_DECISION)


def test_one_institution_begins_one_application_for_a_center(scene: Scene) -> None:
    here = scene.stage
    center_id = find(scene.codes[S.WITHDRAWN]).center_id
    outcomes = at_once(
        scene.app,
        [lambda: services.start_application(here.applicant, here.call_id, center_id)] * 8,
    )
    assert outcomes == {"done": 1, "Refused": 7}
    assert rows(Application, center_id=center_id, state=S.DRAFT) == 1


def test_what_is_not_possible_names_the_action(scene: Scene) -> None:
    with pytest.raises(ActionNotPossible) as refused:
        do(lambda: services.approve(scene.stage.commission, scene.codes[S.APPROVED]))
    assert (refused.value.action, refused.value.state) == ("approve", S.APPROVED)
