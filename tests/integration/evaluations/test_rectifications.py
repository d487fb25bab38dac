"""Rectification from the order to the verification, its ladder, and what makes it fall away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.centers.models import Center
from qcc.centers.queries import lock_center
from qcc.centers.services import end_hosting
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Rectification, RectificationEvidence
from qcc.evaluations.queries import Due, list_due
from qcc.evaluations.rectification_documents import HTML_OF
from qcc.evaluations.services import ordering, rectifying
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.services.rectification_due import remind_of_rectifications
from qcc.evaluations.workflow import Effect, RectificationState
from qcc.infra import audit
from qcc.infra import clock as product_clock
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper, PaperState, issue_pending
from qcc.kernel.permissions import Actor, NotPermitted
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories import rectifying as put
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.factories.organizations import post
from tests.integration.conftest import Kept

S = RectificationState


@pytest.fixture
def failed(kept: Kept[Scene], clock: Clock) -> Scene:
    """The first center's failed result of 2025 is final."""
    clock.set(datetime(2025, 12, 1, 1, tzinfo=UTC))
    return kept("failed", lambda: make.final(make.scene(), 2025, ("0.4", "0.8")))


def center(here: Scene) -> CenterState:
    db.session.rollback()
    return db.session.get_one(Center, here.centers[0]).state


def waits(actor: Actor, kind: Due) -> list[str]:
    return [row.code for row in list_due(actor, [kind])]


def sides(here: Scene) -> tuple[Any, Any]:
    return here.secretaries[0], here.directors[0]


def issued(here: Scene, days: int = 60) -> str:
    return put.issued_after(here.evaluation, here.codes[0], days)


def handed_in(here: Scene) -> str:
    return put.handed_in(put.planned(issued(here), *sides(here)), *sides(here))


def test_from_the_order_to_the_verification(failed: Scene, clock: Clock) -> None:
    here = failed
    assert waits(here.evaluation, Due.ORDER) == [here.codes[0]]
    assert waits(here.commission, Due.ORDER) == [here.codes[0]]
    code = issued(here)
    assert waits(here.commission, Due.ORDER) == []
    assert center(here) is CenterState.RECTIFYING
    assert waits(here.directors[0], Due.PLAN) == [code]
    assert waits(here.directors[1], Due.PLAN) == []
    put.planned(code, *sides(here))
    assert put.order(code).state is S.UNDERWAY
    put.handed_in(code, *sides(here))
    assert waits(here.evaluation, Due.VERIFY) == [code]
    put.verified(code, here.evaluation, Effect.PARTLY)
    found = put.order(code)
    assert (found.state, found.effect) == (S.CLOSED, Effect.PARTLY)
    assert found.closed_on == product_clock.today()
    assert center(here) is CenterState.ESTABLISHED
    assert list(audit.verify(db.session)) == []
    kinds = set(db.session.scalars(sa.select(Message.kind)))
    assert {"rectification.issued", "rectification.hand_in", "rectification.close"} <= kinds


def test_the_order_is_a_numbered_paper(failed: Scene) -> None:
    issued(failed)
    paper = db.session.scalars(sa.select(Paper).filter_by(kind="rectification_order")).one()
    assert paper.number.endswith("〔2025〕1号")
    assert paper.content["items"][0]["wanted"] == "补齐年度计划"
    db.session.rollback()
    assert issue_pending(HTML_OF) == 1
    db.session.expire_all()
    assert (
        db.session.scalars(sa.select(Paper).filter_by(kind="rectification_order")).one().state
        is PaperState.ISSUED
    )


def test_who_may_order(failed: Scene) -> None:
    here, terms = failed, put.terms()
    for actor in (here.directors[1], here.directors[0]):
        with pytest.raises(NotFound):
            do(lambda a=actor: ordering.order_after(a, here.codes[0], terms))
    with pytest.raises(Refused):
        do(lambda: ordering.order_after(here.evaluation, here.codes[1], terms))
    today = OrderTerms("x", product_clock.today(), put.WANTS)
    with pytest.raises(Refused):
        do(lambda: ordering.order_after(here.evaluation, here.codes[0], today))
    nothing = OrderTerms("x", put.terms().due_on, ())
    with pytest.raises(Refused):
        do(lambda: ordering.order_after(here.evaluation, here.codes[0], nothing))
    issued(here)
    with pytest.raises(Refused):
        issued(here)


def test_nothing_goes_on_without_plan_and_evidence(failed: Scene) -> None:
    code, (secretary, director) = issued(failed), sides(failed)
    with pytest.raises(GuardFailed, match="everything_is_planned"):
        do(lambda: rectifying.submit_plan(director, code, 1))
    with pytest.raises(NotPermitted):
        do(lambda: rectifying.submit_plan(secretary, code, 1))
    key, due = put.order(code).items[0].id, put.order(code).due_on

    def plan(owner: int, day: date, version: int = 1) -> None:
        do(lambda: rectifying.plan_item(secretary, code, key, version, "措施", owner, day))

    with pytest.raises(Refused):
        plan(failed.evaluation.person_id, due)
    with pytest.raises(Refused):
        plan(director.person_id, due + timedelta(days=1))
    plan(director.person_id, due)
    with pytest.raises(StaleEdit):
        plan(director.person_id, due)
    with pytest.raises(Refused):
        do(lambda: rectifying.add_evidence(secretary, code, key, put.PDF, "早.pdf"))
    rest = put.order(code).items[1].id
    do(lambda: rectifying.plan_item(secretary, code, rest, 1, "措施", director.person_id, due))
    do(lambda: rectifying.submit_plan(director, code, put.order(code).version))
    with pytest.raises(GuardFailed, match="everything_is_proven"):
        do(lambda: rectifying.hand_in(director, code, put.order(code).version))
    with pytest.raises(NotFound):
        do(lambda: rectifying.add_evidence(failed.secretaries[1], code, key, put.PDF, "x.pdf"))
    piece = do(lambda: rectifying.add_evidence(secretary, code, key, put.PDF, "一.pdf").id)
    do(lambda: rectifying.take_out_evidence(secretary, code, piece))
    kept_row = db.session.get_one(RectificationEvidence, piece)
    assert kept_row.removed_at is not None
    do(lambda: rectifying.add_evidence(secretary, code, rest, put.PDF, "二.pdf"))
    version = put.order(code).version
    with pytest.raises(GuardFailed, match="everything_is_proven"):
        do(lambda: rectifying.hand_in(director, code, version))


def test_what_is_ineffective_goes_on_and_is_verified_again(failed: Scene) -> None:
    code = handed_in(failed)
    with pytest.raises(GuardFailed, match="nothing_is_ineffective"):
        put.verified(code, failed.evaluation, Effect.INEFFECTIVE)
    due = put.order(code).due_on
    with pytest.raises(GuardFailed, match="extended_to_a_later_day"):
        put.verified(code, failed.evaluation, Effect.INEFFECTIVE, due)
    later = due + timedelta(days=30)
    put.verified(code, failed.evaluation, Effect.INEFFECTIVE, later)
    assert (put.order(code).state, put.order(code).due_on) == (S.UNDERWAY, later)
    assert center(failed) is CenterState.RECTIFYING
    do(lambda: rectifying.hand_in(failed.directors[0], code, put.order(code).version))
    put.verified(code, failed.commission)
    assert put.order(code).state is S.CLOSED


def test_nobody_verifies_what_is_their_own(failed: Scene) -> None:
    """Neither who answers for an item, at whatever desk, nor who is employed by the host."""
    here, code = failed, handed_in(failed)
    owner = replace(here.evaluation, person_id=here.directors[0].person_id)
    with pytest.raises(GuardFailed, match="verified_by_uninvolved"):
        put.verified(code, owner)
    employed = replace(here.evaluation, person_id=here.expert.person_id)
    with pytest.raises(GuardFailed, match="verifier_is_not_of_host"):
        put.verified(code, employed)
    with pytest.raises(NotFound):
        put.verified(code, here.directors[0])
    version = put.order(code).version
    with pytest.raises(Refused):
        do(lambda: rectifying.verify(here.evaluation, code, version, {}, "无", closes=True))
    effects = {item.id: Effect.PARTLY for item in put.order(code).items}
    with pytest.raises(Refused):  # to go on takes a day: nothing is closed for want of it
        do(lambda: rectifying.verify(here.evaluation, code, version, effects, "无", closes=False))


def test_the_ladder_of_an_overdue_order(failed: Scene, clock: Clock) -> None:
    """Due 2026-01-31; each rung once: secretary, a week later the director, then the commission."""
    code = issued(failed, (date(2026, 1, 30) - product_clock.today()).days)
    assert put.order(code).due_on == date(2026, 1, 30)
    told: dict[str, list[date]] = {}
    for number in range(32):
        today = date(2026, 1, 19) + timedelta(days=number)
        clock.set(datetime(today.year, today.month, today.day, 1, tzinfo=UTC))
        for _twice in range(2):
            before = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
            do(lambda t=today: remind_of_rectifications(t))
            for row in db.session.scalars(sa.select(Message).where(Message.id > before)):
                told.setdefault(f"{row.kind}:{row.role.value}", []).append(today)
    overdue = {k.split(":")[1]: v for k, v in told.items() if k.startswith("rectification.overdue")}
    assert overdue == {
        "center_secretary": [date(2026, 2, 2)],
        "center_director": [date(2026, 2, 6)],
        "commission_officer": [date(2026, 2, 13)],
    }
    due = [date(2026, 1, 23), date(2026, 1, 27), date(2026, 1, 30)]
    assert told["rectification.due:center_secretary"] == due
    assert told["rectification.due:center_director"] == due


def test_a_repeated_round_that_is_passed_makes_the_order_fall(failed: Scene) -> None:
    code, first = issued(failed), failed.code
    make.published(failed, 2025, ("0.8", "0.8"), repeats=first)
    assert put.order(code).state is S.ISSUED  # the later result is not final yet
    make.do(lambda: make.appealing.finalize_all(product_clock.today() + timedelta(days=11)))
    assert put.order(code).state is S.WITHDRAWN
    assert center(failed) is CenterState.ESTABLISHED


def test_an_order_ends_with_its_hosting(failed: Scene) -> None:
    code, today = issued(failed), product_clock.today()
    do(lambda: end_hosting(failed.commission, lock_center(failed.centers[0]), "另选", today))
    assert do(ordering.lapse_fallen) == 1
    assert put.order(code).state is S.WITHDRAWN
    assert center(failed) is CenterState.VACANT


def test_of_two_orders_the_last_to_close_ends_the_state(failed: Scene) -> None:
    code = handed_in(failed)
    free = OrderTerms("监督检查发现问题", put.terms().due_on, (Want("规范台账"),))
    second = do(lambda: ordering.order_freely(failed.commission, failed.centers[0], free).code)
    put.verified(code, failed.evaluation)
    assert center(failed) is CenterState.RECTIFYING
    with pytest.raises(NotFound):
        do(lambda: ordering.withdraw(failed.evaluation, second, 1, "误下"))
    do(lambda: ordering.withdraw(failed.commission, second, 1, "误下"))
    assert center(failed) is CenterState.ESTABLISHED


def test_the_day_is_put_off_only_to_a_later_one(failed: Scene) -> None:
    code = issued(failed)
    due = put.order(code).due_on
    with pytest.raises(GuardFailed, match="extended_to_a_later_day"):
        do(lambda: ordering.postpone(failed.evaluation, code, 1, due, "疫情"))
    do(lambda: ordering.postpone(failed.evaluation, code, 1, due + timedelta(days=1), "疫情"))
    assert put.order(code).due_on == due + timedelta(days=1)


def test_after_a_failed_debrief_the_provincial_center_orders(
    kept: Kept[put.Debriefed], clock: Clock
) -> None:
    """S.7: the center above assesses and orders, on a paper without number; as one hospital hosts
    both, its director may not verify, and the city's commission does."""
    clock.set(datetime(2025, 12, 1, 1, tzinfo=UTC))
    here = kept("debriefed", put.debriefed)
    assert waits(here.above, Due.ORDER) == [here.assessment]
    assert waits(here.province, Due.ORDER) == []
    with pytest.raises(NotFound):
        put.issued_after(here.province, here.assessment)
    order = put.issued_after(here.above, here.assessment)
    assert waits(here.below, Due.PLAN) == [order]
    paper = db.session.scalars(sa.select(Paper).filter_by(kind="rectification_order")).one()
    assert (paper.number, paper.issuer) == ("", put.order(order).orderer_center.name)  # type: ignore[union-attr]
    put.handed_in(put.planned(order, here.below, here.below), here.below, here.below)
    assert waits(here.above, Due.VERIFY) == waits(here.city, Due.VERIFY) == [order]
    with pytest.raises(GuardFailed, match="verifier_is_not_of_host"):
        put.verified(order, here.above)
    put.verified(order, here.city)
    assert put.order(order).state is S.CLOSED


def test_what_is_too_long_is_told_and_kept(client: FlaskClient, failed: Scene) -> None:
    sit_down(client, failed.commission)
    due = put.terms().due_on.isoformat()
    long = "整" * 2001
    free = f"/centers/{failed.centers[0]}/rectification"
    after = f"/assessments/{failed.codes[0]}/rectification"
    item = ordering.lost_items(failed.assessment())[0].item
    for path, typed in ((free, {"wants": f"短\n{long}"}), (after, {f"want-{item}": long})):
        answer = post(client, path, due_on=due, reason="检查发现", **typed)
        assert answer.status_code == 422
        assert "不超过 2000 个字" in answer.text
        assert long in answer.text
    assert db.session.scalars(sa.select(Rectification)).all() == []
