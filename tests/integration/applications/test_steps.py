"""Every state × every action through the services: what may happen happens whole, all else not."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Application
from qcc.applications.workflow import APPLICATION, ApplicationState
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message, describe
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.workflow import ActionNotPossible
from tests.factories.applications import Stage, do, find, seen
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState
REMARKS = {"support_funding": "请补充"}


@dataclass(frozen=True)
class Act:
    """An action of the table as a service call, and whose it is."""

    by: Callable[[Stage], Actor]
    call: Callable[[Actor, str], object]
    targets: dict[ApplicationState, tuple[str, ApplicationState]]
    reason: str = ""


def _submit(actor: Actor, code: str) -> object:
    return services.submit(actor, code, seen(code))


ACTS = {
    "submit": Act(
        lambda stage: stage.applicant,
        _submit,
        {S.DRAFT: ("submit", S.SUBMITTED), S.RETURNED: ("resubmit", S.SUBMITTED)},
    ),
    "withdraw": Act(
        lambda stage: stage.applicant,
        lambda actor, code: services.withdraw(actor, code, "理由"),
        dict.fromkeys((S.SUBMITTED, S.RETURNED, S.ACCEPTED), ("withdraw", S.WITHDRAWN)),
        "理由",
    ),
    "return": Act(
        lambda stage: stage.reception,
        lambda actor, code: services.return_for_correction(actor, code, "理由", REMARKS, None),
        {S.SUBMITTED: ("return", S.RETURNED)},
        "理由",
    ),
    "accept": Act(
        lambda stage: stage.reception, services.accept, {S.SUBMITTED: ("accept", S.ACCEPTED)}
    ),
    "propose": Act(
        lambda stage: stage.reception,
        lambda actor, code: services.propose(actor, code, True, "理由"),
        {S.ACCEPTED: ("propose", S.UNDER_DECISION)},
        "理由",
    ),
    "send_back": Act(
        lambda stage: stage.commission,
        lambda actor, code: services.send_back(actor, code, "理由"),
        {S.UNDER_DECISION: ("send_back", S.SUBMITTED)},
        "理由",
    ),
    "approve": Act(
        lambda stage: stage.commission,
        services.approve,
        {S.UNDER_DECISION: ("approve", S.APPROVED)},
    ),
    "refuse": Act(
        lambda stage: stage.commission,
        lambda actor, code: services.refuse(actor, code, "理由"),
        {S.UNDER_DECISION: ("refuse", S.REFUSED)},
        "理由",
    ),
}

TOLD = {
    "submit": ("applicant", "reception"),
    "resubmit": ("applicant", "reception"),
    "withdraw": ("reception",),
    "return": ("applicant",),
    "accept": ("applicant",),
    "propose": ("commission",),
    "send_back": ("reception",),
    "approve": ("applicant", "reception"),
    "refuse": ("applicant", "reception"),
}


def ready(scene: Scene, action: str, code: str) -> None:
    """What the conditions of an action want, besides its state."""
    if action == "accept" and find(code).state is S.SUBMITTED:
        with_judgements(scene, code)


def with_judgements(scene: Scene, code: str) -> None:
    for row in find(code).answers:
        item, version = row.item.value, row.version
        do(lambda i=item, v=version: services.judge_item(  # type: ignore[misc]
            scene.stage.reception, code, i, v, True, ""))  # fmt: skip


def test_what_the_table_does_not_allow_changes_nothing(scene: Scene) -> None:
    before = everything()
    tried = 0
    for act, (state, code) in product(ACTS.values(), scene.codes.items()):
        if state in act.targets:
            continue
        actor = act.by(scene.stage)
        # A draft is not there for anybody but its institution.
        hidden = state is S.DRAFT and actor != scene.stage.applicant
        with pytest.raises(NotFound if hidden else ActionNotPossible):
            do(lambda a=act, c=code: a.call(a.by(scene.stage), c))  # type: ignore[misc]
        tried += 1
    assert tried == len(ACTS) * len(S) - sum(len(act.targets) for act in ACTS.values())
    assert everything() == before


@pytest.mark.parametrize("name", ACTS)
def test_what_the_table_allows_is_done_whole(scene: Scene, name: str) -> None:
    act, stage = ACTS[name], scene.stage
    actor = act.by(stage)
    for source, (action, target) in act.targets.items():
        code = scene.codes[source]
        ready(scene, action, code)
        last = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
        do(lambda c=code: act.call(actor, c))  # type: ignore[misc]
        application = find(code)
        assert application.state is target
        _check_timeline(application, action, source, actor, act.reason)
        _check_audit(application, action, actor)
        _check_messages(stage, application, action, last)


def _check_timeline(
    application: Application, action: str, source: ApplicationState, actor: Actor, reason: str
) -> None:
    step = history(APPLICATION, application.id)[0]
    assert (step.action, step.source, step.target) == (
        action,
        source.value,
        application.state.value,
    )
    assert (step.person_id, step.role, step.organization_id) == (
        actor.person_id,
        actor.role.value,
        actor.organization_id,
    )
    assert step.reason == reason


def _check_audit(application: Application, action: str, actor: Actor) -> None:
    events = db.session.scalars(
        sa.select(AuditEvent).filter_by(
            event=f"application.{action}", subject_id=str(application.id)
        )
    ).all()
    assert [(event.user_id, event.role) for event in events][-1:] == [
        (actor.user_id, actor.role.value)
    ]


def _check_messages(stage: Stage, application: Application, action: str, last: int) -> None:
    desks = {
        "applicant": (stage.applicant.organization_id, Role.INSTITUTION_OFFICER),
        "reception": (stage.reception.organization_id, Role.EVALUATION_OFFICER),
        "commission": (stage.commission.organization_id, Role.COMMISSION_OFFICER),
    }
    expected = {(*desks[name], f"application.{action}") for name in TOLD[action]}
    if action == "approve":
        expected.add((stage.commission.organization_id, Role.SECURITY_ADMIN, "center.desks_wanted"))
    written = db.session.scalars(sa.select(Message).where(Message.id > last)).all()
    found = [(m.organization_id, m.role, m.kind) for m in written]
    assert sorted(found) == sorted(expected)
    for message in written:
        assert application.center.name in describe(message)


def test_nobody_else_takes_a_step(scene: Scene) -> None:
    stage = scene.stage
    everyone = {stage.applicant, stage.rival, stage.reception, stage.commission, stage.security}
    before = everything()
    for act in ACTS.values():
        for actor, source in product(everyone - {act.by(stage)}, act.targets):
            with pytest.raises((NotFound, NotPermitted)):
                do(lambda a=act, w=actor, s=source: a.call(w, scene.codes[s]))  # type: ignore[misc]
    assert everything() == before


def test_a_step_that_asks_for_words_is_not_taken_without(scene: Scene) -> None:
    stage = scene.stage
    calls: dict[str, Callable[[str], object]] = {
        "withdraw": lambda code: services.withdraw(stage.applicant, code, "  "),
        "return": lambda code: services.return_for_correction(
            stage.reception, code, "  ", REMARKS, None
        ),
        "propose": lambda code: services.propose(stage.reception, code, True, " \n"),
        "send_back": lambda code: services.send_back(stage.commission, code, ""),
        "refuse": lambda code: services.refuse(stage.commission, code, "\t"),
    }
    before = everything()
    for name, call in calls.items():
        for source in ACTS[name].targets:
            with pytest.raises(Refused) as refused:
                do(lambda c=call, s=source: c(scene.codes[s]))  # type: ignore[misc]
            assert refused.value.field == "reason"
    assert everything() == before


def test_what_was_sent_back_is_checked_anew(scene: Scene) -> None:
    """It can be judged otherwise, returned, or accepted again."""
    stage, code = scene.stage, scene.codes[S.UNDER_DECISION]
    do(lambda: services.send_back(stage.commission, code, "请复核场所"))
    row = next(a for a in find(code).answers if a.item.value == "resources")
    version = row.version
    do(lambda: services.judge_item(stage.reception, code, "resources", version, False, "不足"))
    do(lambda: services.return_for_correction(stage.reception, code, "补正", REMARKS, None))
    assert find(code).state is S.RETURNED


def test_judging_belongs_to_the_formal_check(scene: Scene) -> None:
    stage = scene.stage
    before = everything()
    for state, code in scene.codes.items():
        if state in (S.SUBMITTED, S.DRAFT):
            continue
        with pytest.raises(ActionNotPossible):
            do(lambda c=code: services.judge_item(  # type: ignore[misc]
                stage.reception, c, "resources", 1, True, ""))  # fmt: skip
    assert everything() == before
