"""The story of one center, told without a browser: each step printed, its papers left behind."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.documents import HTML_OF
from qcc.applications.models import Application
from qcc.centers.models import Center
from qcc.demo import acts
from qcc.demo.acts import at, do
from qcc.demo.people import Cast, load_accounts, load_organizations
from qcc.infra import audit, clock, files
from qcc.infra.db import db, transaction
from qcc.infra.papers import Paper, PaperState, issue_pending
from qcc.kernel.permissions import Actor, Role

Say = Callable[[str], None]


def play(out: Path, say: Say) -> None:
    """Play the story on the empty, migrated database of the present application."""
    cast = Cast("not used: nobody signs in here 7391")
    with transaction():
        load_organizations()
        load_accounts(cast)
    say("加载浙江省行政区划、专业目录、45 家医院（等级未经核验）和虚构人员")
    commission, evaluation, hospital, rival = do(lambda: _cast(cast))
    today = clock.today()

    with at(today - timedelta(days=40)):
        center_id = acts.plan(commission, "重症医学")
        call_id = acts.publish(commission, "重症医学质控中心挂靠单位申报", [center_id], 20)
    say(f"{commission.organization_name}规划“{_center(center_id).name}”，发布申报通知")

    with at(today - timedelta(days=30)):
        code = acts.begin(hospital, call_id, center_id)
        acts.fill(cast, hospital, code)
        acts.submit(hospital, code)
        rival_code = acts.begin(rival, call_id, center_id)
        acts.fill(cast, rival, rival_code)
        acts.submit(rival, rival_code)
    say(f"{hospital.organization_name}提交申请，编号 {_application(code).number}")
    say(f"{rival.organization_name}提交申请，编号 {_application(rival_code).number}（互不可见）")

    with at(today - timedelta(days=15)):
        remarks = {"quality_control": "请明确首年工作计划的时间节点。"}
        do(lambda: services.return_for_correction(
            evaluation, code, "工作计划需补充时间节点。", remarks, today))  # fmt: skip
        acts.fill_report(hospital, code)
        acts.submit(hospital, code)
    say(f"{evaluation.organization_name}退回补正，医院补正后重新提交")

    with at(today - timedelta(days=5)):
        for each in (code, rival_code):
            acts.accept(evaluation, each)
            acts.propose(evaluation, each)
    say(f"{evaluation.organization_name}逐项审核，两份申请均形式审查合格，报请批准")

    with at(today):
        acts.approve(commission, code)
        do(
            lambda: services.refuse(
                commission, rival_code, "经综合评议，择优确定其他单位为挂靠单位。"
            )
        )
    say(
        f"{commission.organization_name}批准：{_center(center_id).name}成立，主任、副主任、秘书到位"
    )
    say("另一份申请不予批准，并说明理由")

    while issue_pending(HTML_OF):
        pass
    for name in _leave_papers(out):
        say(f"文书：{name}")
    broken = list(audit.verify(db.session))
    count, last = audit.head(db.session)
    say(f"审计链：{count} 条，{'完整' if not broken else '有断裂'}，链尾 {last[:16]}")
    if broken:
        raise RuntimeError("the audit chain does not verify")


def _cast(cast: Cast) -> tuple[Actor, Actor, Actor, Actor]:
    return (
        cast.stand_in(cast.organization("浙江省卫生健康委员会"), Role.COMMISSION_OFFICER),
        cast.stand_in(cast.organization("浙江省医疗服务管理评价中心"), Role.EVALUATION_OFFICER),
        cast.stand_in(cast.organization("浙江大学医学院附属第一医院"), Role.INSTITUTION_OFFICER),
        cast.stand_in(cast.organization("浙江省人民医院"), Role.INSTITUTION_OFFICER),
    )


def _center(center_id: int) -> Center:
    return db.session.get_one(Center, center_id)


def _application(code: str) -> Application:
    return db.session.scalars(sa.select(Application).filter_by(code=code)).one()


def _leave_papers(out: Path) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for paper in db.session.scalars(sa.select(Paper).order_by(Paper.id)):
        if paper.state is not PaperState.ISSUED or paper.file is None:
            raise RuntimeError(f"paper {paper.name} was not issued: {paper.error}")
        name = f"{paper.id:02d}-第{paper.round}次-{paper.name}"
        (out / name).write_bytes(files.read(paper.file))
        names.append(name)
    return names
