"""Prohibited conduct from the report to the decision, who knows of it, and what it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from qcc.applications.models import Call
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Violation
from qcc.evaluations.queries import Due, list_due
from qcc.evaluations.queries.violations import get_violation, list_violations
from qcc.evaluations.services import ordering, violation_decisions, violations
from qcc.evaluations.services.revoking import Succession
from qcc.evaluations.services.violations import Report
from qcc.evaluations.violation_documents import HTML_OF
from qcc.evaluations.workflow import RectificationState, ViolationState
from qcc.experts.models import Panel
from qcc.experts.workflow import PanelState
from qcc.infra import audit
from qcc.infra import clock as product_clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.kernel.permissions import Actor, NotPermitted
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories import rectifying as put
from tests.factories import violating as case_of
from tests.factories.applications import do
from tests.factories.evaluations import Scene
from tests.integration.conftest import Kept

S, P = ViolationState, PanelState


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    clock.set(datetime(2025, 12, 1, 1, tzinfo=UTC))
    return kept("violating", make.scene)


def waits(actor: Actor, kind: Due) -> list[str]:
    return [row.code for row in list_due(actor, [kind])]


def stated(here: Scene) -> str:
    code = case_of.heard(here.rival, here.evaluation, here.centers[0])
    return case_of.stated(code, here.directors[0])


def test_not_founded_after_the_center_was_heard(here: Scene) -> None:
    code = case_of.reported(here.rival, here.centers[0])
    assert waits(here.evaluation, Due.VIOLATION) == waits(here.commission, Due.VIOLATION) == [code]
    case_of.investigated(code, here.evaluation)
    assert waits(here.evaluation, Due.INQUIRY) == [code]
    case_of.laid_before(code, here.evaluation)
    assert waits(here.directors[0], Due.STATEMENT) == [code]
    assert waits(here.commission, Due.VERDICT) == []
    version = case_of.case(code).version
    with pytest.raises(GuardFailed, match="center_was_heard"):
        do(lambda: violation_decisions.dismiss(here.commission, code, version, "查无实据"))
    case_of.stated(code, here.directors[0])
    assert waits(here.commission, Due.VERDICT) == [code]
    version = case_of.case(code).version
    do(lambda: violation_decisions.dismiss(here.commission, code, version, "查无实据"))
    assert case_of.case(code).state is S.UNFOUNDED
    assert db.session.get_one(Center, here.centers[0]).state is CenterState.ESTABLISHED
    assert list(audit.verify(db.session)) == []


def test_the_day_of_the_statement_may_pass(here: Scene, clock: Clock) -> None:
    code = case_of.heard(here.rival, here.evaluation, here.centers[0])
    last = case_of.case(code).statement_by
    assert last is not None
    clock.set(datetime(last.year, last.month, last.day, 15, 59, tzinfo=UTC))  # 23:59 that day
    decide = lambda: violation_decisions.uphold(here.commission, code, version, "属实")  # noqa: E731
    version = case_of.case(code).version
    with pytest.raises(GuardFailed, match="center_was_heard"):
        do(decide)
    clock.forward(timedelta(minutes=2))
    with pytest.raises(GuardFailed, match="statement_is_in_time"):
        do(lambda: violations.give_statement(here.directors[0], code, version, "迟了"))
    do(decide)
    assert case_of.case(code).state is S.FOUNDED


def test_another_person_decides_and_investigates(here: Scene) -> None:
    own = case_of.reported(here.evaluation, here.centers[0])
    for act in (violations.take_up, lambda *a: violations.decline_report(*a, "不受理")):
        with pytest.raises(GuardFailed, match="investigated_by_another"):
            do(lambda a=act: a(here.evaluation, own, 1))
    of_host = replace(here.evaluation, person_id=here.expert.person_id)
    with pytest.raises(GuardFailed, match="investigated_by_another"):
        do(lambda: violations.take_up(of_host, own, 1))
    code = case_of.heard(here.rival, here.commission, here.centers[0])
    case_of.stated(code, here.directors[0])
    version = case_of.case(code).version
    with pytest.raises(GuardFailed, match="decided_by_uninvolved_person"):
        do(lambda: violation_decisions.dismiss(here.commission, code, version, "查无实据"))
    with pytest.raises(NotPermitted):
        do(lambda: violation_decisions.dismiss(here.evaluation, code, version, "查无实据"))
    do(lambda: violation_decisions.dismiss(here.colleague, code, version, "查无实据"))
    other = case_of.investigated(case_of.reported(here.rival, here.centers[1]), here.commission)
    with pytest.raises(Refused):  # only who investigates writes
        do(lambda: violations.write_findings(here.colleague, other, 2, "x", "y"))


def test_the_center_knows_of_it_from_the_hearing_on_and_never_who_reported(here: Scene) -> None:
    code = case_of.investigated(case_of.reported(here.rival, here.centers[0]), here.evaluation)
    accused = (here.directors[0], here.secretaries[0])
    for actor in accused:
        assert list_violations(actor) == []
        with pytest.raises(NotFound):
            get_violation(actor, code)
    assert [row.code for row in list_violations(here.rival)] == [code]
    case_of.laid_before(code, here.evaluation)
    assert [row.code for row in list_violations(here.directors[0])] == [code]
    assert list_violations(here.directors[1]) == list_violations(here.host) == []
    case = get_violation(here.directors[0], code)
    assert violations.files_for(here.directors[0], case) == []  # the reporter's stays hidden
    assert [p.kind.value for p in violations.files_for(here.rival, case)] == ["report"]
    told = db.session.scalars(sa.select(Message).filter_by(center_id=here.centers[0])).all()
    assert {message.kind for message in told} == {"violation.hear"}
    assert all(here.rival.name not in str(message.params) for message in told)
    with pytest.raises(NotFound):
        do(lambda: violations.give_statement(here.directors[1], code, case.version, "x"))


def test_founded_with_a_rectification(here: Scene) -> None:
    code = stated(here)
    version, terms = case_of.case(code).version, put.terms()
    do(lambda: violation_decisions.uphold(here.commission, code, version, "属实", terms))
    order = case_of.case(code).rectification
    assert order is not None
    assert order.state is RectificationState.ISSUED
    assert db.session.get_one(Center, here.centers[0]).state is CenterState.RECTIFYING
    kinds = sorted(db.session.scalars(sa.select(Paper.kind).where(Paper.number != "")))
    assert kinds[-2:] == ["rectification_order", "violation_decision"]


def panel_of(here: Scene, state: PanelState, center: int = 0) -> int:
    """A panel that serves, or the next one in preparation."""
    today, serves = product_clock.today(), state is P.FILED
    panel = Panel(
        center_id=here.centers[center],
        term_number=1 if serves else 2,
        state=state,
        term_start=today if serves else today + timedelta(days=1461),
        term_end=today + timedelta(days=1460 if serves else 2921),
        approved_at=product_clock.now() if serves else None,
        findings=[],
        created_at=product_clock.now(),
    )
    db.session.add(panel)
    db.session.flush()
    return panel.id


def test_serious_ends_hosting_officers_and_what_is_open_and_calls_anew(
    here: Scene, clock: Clock
) -> None:
    make.final(here, 2025, ("0.4", "0.8"))
    order = put.issued_after(here.evaluation, here.codes[0])
    panels = [do(lambda s=state: panel_of(here, s)) for state in (P.FILED, P.UNDER_REVIEW)]
    spared = do(lambda: panel_of(here, P.FILED, center=1))
    code = stated(here)
    other = case_of.reported(here.rival, here.centers[0])
    hosting_id, today = case_of.case(code).hosting_id, product_clock.today()
    succession = Succession(today, "重新遴选挂靠单位", today, today + timedelta(days=30))
    version = case_of.case(code).version
    with pytest.raises(Refused):
        do(lambda: violation_decisions.revoke(here.commission, code, version, " ", succession))
    late = replace(succession, ends_on=today + timedelta(days=1))
    with pytest.raises(Refused):
        do(lambda: violation_decisions.revoke(here.commission, code, version, "严重", late))
    assert case_of.case(code).state is S.STATED  # nothing of it was done
    do(lambda: violation_decisions.revoke(here.commission, code, version, "严重违规", succession))
    assert case_of.case(code).state is S.SERIOUS
    assert db.session.get_one(Hosting, hosting_id).ended_on == today
    serving = sa.select(Officer).filter_by(hosting_id=hosting_id, ended_on=None)
    assert db.session.scalars(serving).all() == []
    assert db.session.get_one(Center, here.centers[0]).state is CenterState.IN_CALL
    assert [call.title for call in db.session.scalars(sa.select(Call))][-1] == "重新遴选挂靠单位"
    assert put.order(order).state is RectificationState.WITHDRAWN
    assert [db.session.get_one(Panel, key).state for key in panels] == [P.DISSOLVED] * 2
    assert db.session.get_one(Panel, spared).state is P.FILED
    assert case_of.case(other).state is S.LAPSED
    assert do(ordering.lapse_fallen) == 0
    assert list(audit.verify(db.session)) == []


def test_papers_say_what_was_decided_and_not_who_reported(here: Scene) -> None:
    base = {
        "issuer": "卫健委",
        "center": "某中心",
        "host": "某医院",
        "conduct": "以“中心”名义为企业推介产品",
        "article": "第二十七条",
        "serious_article": "第二十八条",
        "allegation": "在会上推介某产品。",
        "has_statement": True,
        "reason": "属实",
        "due_on": "",
        "ends_on": "2026-03-01",
        "dissolves_panel": True,
        "decided_on": "2026-03-01",
        "rulebook": "办法",
        "document_number": "浙卫〔2021〕3号",
        "verify_url": "http://x/y",
        "verification": "A",
        "paper_number": "浙卫〔2026〕1号",
    }
    html = {verdict: HTML_OF["violation_decision"]({**base, "verdict": verdict})
            for verdict in ("unfounded", "founded", "serious")}  # fmt: skip
    assert all("“以‘中心’名义为企业推介产品”" in page for page in html.values())
    assert "不成立" in html["unfounded"]
    assert "予以警告" in html["founded"]
    assert "专家组同时取消" in html["serious"]
    assert "2026年3月1日" in html["serious"]


@pytest.mark.parametrize(
    ("conduct", "day"), [("bribery", date(2025, 12, 1)), ("frugality", date(2025, 12, 2))]
)
def test_a_report_names_known_conduct_and_a_day_that_was(
    here: Scene, conduct: str, day: date
) -> None:
    with pytest.raises(Refused):
        do(
            lambda: violations.report_violation(
                here.rival, here.centers[0], Report(conduct, day, "推介产品")
            )
        )
    assert db.session.scalars(sa.select(Violation)).all() == []
