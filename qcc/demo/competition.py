"""The competition of the demo: three hospitals have applied, the call closed yesterday, nothing is
opened yet; and a call to come, for which a plan can still be made."""

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.accounts.models import User
from qcc.applications.rules.plan import Plan, PlannedCriterion, Seats
from qcc.applications.services import CallPlan, make_plan, publish_call
from qcc.centers.models import Center
from qcc.demo import acts
from qcc.demo.acts import at, do
from qcc.demo.people import ACCOUNTS, Cast
from qcc.demo.words import birth_date
from qcc.experts.services.people import register_expert
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, Person

SPECIALTY, COMING = "脑卒中", "眼科"

PLAN = Plan(
    criteria=(
        PlannedCriterion(
            "专业综合实力", 30, 30, "省级重点学科及影响力。27–30 优；22–26 良；22 以下一般。"
        ),
        PlannedCriterion(
            "质量管理体系和成效", 25, 25, "制度、指标与持续改进。23–25 优；18–22 良；18 以下一般。"
        ),
        PlannedCriterion(
            "工作计划和预期目标", 20, 20, "目标明确、节点可考核。18–20 优；14–17 良；14 以下一般。"
        ),
        PlannedCriterion("拟任负责人", 15, 10, "学术威望和质控管理经验。"),
        PlannedCriterion("条件保障", 10, 10, "场所、设备、经费和人员。"),
    ),
    seats=(Seats(SPECIALTY, 5),),
    drops_extremes=True,
    minimum=Decimal(60),
    bound=Decimal(15),
    slot_minutes=20,
    review_days=10,
)
"""Five reviewers; the highest and the lowest score of each criterion are dropped."""

APPLICANTS = ("浙江大学医学院附属第一医院", "浙江省人民医院", "温州医科大学附属第一医院")
WITHOUT_ACCOUNT = "衢州市人民医院"


def load_competition(cast: Cast, commission: Actor, evaluation: Actor) -> None:
    """Plan, call, three applications, sealed; and the experts who could review them."""
    today = clock.today()
    register_reviewers(cast, commission)
    with at(today - timedelta(days=35)):
        opens, closes = today - timedelta(days=30), today - timedelta(days=1)
        call_id, center_id = _publish(commission, SPECIALTY, opens, closes)
    with at(today - timedelta(days=33)):
        do(make_plan, evaluation, call_id, center_id, PLAN)
    with at(today - timedelta(days=20)):
        for name in APPLICANTS:
            applicant = acts.host_officer(cast, name)
            code = acts.begin(applicant, call_id, center_id)
            acts.fill(cast, applicant, code)
            acts.submit(applicant, code)
    with at(today - timedelta(days=2)):
        _publish(commission, COMING, today + timedelta(days=7), today + timedelta(days=37))


def _publish(commission: Actor, specialty: str, opens: date, closes: date) -> tuple[int, int]:
    """A call for one center that applicants compete for; its id and the center's."""
    center_id = acts.plan(commission, specialty)
    name = db.session.get_one(Center, center_id).name
    plan = CallPlan(
        title=f"{name}挂靠单位竞争申报",
        center_ids=(center_id,),
        opens_on=opens,
        closes_on=closes,
        conditions="多家单位申报的，按竞争方案评审，择优确定挂靠单位。",
    )
    return do(lambda: publish_call(commission, plan).id), center_id


def register_reviewers(cast: Cast, commission: Actor) -> None:
    """The holders of the experts' accounts as experts of the specialty, another without an account,
    and one whom an applicant employs."""
    for username, role, _organization in ACCOUNTS:
        if role is Role.EXPERT:
            user = db.session.scalars(sa.select(User).filter_by(username=username)).one()
            _register(commission, user.person, user.person.employer)
    for number, employer in enumerate((WITHOUT_ACCOUNT, APPLICANTS[0])):
        organization = cast.organization(employer)
        person = Person(name=cast.new_name(), birth_date=birth_date(40 + number))
        _register(commission, person, organization)


def _register(commission: Actor, person: Person, employer: Organization | None) -> None:
    values = {
        "name": person.name,
        "birth_date": person.birth_date,
        "sex": None,
        "employer": employer,
        "post": "神经内科主任",
        "title": "主任医师",
        "specialty": SPECIALTY,
        "practised_since": date(2001, 7, 1),
        "standing_text": "本专业负责人",
        "health_text": "健康",
        "tags": ["质量评价"],
    }
    do(register_expert, commission, values)
