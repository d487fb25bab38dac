"""Another person decides than the one who proposed, and nobody judges what they submitted."""

from dataclasses import replace

import pytest
from flask import Flask

from qcc.accounts.services import assign_role
from qcc.applications import services
from qcc.applications.workflow import ApplicationState
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import GuardFailed
from qcc.organizations.models import Organization, Person
from tests.factories.applications import (
    Stage,
    accepted,
    do,
    find,
    judge_all,
    stage,
    under_decision,
)
from tests.factories.centers import CITY
from tests.integration.applications.browser import Browser, actions
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState


def at_another_desk(actor: Actor, role: Role, organization_id: int) -> Actor:
    """The same person, who holds a second role."""
    with transaction():
        person = db.session.get_one(Person, actor.person_id)
        organization = db.session.get_one(Organization, organization_id)
        desk = assign_role(None, person, role, organization)
        return replace(
            actor,
            assignment_id=desk.id,
            role=role,
            organization_id=organization.id,
            organization_name=organization.name,
            place=organization.place,
        )


def commission_desk(here: Stage, actor: Actor) -> Actor:
    return at_another_desk(actor, Role.COMMISSION_OFFICER, here.commission.organization_id)


def test_who_proposed_for_the_evaluation_center_does_not_decide_for_the_commission(
    scene: Scene,
) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    same = commission_desk(here, here.reception)
    before = everything()
    for decide in (
        lambda: services.approve(same, code, "同意"),
        lambda: services.refuse(same, code, "不同意"),
    ):
        with pytest.raises(GuardFailed, match="decided_by_another"):
            do(decide)
    assert everything() == before
    do(lambda: services.approve(here.commission, code))
    assert find(code).state is S.APPROVED


def test_the_pages_offer_the_proposer_no_decision(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    browser = Browser(scene.app, commission_desk(here, here.reception))
    page = browser.get(f"/applications/{code}/decide")
    assert page.status_code == 200
    assert not {action for action in actions(page) if code in action}
    for act in ("approve", "refuse"):
        answer = browser.post(f"/applications/{code}/{act}", **{"refuse-reason": "不同意"})
        assert answer.status_code == 409
    assert find(code).state is S.UNDER_DECISION


@pytest.mark.usefixtures("clock")
def test_a_commission_that_receives_for_itself_needs_two(app: Flask) -> None:
    here = stage(CITY)
    assert here.reception.organization_id == here.commission.organization_id
    code = accepted(here)
    do(lambda: services.propose(here.commission, code, True, "建议批准"))
    with pytest.raises(GuardFailed, match="decided_by_another"):
        do(lambda: services.approve(here.commission, code))
    do(lambda: services.send_back(here.commission, code, "换人提交"))
    do(lambda: services.accept(here.colleague, code))
    do(lambda: services.propose(here.colleague, code, True, "建议批准"))
    do(lambda: services.approve(here.commission, code))
    assert find(code).state is S.APPROVED


@pytest.mark.usefixtures("app", "clock")
def test_a_city_asks_no_conditions_of_the_province() -> None:
    """The conditions of M.7 are asked of the hosts of provincial centers."""
    here = stage(CITY)
    code = under_decision(here)
    assert all(answer.confirmed is None for answer in find(code).answers)
    do(lambda: services.approve(here.commission, code))
    assert find(code).state is S.APPROVED


def test_nobody_checks_what_they_submitted(scene: Scene) -> None:
    here = scene.stage
    evaluation = here.reception.organization_id
    same = at_another_desk(here.applicant, Role.EVALUATION_OFFICER, evaluation)
    submitted, accepted_ = scene.codes[S.SUBMITTED], scene.codes[S.ACCEPTED]
    version = find(submitted).answers[0].version
    before = everything()
    for act in (
        lambda: services.judge_item(same, submitted, "grade", version, True, ""),
        lambda: services.accept(same, submitted),
        lambda: services.return_for_correction(same, submitted, "补", {"form": "补"}, None),
        lambda: services.propose(same, accepted_, True, "建议批准"),
    ):
        with pytest.raises(GuardFailed, match="not_own_application"):
            do(act)
    assert everything() == before
    page = Browser(scene.app, same).get(f"/applications/{submitted}/check")
    assert not {action for action in actions(page) if submitted in action}
    judge_all(here.reception, submitted)


def test_nobody_decides_what_they_submitted(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    same = commission_desk(here, here.applicant)
    for decide in (
        lambda: services.approve(same, code),
        lambda: services.refuse(same, code, "不同意"),
        lambda: services.send_back(same, code, "请复核"),
    ):
        with pytest.raises(GuardFailed, match="not_own_application"):
            do(decide)
    browser = Browser(scene.app, same)
    page = browser.get(f"/applications/{code}/decide")
    assert not {action for action in actions(page) if code in action}
    assert browser.post(f"/applications/{code}/approve").status_code == 409
