"""Hosts and officers: they come with the establishment and go with the end of the hosting."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.queries import (
    current_hosting,
    get_center,
    list_former_officers,
    list_hostings,
    list_officers,
    lock_center,
)
from qcc.centers.rules import OFFICER_RULES, HostPosition, OfficerPost
from qcc.centers.services import (
    OfficerSeat,
    accept_rectification,
    book_in_force,
    check_officers,
    end_hosting,
    establish,
    open_call,
    order_rectification,
)
from qcc.centers.services.planning import flush_unique
from qcc.centers.workflow import CENTER, CenterState, ChangeState
from qcc.infra import clock as product_clock
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.outbox import Message
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.rules import Finding
from qcc.kernel.workflow import ActionNotPossible
from tests.conftest import Clock
from tests.factories.centers import (
    CITY,
    PROVINCE,
    VERSION,
    Province,
    desks_at,
    director_at,
    established,
    full_staff,
    hosting_of,
    in_call,
    new_actor,
    new_person,
    officer_in,
    planned,
    reported,
)

pytestmark = pytest.mark.usefixtures("app", "clock")


def today() -> date:
    return product_clock.today()


def end(actor: Actor, center: Center, on: date | None = None, reason: str = "取消挂靠") -> None:
    with transaction():
        end_hosting(actor, lock_center(center.id), reason, on or today())


def test_an_established_center_has_host_and_officers(here: Province) -> None:
    center = established(here)
    hosting = hosting_of(center)
    assert center.state is CenterState.ESTABLISHED
    assert (hosting.institution.name, hosting.started_on) == ("测试第一医院", today())
    assert hosting.rulebook_version == VERSION
    assert [o.post.value for o in list_officers(hosting.id)] == [
        "director", "executive_deputy", "deputy", "deputy", "secretary",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["planned", "established"])
def test_only_a_center_in_call_is_established(here: Province, state: str) -> None:
    center = planned(here.commission) if state == "planned" else established(here)
    host = here.organizations["host"].id
    with pytest.raises(ActionNotPossible), transaction():
        establish(here.commission, lock_center(center.id), host, [], VERSION, today())
    assert db.session.query(Hosting).count() == (state == "established")


def test_only_its_own_commission_establishes_a_center(here: Province) -> None:
    center = in_call(here.actor(CITY))
    host = here.organizations["host"].id
    with pytest.raises(NotFound), transaction():
        establish(here.commission, lock_center(center.id), host, [], VERSION, today())
    provincial = in_call(here.commission)
    evaluation = here.actor("evaluation", Role.EVALUATION_OFFICER)
    with pytest.raises(NotPermitted), transaction():
        establish(evaluation, lock_center(provincial.id), host, [], VERSION, today())


def test_of_two_who_establish_at_once_one_is_late(here: Province, app: Flask) -> None:
    commission, host = here.commission, here.organizations["host"].id
    center_id, start, outcomes = in_call(commission).id, Barrier(2), list[str]()
    db.session.rollback()

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    establish(commission, lock_center(center_id), host, [], VERSION, today())
                outcomes.append("established")
            except ActionNotPossible:
                outcomes.append("late")
            finally:
                db.session.remove()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["established", "late"]
    assert db.session.query(Hosting).count() == 1


def test_a_second_host_is_refused_by_the_database_as_the_rule(here: Province) -> None:
    center = established(here)
    rival = here.organizations["rival"].id
    db.session.rollback()
    db.session.add(
        Hosting(center_id=center.id, institution_id=rival, started_on=today(), rulebook_version="x")
    )
    with pytest.raises(RulesBroken) as broken:
        flush_unique("uq_hostings_current", book_in_force(PROVINCE, today()))
    assert broken.value.findings[0].rule == "center.unique"


def test_the_end_of_a_hosting_ends_all_that_hung_on_it(here: Province) -> None:
    center = established(here)
    director_at(center)
    with transaction():
        new_actor(here.organizations["host"], Role.CENTER_SECRETARY, center_id=center.id)
    assert desks_at(center) == 2
    change = reported(here.host, center, OfficerPost.SECRETARY)
    end(here.commission, center)
    assert get_center(here.commission, center.id).state is CenterState.VACANT
    assert current_hosting(center.id) is None
    assert {o.end_reason for o in list_former_officers(center.id)} == {"取消挂靠"}
    assert len(list_former_officers(center.id)) == 5
    assert desks_at(center) == 0
    db.session.refresh(change)
    assert (change.state, change.decided_on) == (ChangeState.DISMISSED, today())
    ended = list_hostings(center.id)[0]
    assert (ended.ended_on, ended.end_reason) == (today(), "取消挂靠")


def test_the_host_is_told_and_the_act_recorded(here: Province) -> None:
    center = established(here)
    end(here.commission, center)
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.organization_id, message.kind) == (
        here.host.organization_id, "center.hosting_ended",
    )  # fmt: skip
    assert history(CENTER, center.id)[0].reason == "取消挂靠"
    events = set(db.session.scalars(sa.select(AuditEvent.event)))
    assert {"center.end_hosting", "officer.discharged", "officer.appointed"} <= events


@pytest.mark.parametrize(
    ("days", "accepted"), [(-1, False), (0, True), (3, True), (10, True), (11, False)]
)
def test_the_last_day_lies_within_the_hosting(
    here: Province, clock: Clock, days: int, accepted: bool
) -> None:
    center = established(here)
    begun = today()
    clock.forward(timedelta(days=10))
    if accepted:
        end(here.commission, center, begun + timedelta(days=days))
        return
    with pytest.raises(Refused) as refusal:
        end(here.commission, center, begun + timedelta(days=days))
    assert refusal.value.field == "on"
    assert current_hosting(center.id) is not None


def test_no_end_without_a_reason(here: Province) -> None:
    center = established(here)
    with pytest.raises(Refused) as refusal:
        end(here.commission, center, reason="  ")
    assert refusal.value.field == "reason"
    assert len(list_officers(hosting_of(center).id)) == 5


@pytest.mark.parametrize("name", ["planned", "in_call"])
def test_no_end_where_nobody_hosts(here: Province, name: str) -> None:
    commission = here.commission
    center = planned(commission) if name == "planned" else in_call(commission)
    with pytest.raises(Refused):
        end(commission, center)


def test_the_second_of_two_who_end_is_told(here: Province) -> None:
    center = established(here)
    seen = center.version
    with transaction():
        order_rectification(here.commission, lock_center(center.id), "考核不达标")
    with pytest.raises(StaleEdit), transaction():
        end_hosting(here.commission, lock_center(center.id), "x", today(), version=seen)


def test_rectification_is_ordered_and_accepted(here: Province) -> None:
    center = established(here)
    with transaction():
        order_rectification(here.commission, lock_center(center.id), "考核不达标")
    assert get_center(here.commission, center.id).state is CenterState.RECTIFYING
    assert current_hosting(center.id) is not None
    with transaction():
        accept_rectification(here.commission, lock_center(center.id), "已整改到位")
    assert get_center(here.commission, center.id).state is CenterState.ESTABLISHED
    kinds = list(db.session.scalars(sa.select(Message.kind).order_by(Message.id)))
    assert kinds == ["center.rectification_ordered", "center.rectification_accepted"]


def test_a_new_host_begins_anew(here: Province) -> None:
    center = established(here)
    end(here.commission, center)
    from_scratch(here, center)
    assert [h.institution.name for h in list_hostings(center.id)] == [
        "测试第二医院",
        "测试第一医院",
    ]
    assert len(list_officers(hosting_of(center).id)) == 5


def from_scratch(here: Province, center: Center) -> None:
    with transaction():
        open_call(here.commission, lock_center(center.id))
    rival = here.organizations["rival"]
    with transaction():
        locked = lock_center(center.id)
        establish(here.commission, locked, rival.id, full_staff(rival), VERSION, today())


# --- the officer rules over what is stored ---


def findings(center: Center) -> list[Finding]:
    hosting = hosting_of(center)
    book = book_in_force(PROVINCE, today())
    return check_officers(center, hosting, list_officers(hosting.id), book)


def staffed(here: Province, seats: list[OfficerSeat], name: str = "麻醉") -> Center:
    center = in_call(here.commission, name)
    with transaction():
        locked = lock_center(center.id)
        establish(here.commission, locked, here.organizations["host"].id, seats, VERSION, today())
    return locked


def seats_of(here: Province) -> list[OfficerSeat]:
    with transaction():
        return full_staff(here.organizations["host"])


def test_a_full_staff_has_no_findings(here: Province) -> None:
    assert findings(established(here)) == []


@pytest.mark.parametrize(
    ("deputies", "variant"), [(1, "too_few"), (2, ""), (5, ""), (6, "too_many")]
)
def test_two_to_five_deputies(here: Province, deputies: int, variant: str) -> None:
    seats = [seat for seat in seats_of(here) if seat.post is not OfficerPost.DEPUTY]
    with transaction():
        people = [new_person(here.organizations["rival"]).id for _ in range(deputies)]
    seats += [OfficerSeat(person, OfficerPost.DEPUTY, is_specialist=True) for person in people]
    found = findings(staffed(here, seats))
    assert [(f.rule, f.variant) for f in found] == (
        [("officers.deputy_count", variant)] if variant else []
    )


def test_a_post_that_nobody_fills_is_found(here: Province) -> None:
    center = established(here)
    with transaction():
        officer_in(center, OfficerPost.SECRETARY).ended_on = today()
    assert [(f.rule, f.variant) for f in findings(center)] == [
        ("officers.secretary_count", "too_few")
    ]


def test_who_moves_to_another_employer_is_found(here: Province) -> None:
    center = established(here)
    with transaction():
        officer_in(center, OfficerPost.DIRECTOR).person.employer_id = here.organizations["rival"].id
    assert [(f.rule, f.variant) for f in findings(center)] == [
        ("officers.director_post", "elsewhere")
    ]


def test_the_host_names_whom_it_wants_for_technical_guidance(here: Province) -> None:
    seats = seats_of(here)
    with transaction():
        other = OfficerSeat(new_person(here.organizations["rival"]).id, OfficerPost.DIRECTOR)
    assert findings(staffed(here, [other, *seats[1:]], "骨科")) == []
    assert [f.rule for f in findings(staffed(here, [other, *seats[1:]], "麻醉"))] == [
        "officers.director_post"
    ]


def test_a_person_in_two_posts_is_found_where_the_rulebook_asks(here: Province) -> None:
    seats = seats_of(here)
    both = OfficerSeat(
        seats[0].person_id, OfficerPost.EXECUTIVE_DEPUTY, HostPosition.OTHER,
        is_discipline_leader=True,
    )  # fmt: skip
    center = staffed(here, [seats[0], both, *seats[2:]])
    assert [f.rule for f in findings(center)] == ["officers.one_post_each"]
    assert db.session.query(Officer).count() == 5


def test_every_officer_rule_is_checked_under_the_measures() -> None:
    book = book_in_force(PROVINCE, today())
    assert all(rule in book for rule in OFFICER_RULES)
