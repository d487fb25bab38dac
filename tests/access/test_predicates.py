"""Who speaks for whom, predicate by predicate: each alone, although the ones around it would often
refuse as well."""

import pytest
import sqlalchemy as sa

from qcc.applications.models import Application, Audience, Call
from qcc.applications.permissions import (
    call_is_visible_to,
    is_applicant,
    is_decider,
    is_reception,
)
from qcc.applications.queries import get_call, list_calls
from qcc.applications.services import CallPlan, publish_call
from qcc.demo.acts import do
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor, Role
from tests.access.conftest import Stage
from tests.access.world import CITY

HERE, ELSEWHERE = 7, 8


def _actor(role: Role, organization_id: int = HERE) -> Actor:
    return Actor(1, 1, "某人", 1, role, organization_id, "某单位", "330100", center_id=1)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_institutions_officer_applies(role: Role) -> None:
    application = Application(institution_id=HERE)
    assert is_applicant(_actor(role), application) is (role is Role.INSTITUTION_OFFICER)
    assert not is_applicant(_actor(role, ELSEWHERE), application)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_receiving_body_checks(role: Role) -> None:
    call = Call(reception_id=HERE, issuer_id=ELSEWHERE)
    checks = role in (Role.EVALUATION_OFFICER, Role.COMMISSION_OFFICER)
    assert is_reception(_actor(role), call) is checks
    assert not is_reception(_actor(role, ELSEWHERE), call)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_issuing_commission_decides(role: Role) -> None:
    call = Call(reception_id=ELSEWHERE, issuer_id=HERE)
    assert is_decider(_actor(role), call) is (role is Role.COMMISSION_OFFICER)
    assert not is_decider(_actor(role, ELSEWHERE), call)


@pytest.mark.parametrize("role", list(Role))
def test_calls_are_there_for_three_roles(stage: Stage, role: Role) -> None:
    with stage.app.app_context():
        found = db.session.scalars(sa.select(Call).where(call_is_visible_to(_actor(role, 0))))
        seen = {call.place for call in found}
        db.session.remove()
    expected = {
        Role.COMMISSION_OFFICER: {"330100", "330122"},  # its own and those below
        Role.INSTITUTION_OFFICER: {"330100", "330000"},  # of its seat and above
    }
    assert seen == expected.get(role, set())


def test_a_call_that_names_others_is_not_there(stage: Stage) -> None:
    """Neither on its page nor in the list nor as a message; whom it names finds it."""
    here, rival = stage.world.things[CITY], stage.world.rival_actor
    assert rival is not None
    today = clock.today()
    plan = CallPlan(
        title="定向申报",
        center_ids=(here.centers["planned"],),
        opens_on=today,
        closes_on=today,
        invited_ids=(rival.organization_id,),
    )
    with stage.app.app_context():
        call_id = do(lambda: publish_call(here.commission, plan).id)
        call = get_call(rival, call_id)
        assert call.audience is Audience.NAMED
        assert call_id in {found.id for found in list_calls(rival, now=clock.now())}
        hospital = here.hospital
        assert hospital is not None
        with pytest.raises(NotFound):
            get_call(hospital, call_id)
        assert call_id not in {found.id for found in list_calls(hospital, now=clock.now())}
        db.session.remove()
    for path in ("/calls", "/inbox", "/"):
        assert "定向申报" not in stage.open("institution_officer", path).text
    assert stage.open("institution_officer", f"/calls/{call_id}").status_code == 404
