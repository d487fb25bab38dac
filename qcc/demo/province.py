"""The demo province, as a visitor finds it: centers in several states, open calls, applications."""

from datetime import timedelta

import sqlalchemy as sa

from qcc.applications import services
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.rules import OfficerPost
from qcc.centers.services import end_hosting
from qcc.demo import acts
from qcc.demo.acts import at, do
from qcc.demo.assessments import load_assessments
from qcc.demo.competition import load_competition
from qcc.demo.corrections import load_rectification, load_violation
from qcc.demo.meetings import load_meetings
from qcc.demo.panels import load_panels
from qcc.demo.people import Cast, load_accounts, load_organizations
from qcc.infra import clock
from qcc.infra.db import ROW, db, transaction
from qcc.infra.installation import InstallationMark, has_mark
from qcc.infra.outbox import Message
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization

A, B, C = "浙江大学医学院附属第一医院", "浙江省人民医院", "温州医科大学附属第一医院"

PROVINCIAL = (
    ("麻醉", A, 900),
    ("护理", "浙江大学医学院附属邵逸夫医院", 800),
    ("药事", "浙江大学医学院附属第二医院", 700),
    ("放射", B, 610),
    ("产科", "浙江大学医学院附属妇产科医院", 540),
    ("病历", "宁波市第二医院", 420),
)
"""Provincial centers: specialty, host, days since they were established."""

IN_COUNTIES = (
    ("杭州市桐庐县卫生健康局", "桐庐县第一人民医院", ("麻醉", "护理", "药事", "病历")),
    ("杭州市淳安县卫生健康局", "淳安县第一人民医院", ("护理", "急诊")),
    ("湖州市安吉县卫生健康局", "安吉县人民医院", ("护理", "药事", "放射")),
    ("台州市仙居县卫生健康局", "仙居县人民医院", ("临床检验", "护理")),
)
"""County commission, host, specialties of its centers."""


def load(password: str) -> bool:
    """Load the whole demo; returns False, having done nothing, if it is there."""
    if has_mark("demo"):
        return False
    cast = Cast(password)
    with transaction() as session:
        load_organizations()
        load_accounts(cast)
        session.add(InstallationMark(name="demo", at=clock.now()))
    load_centers(cast)
    load_open_call(cast)
    load_competition(cast, *_deciders(cast))
    with transaction() as session:
        long_ago = clock.now() - timedelta(days=14)
        session.execute(
            sa.update(Message).where(Message.created_at < long_ago).values(read_at=long_ago)
        )
    return True


def _deciders(cast: Cast) -> tuple[Actor, Actor]:
    """The provincial commission and who receives for it."""
    commission = cast.organization("浙江省卫生健康委员会")
    evaluation = cast.organization("浙江省医疗服务管理评价中心")
    return do(
        lambda: (
            cast.stand_in(commission, Role.COMMISSION_OFFICER),
            cast.stand_in(evaluation, Role.EVALUATION_OFFICER),
        )
    )


def _local_deciders(cast: Cast, name: str) -> tuple[Actor, Actor]:
    """Two officers of a commission that receives for itself: who proposes does not decide."""
    organization = cast.organization(name)
    return do(
        lambda: (
            cast.stand_in(organization, Role.COMMISSION_OFFICER),
            cast.second(organization, Role.COMMISSION_OFFICER),
        )
    )


def load_centers(cast: Cast) -> None:
    """Established centers of the province, a city and some counties; one rectifying, one vacant,
    some planned."""
    today, deciders = clock.today(), _deciders(cast)
    ids = {
        specialty: acts.establish(cast, deciders, specialty, host, today - timedelta(days=days))
        for specialty, host, days in PROVINCIAL
    }
    commission = deciders[0]
    _seat_officers(cast, ids["麻醉"])
    load_panels(cast, ids["麻醉"], A, commission)
    with at(today - timedelta(days=40)):
        do(lambda: end_hosting(commission, _lock(ids["病历"]),
                               "挂靠单位调整学科布局，申请终止挂靠，经研究同意。", clock.today()))  # fmt: skip
    with at(today - timedelta(days=10)):
        for specialty in ("病理", "肿瘤", "康复医学"):
            acts.plan(commission, specialty)
    city = _local_deciders(cast, "杭州市卫生健康委员会")
    for number, specialty in enumerate(("麻醉", "急诊", "护理")):
        day = today - timedelta(days=300 - 30 * number)
        acts.establish(cast, city, specialty, "杭州市第一人民医院", day)
    for name, host, specialties in IN_COUNTIES:
        local = _local_deciders(cast, name)
        for specialty in specialties:
            acts.establish(cast, local, specialty, host, today - timedelta(days=200))
    load_meetings(ids["麻醉"])
    office = cast.organization("浙江省医疗服务管理评价中心")
    assessor = do(lambda: cast.second(office, Role.EVALUATION_OFFICER))
    load_assessments(deciders, assessor, ids["麻醉"], {ids["麻醉"], ids["放射"]})
    load_rectification(deciders[1], ids["放射"])
    load_violation((assessor, deciders[1], commission), ids["麻醉"])


def _lock(center_id: int) -> Center:
    return db.session.get_one(Center, center_id, with_for_update=ROW)


def _seat_officers(cast: Cast, center_id: int) -> None:
    """The accounts `director` and `secretary`, of one center."""
    with transaction() as session:
        rows = session.scalars(
            sa.select(Officer)
            .join(Hosting)
            .where(Hosting.center_id == center_id, Officer.ended_on.is_(None))
        ).all()
        by_post = {row.post: row for row in rows}
        host = session.get_one(Organization, by_post[OfficerPost.DIRECTOR].hosting.institution_id)
        for username, role, post in (
            ("director", Role.CENTER_DIRECTOR, OfficerPost.DIRECTOR),
            ("secretary", Role.CENTER_SECRETARY, OfficerPost.SECRETARY),
        ):
            cast.seat(username, role, by_post[post].person, host, center_id)


def load_open_call(cast: Cast) -> None:
    """A call that is open now, with applications in several states."""
    commission, evaluation = _deciders(cast)
    today = clock.today()
    with at(today - timedelta(days=12)):
        ids = {name: acts.plan(commission, name) for name in ("重症医学", "急诊", "血液透析")}
        call_id = acts.publish(
            commission, f"{today.year}年省级医疗质量控制中心挂靠单位申报", list(ids.values()), 40
        )
    a, b, c = (acts.host_officer(cast, name) for name in (A, B, C))
    with at(today - timedelta(days=8)):
        draft = acts.begin(a, call_id, ids["急诊"])
        acts.fill_form(a, draft)
        acts.fill_report(a, draft, 3)
        for applicant, center in ((b, "重症医学"), (c, "重症医学"), (b, "血液透析"), (c, "急诊")):
            code = acts.begin(applicant, call_id, ids[center])
            acts.fill(cast, applicant, code)
            acts.submit(applicant, code)
            _carry_on(applicant, evaluation, code, center)
    with at(today - timedelta(days=2)):
        words = "部分医疗机构反映申报材料准备时间不足，为便于各单位充分准备，现予延期。"
        acts.extend(commission, call_id, 45, words)
        center_id = acts.plan(commission, "传染病")
        code = acts.designate(cast, commission, center_id, A)
        acts.propose_designation(commission, code)


def _carry_on(applicant: Actor, evaluation: Actor, code: str, center: str) -> None:
    """How far each application of the open call has come."""
    if center == "急诊":
        remarks = {"support_funding": "请补充经费的年度安排和来源。"}
        correct_by = clock.today() + timedelta(days=30)
        do(lambda: services.return_for_correction(
            evaluation, code, "可行性报告部分内容需要补充。", remarks, correct_by))  # fmt: skip
    elif center == "血液透析":
        acts.accept(evaluation, code)
        acts.propose(evaluation, code)
    elif applicant.organization_name == C:
        acts.accept(evaluation, code)
