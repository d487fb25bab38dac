"""The directory's entries: planned at one's own level, one for a specialty, called, closed."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.centers.models import Center
from qcc.centers.queries import (
    count_rivals,
    get_center,
    has_been_hosted,
    list_callable_centers,
    lock_center,
)
from qcc.centers.services import call_off, close_center, end_hosting, open_call, plan_center
from qcc.centers.services.planning import book_in_force, flush_unique
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra import clock as product_clock
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.transitions import history
from qcc.kernel.permissions import NotPermitted, Role
from qcc.organizations.models import OrganizationKind
from qcc.organizations.services import add_organization
from qcc.regulations.catalogs import CenterKind
from tests.conftest import Clock
from tests.factories.centers import (
    CITY,
    COUNTY,
    PROVINCE,
    SISTER_COUNTY,
    Province,
    established,
    in_call,
    new_actor,
    planned,
    specialty,
)

pytestmark = pytest.mark.usefixtures("app", "clock")
QC = CenterKind.QUALITY_CONTROL


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (PROVINCE, "浙江省麻醉医疗质量控制中心"),
        (CITY, "杭州市麻醉医疗质量控制中心"),
        (COUNTY, "杭州市上城区麻醉医疗质量控制中心"),
    ],
)
def test_a_center_is_named_after_its_place_and_specialty(
    here: Province, place: str, name: str
) -> None:
    center = planned(here.actor(place))
    assert (center.name, center.state, center.place) == (name, CenterState.PLANNED, place)


def test_a_technical_guidance_center_has_its_own_name(here: Province) -> None:
    assert planned(here.commission, "骨科").name == "浙江省骨科医疗技术指导中心"


def test_planning_stands_on_the_timeline(here: Province) -> None:
    center = planned(here.commission)
    assert [step.action for step in history(CENTER, center.id)] == ["plan"]


def test_a_second_center_of_the_specialty_breaks_the_rule(here: Province) -> None:
    commission = here.commission
    planned(commission)
    with pytest.raises(RulesBroken) as broken:
        planned(commission)
    assert [finding.rule for finding in broken.value.findings] == ["center.unique"]


def test_the_specialty_may_have_a_center_at_every_level(here: Province) -> None:
    names = {planned(here.actor(place)).name for place in (PROVINCE, CITY, COUNTY, SISTER_COUNTY)}
    assert len(names) == 4


def test_a_closed_center_makes_room(here: Province) -> None:
    commission = here.commission
    first = planned(commission)
    with transaction():
        close_center(commission, lock_center(first.id), "不再需要")
    assert planned(commission).id != first.id


def test_two_at_the_same_time_make_one_center(here: Province, app: Flask) -> None:
    commission = here.commission
    wanted, start, outcomes = specialty().id, Barrier(2), list[str]()
    db.session.rollback()

    def plan() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    plan_center(commission, QC, wanted, PROVINCE)
                outcomes.append("planned")
            except RulesBroken as broken:
                outcomes.append(broken.findings[0].rule)
            finally:
                db.session.remove()

    threads = [Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["center.unique", "planned"]
    assert db.session.scalar(sa.select(sa.func.count(Center.id))) == 1


def test_the_database_alone_tells_the_same_rule(here: Province) -> None:
    """As when the other commits between our look and our write."""
    first = planned(here.commission)
    twin = Center(
        kind=first.kind,
        specialty_id=first.specialty_id,
        place=first.place,
        name=first.name,
        state=CenterState.PLANNED,
        planned_on=first.planned_on,
    )
    db.session.rollback()
    db.session.add(twin)
    with pytest.raises(RulesBroken) as broken:
        flush_unique("uq_centers_active", book_in_force(PROVINCE, product_clock.today()))
    assert broken.value.findings[0].rule == "center.unique"


def test_each_commission_plans_its_own_level(here: Province) -> None:
    wanted = specialty().id
    with pytest.raises(Refused), transaction():
        plan_center(here.commission, QC, wanted, CITY)
    with pytest.raises(NotFound), transaction():
        plan_center(here.actor(COUNTY), QC, wanted, CITY)
    with pytest.raises(NotFound), transaction():
        plan_center(here.actor(COUNTY), QC, wanted, SISTER_COUNTY)


def test_nothing_is_planned_where_no_regulation_holds(here: Province) -> None:
    wanted = specialty().id
    with transaction():
        nation = add_organization(
            None, OrganizationKind.COMMISSION, {"name": "国家委", "place": "000000"}
        )
        officer = new_actor(nation, Role.COMMISSION_OFFICER)
    with pytest.raises(Refused), transaction():
        plan_center(officer, QC, wanted, "000000")


def test_others_do_not_plan(here: Province) -> None:
    wanted = specialty().id
    for actor in (here.host, here.actor("evaluation", Role.EVALUATION_OFFICER)):
        with pytest.raises(NotPermitted), transaction():
            plan_center(actor, QC, wanted, actor.place)


def test_the_kind_is_that_of_the_specialty(here: Province) -> None:
    commission, wanted = here.commission, specialty("骨科").id
    with pytest.raises(Refused) as refusal, transaction():
        plan_center(commission, QC, wanted, PROVINCE)
    assert refusal.value.field == "specialty_id"


def test_a_specialty_that_the_catalog_lost_is_refused_from_the_next_day(
    here: Province, clock: Clock
) -> None:
    commission, wanted = here.commission, specialty()
    with transaction():
        specialty().valid_until = product_clock.today()
    key = wanted.id
    planned(commission)
    clock.set(clock.moment.replace(day=clock.moment.day + 1))
    with pytest.raises(Refused) as refusal, transaction():
        plan_center(commission, QC, key, PROVINCE)
    assert refusal.value.field == "specialty_id"


def test_a_call_that_came_to_nothing_leaves_the_center_as_it_was(here: Province) -> None:
    first = in_call(here.commission)
    with transaction():
        call_off(here.commission, lock_center(first.id), "无人申报")
    assert get_center(here.commission, first.id).state is CenterState.PLANNED
    once_hosted = established(here, name="护理")
    with transaction():
        end_hosting(here.commission, lock_center(once_hosted.id), "取消", product_clock.today())
    with transaction():
        open_call(here.commission, lock_center(once_hosted.id))
    with transaction():
        call_off(here.commission, lock_center(once_hosted.id), "无人申报")
    assert has_been_hosted(once_hosted.id)
    assert get_center(here.commission, once_hosted.id).state is CenterState.VACANT


def test_callable_are_planned_and_vacant_centers_of_the_own_level(here: Province) -> None:
    ready, open_already = planned(here.commission), in_call(here.commission, "护理")
    planned(here.actor(CITY))
    assert [center.id for center in list_callable_centers(here.commission)] == [ready.id]
    assert count_rivals(open_already) == 0


def test_nobody_acts_at_another_level(here: Province) -> None:
    center = planned(here.actor(CITY))
    for act in (
        lambda: open_call(here.commission, lock_center(center.id)),
        lambda: close_center(here.commission, lock_center(center.id), "x"),
        lambda: call_off(here.actor(COUNTY), lock_center(center.id), "x"),
    ):
        with pytest.raises(NotFound), transaction():
            act()


def test_the_second_of_two_who_close_is_told(here: Province) -> None:
    commission = here.commission
    center = planned(commission)
    seen = center.version
    with transaction():
        open_call(commission, lock_center(center.id))
    with pytest.raises(StaleEdit), transaction():
        close_center(commission, lock_center(center.id), "x", version=seen)
