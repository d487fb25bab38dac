"""Personnel changes of officers (M.12(7)): reported, answered, decided."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.centers.models import Center, Officer, OfficerChange
from qcc.centers.queries import get_change, list_changes, list_officers, lock_center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import (
    Upload,
    book_in_force,
    check_replacement,
    dismiss_change,
    end_hosting,
    except_officer,
    propose_exception,
    propose_replacement,
    read_evidence,
    replace_officer,
    report_change,
    return_proposal,
)
from qcc.centers.workflow import CHANGE, ChangeState
from qcc.infra import clock as product_clock
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.outbox import Message
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from qcc.organizations.models import Person
from tests.factories.centers import (
    CITY,
    PDF,
    PROVINCE,
    Province,
    desks_at,
    director_at,
    established,
    hosting_of,
    new_person,
    officer_in,
    reported,
    successor,
    with_exception,
    with_replacement,
)
from tests.factories.workbooks import roster
from tests.integration.centers.conftest import Begin, staffed

pytestmark = pytest.mark.usefixtures("app", "clock")
DIRECTOR = OfficerPost.DIRECTOR


def today() -> date:
    return product_clock.today()


def book():  # type: ignore[no-untyped-def]
    return book_in_force(PROVINCE, today())


@pytest.fixture
def here(begin: Begin) -> Province:
    return begin("staffed", staffed)


@pytest.fixture
def center(here: Province) -> Center:
    return db.session.scalars(sa.select(Center)).one()


# --- reporting ---


def test_a_report_opens_the_task(here: Province, center: Center) -> None:
    change = reported(here.host, center)
    assert (change.state, change.officer.post) == (ChangeState.OPEN, DIRECTOR)
    assert [step.action for step in history(CHANGE, change.id)] == ["report"]


def test_the_director_and_the_commission_report_too(here: Province, center: Center) -> None:
    director = director_at(center)
    assert reported(director, center).state is ChangeState.OPEN
    assert reported(here.commission, center, OfficerPost.SECRETARY).state is ChangeState.OPEN
    told = db.session.scalars(sa.select(Message.kind)).all()
    assert told == ["change.reported", "change.reported"]


def test_others_do_not_report(here: Province, center: Center) -> None:
    officer = officer_in(center, DIRECTOR).id
    for actor in (
        here.rival,
        here.actor(CITY),
        here.actor("host", Role.EXPERT),
        here.actor("evaluation", Role.EVALUATION_OFFICER),
        here.actor(PROVINCE, Role.SYSTEM_ADMIN),
    ):
        with pytest.raises(NotFound), transaction():
            report_change(actor, center.id, officer, "x", today())


def test_only_a_serving_officer_of_the_center_changes(here: Province, center: Center) -> None:
    other = officer_in(established(here, name="护理"), DIRECTOR).id
    with pytest.raises(NotFound), transaction():
        report_change(here.host, center.id, other, "x", today())
    with pytest.raises(NotFound), transaction():
        report_change(here.host, center.id, 99999, "x", today())


@pytest.mark.parametrize(("days", "field"), [(-1, None), (0, None), (1, "happened_on")])
def test_a_change_has_happened(
    here: Province, center: Center, days: int, field: str | None
) -> None:
    officer, day = officer_in(center, DIRECTOR).id, today() + timedelta(days=days)
    if field is None:
        with transaction():
            assert report_change(here.host, center.id, officer, "退休", day).happened_on == day
        return
    with pytest.raises(Refused) as refusal, transaction():
        report_change(here.host, center.id, officer, "退休", day)
    assert refusal.value.field == field


def test_a_report_says_what(here: Province, center: Center) -> None:
    officer = officer_in(center, DIRECTOR).id
    with pytest.raises(Refused) as refusal, transaction():
        report_change(here.host, center.id, officer, "  ", today())
    assert refusal.value.field == "what"


def test_one_open_change_for_an_officer(here: Province, center: Center) -> None:
    change = reported(here.host, center)
    with pytest.raises(Refused) as refusal:
        reported(here.host, center)
    assert refusal.value.field == "officer_id"
    with transaction():
        dismiss_change(here.commission, change.id, change.version, "误报")
    assert reported(here.host, center).id != change.id


# --- proposing ---


def test_the_host_proposes_a_replacement(here: Province, center: Center) -> None:
    change = with_replacement(here, reported(here.host, center))
    assert change.state is ChangeState.PROPOSED
    assert change.replacement["name"] == "继任者"
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.organization_id, message.kind) == (
        here.commission.organization_id, "change.proposed",
    )  # fmt: skip


def test_only_the_host_proposes(here: Province, center: Center) -> None:
    change = reported(here.host, center)
    wanted = successor(here.organizations["host"])
    with pytest.raises(NotPermitted), transaction():
        propose_replacement(here.commission, change.id, change.version, wanted)
    with pytest.raises(NotFound), transaction():
        propose_replacement(here.rival, change.id, change.version, wanted)


def test_the_same_person_is_no_replacement(here: Province, center: Center) -> None:
    change = reported(here.host, center)
    wanted = successor(here.organizations["host"], name=change.officer.person.name)
    with pytest.raises(Refused) as refusal, transaction():
        propose_replacement(here.host, change.id, change.version, wanted)
    assert refusal.value.field == "name"


def test_an_exception_needs_all_that_the_article_names(here: Province, center: Center) -> None:
    change = reported(here.host, center)
    consent = Upload(PDF, "同意书.pdf")
    for reason, is_not_retired, file, field in (
        ("", True, consent, "reason"),
        ("贡献突出", False, consent, "is_not_retired"),
        ("贡献突出", True, None, "file"),
        ("贡献突出", True, Upload(b"<html>", "x.pdf"), "file"),
        ("贡献突出", True, Upload(roster(1), "x.xlsx"), "file"),
    ):
        with pytest.raises(Refused) as refusal, transaction():
            propose_exception(here.host, change.id, change.version, reason, is_not_retired, file)
        assert refusal.value.field == field
    assert with_exception(here, change).state is ChangeState.PROPOSED


def test_a_later_proposal_takes_the_place_of_the_earlier(here: Province, center: Center) -> None:
    change = with_exception(here, reported(here.host, center))
    with transaction():
        return_proposal(here.commission, change.id, change.version, "请推荐人选")
    change = with_replacement(here, get_change(here.host, change.id))
    assert change.replacement
    assert not change.exception_reason
    assert change.evidence_id is None


# --- deciding ---


def test_the_replacement_takes_the_post(here: Province, center: Center) -> None:
    director_at(center)
    leaving = officer_in(center, DIRECTOR)
    change = with_replacement(here, reported(here.host, center))
    with transaction():
        replace_officer(here.commission, change.id, change.version)
    now = officer_in(center, DIRECTOR)
    assert (now.person.name, now.started_on) == ("继任者", today())
    assert (leaving.ended_on, leaving.end_reason) == (today(), "不再担任副院长")
    assert desks_at(center) == 0
    decided = get_change(here.host, change.id)
    assert (decided.state, decided.successor_id) == (ChangeState.REPLACED, now.id)
    assert decided.decided_on == today()


def test_a_known_person_is_not_registered_twice(here: Province, center: Center) -> None:
    with transaction():
        known = new_person(here.organizations["host"], "继任者").id
    change = with_replacement(here, reported(here.host, center))
    with transaction():
        replace_officer(here.commission, change.id, change.version)
    assert officer_in(center, DIRECTOR).person_id == known
    assert db.session.query(Person).filter_by(name="继任者").count() == 1


@pytest.mark.parametrize(
    ("position", "broken"),
    [
        (HostPosition.PRESIDENT, False),
        (HostPosition.VICE_PRESIDENT_IN_CHARGE, False),
        (HostPosition.OTHER, True),
    ],
)
def test_the_replacement_is_held_against_the_rules(
    here: Province, center: Center, position: HostPosition, broken: bool
) -> None:
    change = with_replacement(here, reported(here.host, center), host_position=position)
    assert [f.rule for f in check_replacement(change, book())] == (
        ["officers.director_post"] if broken else []
    )
    if not broken:
        return
    with pytest.raises(RulesBroken), transaction():
        replace_officer(here.commission, change.id, change.version, "说明理由也不行")
    assert get_change(here.host, change.id).state is ChangeState.PROPOSED
    assert officer_in(center, DIRECTOR).person.name != "继任者"


def test_an_officer_in_another_post_is_no_replacement(here: Province, center: Center) -> None:
    secretary = officer_in(center, OfficerPost.SECRETARY).person.name
    change = with_replacement(here, reported(here.host, center), name=secretary)
    assert [f.rule for f in check_replacement(change, book())] == ["officers.one_post_each"]


def test_what_is_wrong_at_another_post_does_not_stand_in_the_way(
    here: Province, center: Center
) -> None:
    change = with_replacement(here, reported(here.host, center))
    with transaction():
        officer_in(center, OfficerPost.SECRETARY).in_host_discipline = False
    assert check_replacement(change, book()) == []
    with transaction():
        replace_officer(here.commission, change.id, change.version)
    assert officer_in(center, DIRECTOR).person.name == "继任者"


def test_the_exception_keeps_the_person(here: Province, center: Center) -> None:
    change = with_exception(here, reported(here.host, center))
    with transaction():
        except_officer(here.commission, change.id, change.version)
    stays = officer_in(center, DIRECTOR)
    assert (stays.excepted_on, stays.ended_on) == (today(), None)
    assert get_change(here.host, change.id).state is ChangeState.EXCEPTED


def test_a_proposal_is_decided_as_it_was_made(here: Province, center: Center) -> None:
    change = with_replacement(here, reported(here.host, center))
    with pytest.raises(GuardFailed), transaction():
        except_officer(here.commission, change.id, change.version)
    other = with_exception(here, reported(here.host, center, OfficerPost.SECRETARY))
    with pytest.raises(GuardFailed), transaction():
        replace_officer(here.commission, other.id, other.version)


def test_a_returned_proposal_waits_for_the_host_again(here: Province, center: Center) -> None:
    change = with_replacement(here, reported(here.host, center))
    with transaction():
        return_proposal(here.commission, change.id, change.version, "材料不全")
    found = get_change(here.host, change.id)
    assert (found.state, found.decided_on) == (ChangeState.OPEN, None)
    assert db.session.scalars(sa.select(Message.kind)).all()[-1] == "change.returned"


@pytest.mark.parametrize("act", [return_proposal, dismiss_change])
def test_words_are_needed(here: Province, center: Center, act) -> None:  # type: ignore[no-untyped-def]
    change = with_replacement(here, reported(here.host, center))
    with pytest.raises(Refused) as refusal, transaction():
        act(here.commission, change.id, change.version, " ")
    assert refusal.value.field == "reason"


def test_only_the_commission_of_the_level_decides(here: Province, center: Center) -> None:
    change = with_replacement(here, reported(here.host, center))
    for actor in (here.host, here.actor("evaluation", Role.EVALUATION_OFFICER)):
        with pytest.raises(NotPermitted), transaction():
            replace_officer(actor, change.id, change.version)
    municipal = established(here, here.actor(CITY))
    other = with_replacement(here, reported(here.host, municipal))
    with pytest.raises(NotPermitted), transaction():
        replace_officer(here.commission, other.id, other.version)
    with pytest.raises(NotFound), transaction():
        replace_officer(here.actor(CITY), change.id, change.version)


def test_the_second_of_two_decisions_is_told(here: Province, center: Center) -> None:
    change = with_replacement(here, reported(here.host, center))
    seen = change.version
    with transaction():
        return_proposal(here.commission, change.id, seen, "材料不全")
    with pytest.raises(StaleEdit), transaction():
        replace_officer(here.commission, change.id, seen)


def test_a_hosting_ends_or_a_change_is_decided_but_not_half_of_both(
    app: Flask, here: Province, center: Center
) -> None:
    change = with_replacement(here, reported(here.host, center))
    key, version, center_id = change.id, change.version, center.id
    commission, start, outcomes = here.commission, Barrier(2), list[str]()
    db.session.rollback()

    def run(name: str, act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act()
                outcomes.append(name)
            except (ActionNotPossible, StaleEdit):
                outcomes.append("late")
            finally:
                db.session.remove()

    def end() -> None:
        end_hosting(commission, lock_center(center_id), "取消挂靠", today())

    acts = {"replaced": lambda: replace_officer(commission, key, version), "ended": end}
    threads = [Thread(target=run, args=item) for item in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["ended", "late"], ["ended", "replaced"])
    assert db.session.query(Officer).filter_by(ended_on=None).count() == 0


ACTS = {
    "propose": lambda here, c: propose_replacement(
        here.host, c.id, c.version, successor(here.organizations["host"])
    ),
    "return": lambda here, c: return_proposal(here.commission, c.id, c.version, "x"),
    "replace": lambda here, c: replace_officer(here.commission, c.id, c.version),
    "except": lambda here, c: except_officer(here.commission, c.id, c.version),
    "dismiss": lambda here, c: dismiss_change(here.commission, c.id, c.version, "x"),
}


def in_state(here: Province, center: Center, state: ChangeState) -> OfficerChange:
    change = reported(here.host, center)
    if state in (ChangeState.PROPOSED, ChangeState.REPLACED):
        with_replacement(here, change)
    if state is ChangeState.EXCEPTED:
        with_exception(here, change)
    last = {
        ChangeState.REPLACED: "replace",
        ChangeState.EXCEPTED: "except",
        ChangeState.DISMISSED: "dismiss",
    }.get(state)
    if last:
        with transaction():
            ACTS[last](here, change)
    return change


POSSIBLE = {
    ChangeState.OPEN: {"propose", "dismiss"},
    ChangeState.PROPOSED: {"return", "replace", "dismiss"},
}


@pytest.mark.parametrize("state", list(ChangeState))
@pytest.mark.parametrize("action", list(ACTS))
def test_every_action_in_every_state(
    here: Province, center: Center, state: ChangeState, action: str
) -> None:
    change = in_state(here, center, state)
    if action in POSSIBLE.get(state, set()):
        with transaction():
            ACTS[action](here, change)
        return
    with pytest.raises((ActionNotPossible, GuardFailed)), transaction():
        ACTS[action](here, change)
    assert get_change(here.host, change.id).state is state


# --- reading ---


def visible(actor: Actor) -> list[int]:
    return [row.id for row in list_changes(actor)]


def test_a_change_is_seen_by_those_concerned(here: Province, center: Center) -> None:
    change, director = reported(here.host, center).id, director_at(center)
    municipal = established(here, here.actor(CITY))
    below = reported(here.host, municipal).id
    assert visible(here.host) == visible(here.commission) == [below, change]
    assert visible(director) == [change]
    assert visible(here.actor(CITY)) == [below]
    assert visible(here.rival) == visible(here.actor("host", Role.EXPERT)) == []
    assert visible(here.actor(PROVINCE, Role.SECURITY_ADMIN)) == []


def test_the_list_goes_on_by_key_and_by_state(here: Province, center: Center) -> None:
    first = reported(here.host, center).id
    second = reported(here.host, center, OfficerPost.SECRETARY).id
    with transaction():
        dismiss_change(here.commission, second, 1, "误报")
    assert [row.id for row in list_changes(here.host, limit=1)] == [second]
    assert [row.id for row in list_changes(here.host, before=second)] == [first]
    assert [row.id for row in list_changes(here.host, ChangeState.OPEN)] == [first]


def test_reading_the_consent_is_on_record(here: Province, center: Center) -> None:
    change = with_exception(here, reported(here.host, center))
    with transaction():
        assert read_evidence(here.commission, get_change(here.commission, change.id)) == PDF
    events = db.session.scalars(sa.select(AuditEvent.event)).all()
    assert events[-1] == "file.downloaded"
    plain = reported(here.host, center, OfficerPost.SECRETARY)
    with pytest.raises(NotFound), transaction():
        read_evidence(here.commission, get_change(here.commission, plain.id))


def test_the_number_of_officers_is_the_same_after_a_replacement(
    here: Province, center: Center
) -> None:
    change = with_replacement(here, reported(here.host, center))
    with transaction():
        replace_officer(here.commission, change.id, change.version)
    assert len(list_officers(hosting_of(center).id)) == 5
    assert db.session.query(Officer).count() == 6
