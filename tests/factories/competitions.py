"""Competitions for tests, brought to each state by the services that bring them there in the
product: a call of tomorrow, three hospitals, a plan for three reviewers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Competition
from qcc.applications.queries import list_own_reviews, list_reviewed
from qcc.applications.rules.plan import Plan, PlannedCriterion, Seats
from qcc.experts.services import people
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind
from tests.conftest import Clock
from tests.factories.applications import Stage, do, filled, judge_all, published, submit
from tests.factories.centers import PROVINCE, new_actor, province

DAYS = 20
PLAN = Plan(
    criteria=(
        PlannedCriterion("学科实力", 60, 100, "90 分以上：全国领先；60 分以下：一般"),
        PlannedCriterion("质控能力", 40, 50),
    ),
    seats=(Seats("麻醉", 3),),
    minimum=Decimal(60),
    bound=Decimal(15),
    slot_minutes=20,
    review_days=10,
)


@dataclass
class Contest:
    """A competition and who takes part; *places* are the organizations by their keys. Plain values:
    they outlive their session."""

    places: dict[str, int]
    stage: Stage
    clock: Clock
    code: str
    second: Actor
    hospitals: list[Actor]
    experts: dict[str, Actor] = field(default_factory=dict)
    applications: list[str] = field(default_factory=list)

    @property
    def reception(self) -> Actor:
        return self.stage.reception

    @property
    def commission(self) -> Actor:
        return self.stage.commission

    @property
    def row(self) -> Competition:
        """The competition as the database has it now."""
        return db.session.scalars(
            sa.select(Competition)
            .filter_by(code=self.code)
            .execution_options(populate_existing=True)
        ).one()

    def act(self, service: Callable[..., Any], actor: Actor, *args: Any) -> Any:
        """One act about the competition in a transaction of its own."""
        return do(lambda: service(actor, self.code, *args))

    def reviews(self) -> dict[str, Actor]:
        """The code of each review that was asked for, and whose it is."""
        return {
            review.code: actor
            for actor in self.experts.values()
            for review in list_own_reviews(actor)
            if review.competition.code == self.code
        }

    def entries(self) -> list[str]:
        """The codes of the applications that are reviewed."""
        return [application.code for application in list_reviewed(self.row)]


def expert(
    places: dict[str, int], key: str, name: str, specialty: str = "麻醉", **more: Any
) -> Actor:
    """An expert employed there, with an account."""
    with transaction():
        organization = db.session.get_one(Organization, places[key])
        found = people.register_expert(
            None,
            {
                "name": name,
                "sex": None,
                "birth_date": date(1972, 2, 2),
                "identity": "",
                "employer": organization,
                "post": "科主任",
                "title": "主任医师",
                "specialty": specialty,
                "practised_since": date(2000, 7, 1),
                "standing_text": "本专业负责人",
                "health_text": "健康",
                "tags": [],
                **more,
            },
        )
        return new_actor(organization, Role.EXPERT, found.person)


def planned_contest(clock: Clock, plan: Plan = PLAN, experts: int = 5) -> Contest:
    """A call of tomorrow with a plan, three hospitals that will apply, experts elsewhere."""
    here = province()
    with transaction():
        kind, role = OrganizationKind.INSTITUTION, Role.INSTITUTION_OFFICER
        here.add("third", kind, "测试第三医院", "330105", role)
        here.add("elsewhere", kind, "测试第九医院", "330200", role)
    call_id, centers = published(here.commission, ("麻醉",), days=DAYS, starts_in=1)
    reception = here.actor("evaluation", Role.EVALUATION_OFFICER)
    with transaction():
        second = new_actor(here.organizations["evaluation"], Role.EVALUATION_OFFICER)
        colleague = new_actor(here.organizations[PROVINCE], Role.COMMISSION_OFFICER)
    stage = Stage(
        PROVINCE, call_id, centers, here.commission, colleague, reception, here.host, here.rival,
        here.actor(PROVINCE, Role.SECURITY_ADMIN),
    )  # fmt: skip
    code = do(lambda: services.make_plan(reception, call_id, stage.center_id, plan).code)
    third = here.actor("third", Role.INSTITUTION_OFFICER)
    places = {key: organization.id for key, organization in here.organizations.items()}
    contest = Contest(places, stage, clock, code, second, [here.host, here.rival, third])
    for number in range(experts):
        name = f"评审{number}"
        contest.experts[name] = expert(places, "elsewhere", name)
    return contest


def entered(clock: Clock, hospitals: int = 3, **more: Any) -> Contest:
    """The call is open and the hospitals have submitted; all is sealed."""
    contest = planned_contest(clock, **more)
    clock.forward(timedelta(days=1))
    for hospital in contest.hospitals[:hospitals]:
        code = filled(contest.stage, hospital)
        submit(hospital, code)
        contest.applications.append(code)
    return contest


def over(clock: Clock, **more: Any) -> Contest:
    """The call is over, nothing is opened."""
    contest = entered(clock, **more)
    clock.forward(timedelta(days=DAYS + 1))
    return contest


def opened(clock: Clock, **more: Any) -> Contest:
    """Opened by two persons."""
    contest = over(clock, **more)
    contest.act(services.sign_opening, contest.reception)
    contest.act(services.sign_opening, contest.second)
    return contest


def reviewing(clock: Clock, *, declared: bool = True, **more: Any) -> Contest:
    """The formal check is done, reviewers are drawn and, if wanted, have declared."""
    contest = opened(clock, **more)
    for code in contest.applications:
        judge_all(contest.reception, code)
        do(lambda c=code: services.accept(contest.reception, c))
    contest.act(services.draw_reviewers, contest.reception, "麻醉")
    contest.act(services.start_review, contest.reception)
    for code, actor in contest.reviews().items():
        if declared:
            do(lambda c=code, a=actor: services.declare(a, c))
    return contest


def score(contest: Contest, review: str, points: dict[str, tuple[str | None, ...]]) -> None:
    """A reviewer gives points to each application, by criterion; None with a remark."""
    actor = contest.reviews()[review]
    criteria = [criterion.id for criterion in contest.row.criteria]
    for application, given in points.items():
        for criterion, text in zip(criteria, given, strict=True):
            value = None if text is None else Decimal(text)
            remark = "材料未涉及" if text is None else ""
            with transaction():
                services.save_score(actor, review, application, criterion, value, remark)


def lodged(clock: Clock, marks: list[tuple[str, str]] | None = None, **more: Any) -> Contest:
    """Everybody has lodged: the n-th application gets the n-th marks from all."""
    contest = reviewing(clock, **more)
    given = marks or [("90", "45"), ("80", "40"), ("70", "35")]
    entries = contest.entries()
    for review, actor in contest.reviews().items():
        score(contest, review, dict(zip(entries, given, strict=False)))
        do(lambda r=review, a=actor: services.lodge(a, r))
    return contest


def closed(clock: Clock, marks: list[tuple[str, str]] | None = None, **more: Any) -> Contest:
    """The review is closed and the result stands."""
    contest = lodged(clock, marks, **more)
    contest.act(services.close_review, contest.reception)
    return contest
