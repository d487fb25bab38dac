"""From a round's plan to the final results, and two failed years to the new call."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from qcc.applications.models import Call
from qcc.centers.models import Center, Officer
from qcc.centers.queries import current_hosting
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Assessment, ItemScore, Revocation
from qcc.evaluations.services import accounts, appealing, planning, revoking, running, scoring
from qcc.evaluations.services.proposing import look_again
from qcc.evaluations.services.revoking import Succession
from qcc.evaluations.workflow import AssessmentState, RevocationState, RoundState
from qcc.infra import audit
from qcc.infra import clock as qcc_clock
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.kernel.permissions import NotPermitted
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories.applications import do
from tests.factories.evaluations import Scene
from tests.integration.conftest import Kept

A = AssessmentState
GOOD, BAD = "0.8", "0.4"


def at(clock_: Clock, year: int, month: int = 12, day: int = 1) -> None:
    clock_.set(datetime(year, month, day, 1, tzinfo=UTC))


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    at(clock, 2024, 3)
    return kept("assessed", make.scene)


def revocations() -> list[Revocation]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Revocation).order_by(Revocation.id)))


def end_appeals(clock_: Clock) -> int:
    """The days of appeal pass."""
    clock_.forward(timedelta(days=11))
    return do(lambda: appealing.finalize_all(qcc_clock.today()))


def fail(here: Scene, clock_: Clock, year: int, shares: tuple[str, str] = (BAD, GOOD)) -> None:
    at(clock_, year)
    make.published(here, year, shares)
    end_appeals(clock_)


def test_from_plan_to_final_results(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.published(here, 2025, (BAD, "0.9"))
    first, second = (here.assessment(number) for number in range(2))
    assert (first.total, first.grade, first.has_passed) == (Decimal("40.00"), "", False)
    second = here.assessment(1)
    assert (second.total, second.grade, second.has_passed) == (Decimal("90.00"), "优秀", True)
    assert second.appeal_by == date(2025, 12, 11)
    clock.set(datetime(2025, 12, 11, 15, 59, tzinfo=UTC))  # 23:59 on the last day
    assert do(lambda: appealing.finalize_all(date(2025, 12, 11))) == 0
    clock.set(datetime(2025, 12, 11, 16, 1, tzinfo=UTC))
    assert do(lambda: appealing.finalize_all(date(2025, 12, 12))) == 2
    assert here.assessment().state is A.FINAL
    assert here.assessment().final_on == date(2025, 12, 12)
    assert revocations() == []
    kinds = set(db.session.scalars(sa.select(Message.kind)))
    assert {"round.opened", "assessment.submitted", "assessment.published"} <= kinds
    assert list(audit.verify(db.session)) == []


def test_what_is_missing_blocks_the_account_and_is_named(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.opened(here, 2025)
    code, version = here.codes[0], here.assessment().version
    with pytest.raises(GuardFailed, match="evidence_is_whole"):
        do(lambda: accounts.submit_account(here.directors[0], code, version))
    with pytest.raises(NotPermitted):
        do(lambda: accounts.submit_account(here.secretaries[0], code, version))
    make.fill(here, 0)
    do(lambda: accounts.submit_account(here.directors[0], code, here.assessment().version))
    assert here.assessment().state is A.SUBMITTED
    with pytest.raises(Refused):
        do(lambda: accounts.save_account(here.secretaries[0], code, "A1", 0, "晚了", None))


def test_one_file_serves_several_items_and_two_writers_meet(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.opened(here, 2025)
    writer, code = here.secretaries[0], here.codes[0]
    piece = do(lambda: accounts.attach(writer, code, "A1", "年度总结", make.PDF, "总结.pdf"))
    again = do(lambda: accounts.reuse(writer, code, "C3", "调研报告", piece.id))
    assert again.file_id == piece.file_id
    with pytest.raises(Refused):
        do(lambda: accounts.attach(writer, code, "A1", "别的", make.PDF, "x.pdf"))
    saved = do(lambda: accounts.save_account(writer, code, "A1", 0, "一", Decimal(9)).version)
    do(lambda: accounts.save_account(writer, code, "A1", saved, "二", Decimal(9)))
    with pytest.raises(StaleEdit):
        do(lambda: accounts.save_account(here.directors[0], code, "A1", saved, "三", None))
    with pytest.raises(Refused):
        do(lambda: accounts.save_account(writer, code, "A2", 0, "", Decimal("10.01")))
    with pytest.raises(NotFound):
        do(lambda: accounts.save_account(here.secretaries[1], code, "A1", saved, "别人", None))


def test_scores_are_fixed_once_lodged_in_the_database_too(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.lodged(here, 2025, (GOOD, GOOD))
    with pytest.raises(Refused):
        make.give(here, here.assessors[0], 0, "0.1")
    row = db.session.scalars(sa.select(ItemScore)).first()
    assert row is not None
    for statement in (
        sa.update(ItemScore).where(ItemScore.id == row.id).values(points=Decimal(1)),
        sa.delete(ItemScore).where(ItemScore.id == row.id),
    ):
        db.session.rollback()
        with pytest.raises(DBAPIError, match="never changed"):
            do(lambda s=statement: db.session.execute(s))


def test_final_results_are_fixed_in_the_database(here: Scene, clock: Clock) -> None:
    fail(here, clock, 2025)
    change = sa.update(Assessment).values(has_passed=True)
    db.session.rollback()
    with pytest.raises(DBAPIError, match="never changed"):
        do(lambda: db.session.execute(change))


def test_nobody_publishes_before_all_have_lodged(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.being_scored(here, 2025)
    for number in range(2):
        make.give(here, here.assessors[0], number, GOOD)
    do(lambda: scoring.lodge(here.assessors[0], here.code))
    with pytest.raises(GuardFailed, match="all_have_lodged"):
        do(lambda: running.publish(here.evaluation, here.code, here.round.version))
    with pytest.raises(Refused, match="38"):
        do(lambda: scoring.lodge(here.assessors[1], here.code))


def test_nobody_scores_a_center_hosted_by_the_own_employer(here: Scene, clock: Clock) -> None:
    own = here.expert
    at(clock, 2025)
    here.assessors = [*here.assessors, own]
    make.planned(here, 2025)
    here.code, planned_as = here.code, here.round.version
    do(lambda: running.open_round(here.evaluation, here.code, planned_as))
    rows = sa.select(Assessment).order_by(Assessment.center_id)
    here.codes = [row.code for row in db.session.scalars(rows)]
    make.fill(here, 0)
    version = here.assessment().version
    do(lambda: accounts.submit_account(here.directors[0], here.codes[0], version))
    do(lambda: running.start_scoring(here.evaluation, here.code, here.round.version))
    with pytest.raises(Refused):
        make.give(here, own, 0, GOOD)
    do(lambda: scoring.lodge(own, here.code))  # there is nothing that they could score
    for assessor in here.assessors[:2]:
        for number in range(2):
            make.give(here, assessor, number, BAD)
        do(lambda a=assessor: scoring.lodge(a, here.code))
    do(lambda: running.publish(here.evaluation, here.code, here.round.version))
    assert here.assessment().total == Decimal("40.00")


def test_who_differs_from_what_is_on_record_says_why(here: Scene, clock: Clock) -> None:
    at(clock, 2025)
    make.being_scored(here, 2025)
    known = here.assessment().computed
    assert known["B2"]["facts"] == {"months": 12 - 1, "held": 0}  # not yet of December
    cell = (here.codes[0], "B2")
    with pytest.raises(Refused):
        do(lambda: scoring.save_scores(here.assessors[0], here.code, {cell: (Decimal(6), "")}))
    do(lambda: scoring.save_scores(here.assessors[0], here.code, {cell: (Decimal(6), "补证")}))
    points = Decimal(known["B2"]["points"])
    do(lambda: scoring.save_scores(here.assessors[1], here.code, {cell: (points, "")}))


def test_an_upheld_appeal_changes_the_result_and_another_person_decides(
    here: Scene, clock: Clock
) -> None:
    at(clock, 2025)
    make.published(here, 2025, ("0.55", GOOD))
    code = here.codes[0]
    appeal = do(
        lambda: (
            appealing.raise_appeal(
                here.directors[0], code, here.assessment().version, "B2少计了会议"
            ).version
        )
    )
    corrected = {"B2": Decimal(6), "A1": Decimal(10)}

    def decide(actor: make.Actor) -> None:
        do(
            lambda: appealing.decide_appeal(
                actor, code, appeal, upheld=True, reason="属实", corrected=corrected
            )
        )

    assert do(lambda: appealing.finalize_all(date(2026, 2, 1))) == 1  # of the other center only
    decide(here.commission)
    found = here.assessment()
    assert found.state is A.FINAL
    assert found.total == Decimal("55.00") + Decimal("0.45") * 16
    assert found.has_passed
    assert found.grade == "合格"


def test_two_failed_years_lead_to_the_revocation_and_the_new_call(
    here: Scene, clock: Clock
) -> None:
    fail(here, clock, 2025)
    assert revocations() == []
    fail(here, clock, 2026)
    (proposed,) = revocations()
    assert (proposed.first_year, proposed.last_year) == (2025, 2026)
    assert proposed.state is RevocationState.PROPOSED
    assert proposed.center_id == here.centers[0]
    code, today = proposed.code, qcc_clock.today()
    succession = Succession(today, "麻醉质控中心重新遴选", today, today + timedelta(days=30))
    with pytest.raises(Refused):
        do(lambda: revoking.approve_revocation(here.commission, code, 1, " ", succession))
    with pytest.raises(NotPermitted):
        do(lambda: revoking.approve_revocation(here.evaluation, code, 1, "两年", succession))
    reason = "连续两年考核不达标"
    do(lambda: revoking.approve_revocation(here.commission, code, 1, reason, succession))
    assert revocations()[0].state is RevocationState.APPROVED
    center = db.session.get_one(Center, here.centers[0])
    assert center.state is CenterState.IN_CALL
    assert current_hosting(center.id) is None
    serving = sa.select(Officer).where(Officer.ended_on.is_(None))
    hostings = {officer.hosting_id for officer in db.session.scalars(serving)}
    assert proposed.hosting_id not in hostings
    assert [call.centers[0].id for call in db.session.scalars(sa.select(Call))][-1] == center.id
    assert list(audit.verify(db.session)) == []


def test_who_was_let_off_is_asked_about_again_after_a_third_year(here: Scene, clock: Clock) -> None:
    for year in (2025, 2026):
        fail(here, clock, year)
    (first,) = revocations()
    do(lambda: revoking.decline_revocation(here.commission, first.code, 1, "灾害"))
    assert do(look_again) == 0
    fail(here, clock, 2027)
    assert [r.last_year for r in revocations()] == [2026, 2027]


def test_a_cancelled_round_counts_for_nothing(here: Scene, clock: Clock) -> None:
    fail(here, clock, 2025)
    at(clock, 2026)
    make.published(here, 2026, (BAD, GOOD))
    do(lambda: running.cancel_round(here.evaluation, here.code, here.round.version, "有误"))
    assert here.round.state is RoundState.CANCELLED
    assert end_appeals(clock) == 0
    fail(here, clock, 2027)
    assert revocations() == []


def test_a_repeated_round_stands_in_place_of_the_first(here: Scene, clock: Clock) -> None:
    fail(here, clock, 2025)
    fail(here, clock, 2026)
    assert len(revocations()) == 1
    first = here.code
    with pytest.raises(Refused):
        do(lambda: planning.plan_round(here.evaluation, make.plan_of(2026)))
    make.published(here, 2026, (GOOD, GOOD), repeats=first)
    assert do(look_again) == 0  # the old result no longer stands, the new one is not final yet
    assert revocations()[0].state is RevocationState.LAPSED
    end_appeals(clock)
    assert [r.state for r in revocations()] == [RevocationState.LAPSED]


def test_a_repeated_round_that_fails_too_is_proposed_again(here: Scene, clock: Clock) -> None:
    fail(here, clock, 2025)
    fail(here, clock, 2026)
    make.published(here, 2026, (BAD, GOOD), repeats=here.code)
    do(look_again)
    end_appeals(clock)
    assert [r.state.value for r in revocations()] == ["lapsed", "proposed"]
