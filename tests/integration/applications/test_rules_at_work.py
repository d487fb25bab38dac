"""The rules in the services: each stops a submission over the real database; editions live on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.documents import decision_html
from qcc.applications.models import Decision
from qcc.applications.queries import list_papers
from qcc.applications.rules import SUBMISSION_RULES
from qcc.applications.sections import EligibilityItem
from qcc.applications.services.submitting import findings_at_submission
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Hosting
from qcc.centers.queries import lock_center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import establish
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.infra.errors import RulesBroken
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor
from qcc.organizations.models import MajorIncident, Organization
from qcc.organizations.services import register_incident, withdraw_incident
from tests.conftest import Clock
from tests.factories.applications import (
    FORM,
    POSTS,
    Stage,
    center_of,
    do,
    draft,
    fill,
    find,
    judge_all,
    officer_values,
    propose_officers,
    seen,
    stage,
    submit,
    write,
)
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S, Item, Post = ApplicationState, EligibilityItem, OfficerPost
Break = Callable[[Stage, str], object]


# --- ways to break a rule; each is undone with the submission that it stops ---


def unfilled(stage: Stage, code: str) -> None:
    services.save_form(stage.applicant, code, find(code).version, {**FORM, "reason": ""})


def unwritten(stage: Stage, code: str) -> None:
    write(stage.applicant, code, "quality_control", " \n ")


def undeclared(item: EligibilityItem) -> Break:
    def act(stage: Stage, code: str) -> None:
        row = next(a for a in find(code).answers if a.item is item)
        services.save_answer(stage.applicant, code, item.value, row.version, False, "")

    return act


def unproven(item: EligibilityItem) -> Break:
    def act(stage: Stage, code: str) -> None:
        for file in find(code).files:
            if file.part == item.value:
                services.remove_file(stage.applicant, code, file.code)

    return act


def regraded(then: Break) -> Break:
    """The register shows another grade, and the capability that would replace it is not shown."""

    def act(stage: Stage, code: str) -> None:
        find(code).institution.grade = "二级甲等"
        db.session.flush()
        then(stage, code)

    return act


def incident(happened: date, specialty: str = "") -> Break:
    def act(stage: Stage, code: str) -> None:
        host = stage.applicant.organization_id
        register_incident(stage.commission, host, happened, specialty, "重大医疗质量安全事件")

    return act


def hosted(stage: Stage, code: str) -> None:
    center = lock_center(find(code).center_id)
    host = stage.rival.organization_id
    establish(stage.commission, center, host, [], "zhejiang-2021@1", product_clock.today())


def staffed(*wrong: tuple[OfficerPost, dict[str, Any]], without: int | None = None) -> Break:
    """The right officers but for one, and with these added."""

    def act(stage: Stage, code: str) -> None:
        for officer in list(find(code).officers):
            services.remove_officer(stage.applicant, code, officer.code)
        right = [post for number, post in enumerate(POSTS) if number != without]
        propose_officers(stage.applicant, code, (*right, *wrong))

    return act


def elsewhere(post: OfficerPost, without: int, **more: Any) -> Break:
    """The post is held by somebody who is employed at the rival's."""

    def act(stage: Stage, code: str) -> None:
        staffed(without=without)(stage, code)
        employer = db.session.get_one(Organization, stage.rival.organization_id).name
        values = officer_values(post, "外院某人", **more)
        services.add_officer(stage.applicant, code, employer, values)

    return act


def twice(stage: Stage, code: str) -> None:
    """One person in two posts; the second time without a birth date."""
    staffed(without=3)(stage, code)
    name = find(code).officers[1].name
    values = officer_values(Post.DEPUTY, name, is_specialist=True, birth_date=None)
    services.add_officer(stage.applicant, code, "", values)


SPECIALIST: dict[str, Any] = {"is_specialist": True}
MEMBER: dict[str, Any] = {"in_host_discipline": True}
TODAY = date(2026, 3, 2)

BREAKS: dict[str, tuple[Break, ...]] = {
    "form.complete": (unfilled, staffed(without=0), staffed(without=1)),
    "report.sections": (unwritten,),
    "hosting.grade": (regraded(undeclared(Item.GRADE)), regraded(unproven(Item.GRADE))),
    "hosting.specialty_strength": (
        undeclared(Item.SPECIALTY_STRENGTH),
        unproven(Item.SPECIALTY_STRENGTH),
    ),
    "hosting.quality_system": (undeclared(Item.QUALITY_SYSTEM), unproven(Item.QUALITY_SYSTEM)),
    "hosting.no_major_incident": (
        undeclared(Item.NO_MAJOR_INCIDENT),
        incident(TODAY),
        incident(date(2023, 3, 3)),
        incident(date(2025, 1, 1), "麻醉"),
    ),
    "hosting.resources": (undeclared(Item.RESOURCES), unproven(Item.RESOURCES)),
    "hosting.other": (undeclared(Item.OTHER),),
    "center.unique": (hosted,),
    "officers.director_count": (
        staffed(without=0),
        staffed((Post.DIRECTOR, {"host_position": HostPosition.PRESIDENT})),
    ),
    "officers.executive_deputy_count": (
        staffed(without=1),
        staffed((Post.EXECUTIVE_DEPUTY, {"is_discipline_leader": True})),
    ),
    "officers.deputy_count": (staffed(without=2), staffed(*[(Post.DEPUTY, SPECIALIST)] * 4)),
    "officers.secretary_count": (staffed(without=4), staffed(*[(Post.SECRETARY, MEMBER)] * 2)),
    "officers.one_post_each": (twice,),
    "officers.director_post": (
        staffed((Post.DIRECTOR, {}), without=0),
        elsewhere(Post.DIRECTOR, 0, host_position=HostPosition.PRESIDENT),
    ),
    "officers.executive_deputy_leader": (
        staffed((Post.EXECUTIVE_DEPUTY, {}), without=1),
        elsewhere(Post.EXECUTIVE_DEPUTY, 1, is_discipline_leader=True),
    ),
    "officers.deputy_specialist": (staffed((Post.DEPUTY, {}), without=2),),
    "officers.secretary_discipline": (
        staffed((Post.SECRETARY, {}), without=4),
        elsewhere(Post.SECRETARY, 4, **MEMBER),
    ),
}


def _broken_and_submitted(here: Stage, code: str, break_it: Break) -> None:
    break_it(here, code)
    services.submit(here.applicant, code, seen(code))


def test_each_rule_stops_a_submission(scene: Scene) -> None:
    assert BREAKS.keys() == set(SUBMISSION_RULES)
    code, before = scene.codes[S.DRAFT], everything()
    for rule, ways in BREAKS.items():
        for break_it in ways:
            with pytest.raises(RulesBroken) as broken:
                do(lambda act=break_it: _broken_and_submitted(scene.stage, code, act))  # type: ignore[misc]
            assert rule in {finding.rule for finding in broken.value.findings}, rule
    assert everything() == before


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param(incident(date(2023, 3, 2)), id="three-years-are-full-today"),
        pytest.param(incident(date(2026, 1, 1), "放射"), id="of-another-specialty"),
        pytest.param(staffed(*[(Post.DEPUTY, SPECIALIST)] * 3), id="five-deputies"),
        pytest.param(staffed((Post.SECRETARY, MEMBER)), id="two-secretaries"),
        pytest.param(elsewhere(Post.DEPUTY, 2, **SPECIALIST), id="a-deputy-from-elsewhere"),
        pytest.param(undeclared(Item.GRADE), id="the-register-knows-the-grade"),
    ],
)
def test_what_the_rules_allow_is_submitted(scene: Scene, harmless: Break) -> None:
    code = scene.codes[S.DRAFT]
    do(lambda: harmless(scene.stage, code))
    submit(scene.stage.applicant, code)
    assert find(code).state is S.SUBMITTED


def test_an_incident_counts_to_the_day_before_its_third_anniversary(
    scene: Scene, clock: Clock
) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    do(lambda: incident(date(2023, 3, 20))(here, code))
    clock.set(datetime(2026, 3, 19, 23, 59, 59, tzinfo=SHANGHAI))
    with pytest.raises(RulesBroken):
        submit(here.applicant, code)
    clock.set(datetime(2026, 3, 20, 0, 0, 0, tzinfo=SHANGHAI))
    submit(here.applicant, code)
    assert find(code).state is S.SUBMITTED


def test_an_incident_that_was_withdrawn_counts_no_more(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    do(lambda: incident(date(2026, 1, 5))(here, code))
    row = db.session.scalars(sa.select(MajorIncident)).one()
    key, version = row.id, row.version
    do(lambda: withdraw_incident(here.commission, key, version, "登记有误"))
    submit(here.applicant, code)
    assert find(code).state is S.SUBMITTED


def test_an_incident_after_the_check_stops_the_approval(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    do(lambda: incident(TODAY)(here, code))
    before = everything()
    with pytest.raises(RulesBroken) as broken:
        do(lambda: services.approve(here.commission, code, "确有必要"))
    assert {f.rule for f in broken.value.findings} == {"hosting.no_major_incident"}
    assert everything() == before


def test_a_refused_condition_is_mandatory_and_no_reason_passes_it(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    do(lambda: services.send_back(here.commission, code, "请复核"))
    judge_all(here.reception, code, confirmed=False)
    do(lambda: services.accept(here.reception, code))
    do(lambda: services.propose(here.reception, code, False, "条件不符"))
    with pytest.raises(RulesBroken) as broken:
        do(lambda: services.approve(here.commission, code, "确有必要"))
    assert {(f.rule, f.variant) for f in broken.value.findings} == {
        ("hosting.confirmed", "refused")
    }
    do(lambda: services.refuse(here.commission, code, "条件不符"))
    assert find(code).state is S.REFUSED


# --- two editions ---

LAST_DAY = date(2021, 3, 18)
"""The last day of the earlier edition."""


def moment(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)


def _exceptional(here: Stage) -> str:
    """Submitted under the earlier edition against two of its principles: a hospital of the second
    grade, and four deputies."""
    with transaction():
        host = db.session.get_one(Organization, here.applicant.organization_id)
        host.grade = "二级甲等"
    code = draft(here)
    fill(here.applicant, code, without=("grade", "officers"))
    more = [(Post.DEPUTY, SPECIALIST)] * 2
    do(lambda: propose_officers(here.applicant, code, (*POSTS, *more)))
    submit(here.applicant, code)
    return code


def _proposed(here: Stage, code: str) -> None:
    judge_all(here.reception, code)
    do(lambda: services.accept(here.reception, code))
    do(lambda: services.propose(here.reception, code, True, "建议批准"))


@pytest.mark.usefixtures("app")
def test_a_principle_passes_with_a_written_reason_only(clock: Clock) -> None:
    clock.set(moment(date(2021, 3, 10)))
    here = stage()
    code = _exceptional(here)
    _proposed(here, code)
    before = everything()
    for nothing in ("", " \n\t "):
        with pytest.raises(RulesBroken) as broken:
            do(lambda words=nothing: services.approve(here.commission, code, words))  # type: ignore[misc]
        rules = {f.rule for f in broken.value.findings if f.needs_justification}
        assert rules == {"hosting.grade", "officers.deputy_count"}
        assert not any(f.blocks for f in broken.value.findings)
    assert everything() == before
    do(lambda: services.approve(here.commission, code, "  省内唯一具备条件的单位。 "))
    _check_exception(code)


def _check_exception(code: str) -> None:
    application = find(code)
    decision = db.session.scalars(sa.select(Decision)).one()
    hosting = db.session.scalars(sa.select(Hosting)).one()
    assert application.state is S.APPROVED
    assert decision.reason == "省内唯一具备条件的单位。"
    assert decision.rulebook_version == hosting.rulebook_version == application.rulebook_version
    assert decision.rulebook_version.startswith("demo-2010@")
    assert {(f["rule"], f["force"]) for f in decision.findings} == {
        ("hosting.grade", "principle"),
        ("officers.deputy_count", "principle"),
    }
    paper = next(p for p in list_papers(application.id) if p.kind == "decision")
    proof = {"verification": paper.code, "verify_url": f"http://127.0.0.1/verify/{paper.code}"}
    page = decision_html({**paper.content, **proof})
    for words in ("省内唯一具备条件的单位。", "副主任原则上 1-3 名", "第七条（一）", "虚构示例"):
        assert words in page


def _with_one_deputy(here: Stage, actor: Actor) -> str:
    """Enough for the earlier edition, too few for the later one."""
    code = draft(here, actor)
    fill(actor, code, without=("officers",))
    do(lambda: propose_officers(actor, code, tuple(p for i, p in enumerate(POSTS) if i != 2)))
    return code


@pytest.mark.usefixtures("app")
def test_an_application_keeps_the_edition_it_was_submitted_under(clock: Clock) -> None:
    clock.set(moment(LAST_DAY))
    here = stage()
    code, late = (_with_one_deputy(here, actor) for actor in (here.applicant, here.rival))
    clock.set(moment(LAST_DAY, 23, 59, 59))
    submit(here.applicant, code)
    clock.set(moment(LAST_DAY + timedelta(days=1), 0, 0, 0))
    with pytest.raises(RulesBroken) as broken:
        submit(here.rival, late)
    assert {f.rule for f in broken.value.findings} == {"officers.deputy_count"}
    do(lambda: services.return_for_correction(
        here.reception, code, "补正", {"form": "请补充"}, None))  # fmt: skip
    assert findings_at_submission(find(code)) == []
    submit(here.applicant, code)
    _proposed(here, code)
    do(lambda: services.approve(here.commission, code))
    decision = db.session.scalars(sa.select(Decision)).one()
    assert decision.rulebook_version.startswith("demo-2010@")
    assert center_of(code).state.value == "established"
