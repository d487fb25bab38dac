"""Calls and applications for tests, made by the services that make them in the product.

A state is reached the way the product reaches it: an approved application went through submission,
check and decision.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Application
from qcc.applications.queries import list_submissions
from qcc.applications.sections import SECTIONS, EligibilityItem
from qcc.applications.services.facts import canonical, content_of
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from tests.factories.centers import PDF, PROVINCE, new_actor, planned, province

S = ApplicationState
T = TypeVar("T")

POSTS: tuple[tuple[OfficerPost, dict[str, Any]], ...] = (
    (OfficerPost.DIRECTOR, {"host_position": HostPosition.VICE_PRESIDENT_IN_CHARGE}),
    (OfficerPost.EXECUTIVE_DEPUTY, {"is_discipline_leader": True}),
    (OfficerPost.DEPUTY, {"is_specialist": True}),
    (OfficerPost.DEPUTY, {"is_specialist": True}),
    (OfficerPost.SECRETARY, {"in_host_discipline": True}),
)
"""Officers who agree with every rule of M.12(1) to (4)."""

FORM = {
    "legal_representative": "法人甲",
    "is_national_center_host": False,
    "is_national_center_lead": True,
    "reason": "我院本专业综合实力较强。\n愿意承担“中心”挂靠工作。",
}


def do(act: Callable[[], T]) -> T:
    """One act in a transaction of its own."""
    with transaction():
        return act()


@dataclass(frozen=True)
class Stage:
    """An open call in a province, and who takes part. Plain values: they outlive their session."""

    place: str
    call_id: int
    centers: dict[str, int]
    commission: Actor
    colleague: Actor
    reception: Actor
    applicant: Actor
    rival: Actor
    security: Actor

    @property
    def center_id(self) -> int:
        """The first center of the call."""
        return next(iter(self.centers.values()))


def stage(
    place: str = PROVINCE, specialties: tuple[str, ...] = ("麻醉",), *, days: int = 29
) -> Stage:
    """A call for the centers of the specialties, open from today on.

    At the province the evaluation center receives; elsewhere the commission does so itself, by
    another officer.
    """
    here = province()
    commission = here.actor(place)
    call_id, centers = published(commission, specialties, days=days)
    colleague = do(lambda: new_actor(here.organizations[place], Role.COMMISSION_OFFICER))
    at_province = place == PROVINCE
    return Stage(
        place=place,
        call_id=call_id,
        centers=centers,
        commission=commission,
        colleague=colleague,
        reception=here.actor("evaluation", Role.EVALUATION_OFFICER) if at_province else colleague,
        applicant=here.host,
        rival=here.rival,
        security=here.actor(PROVINCE, Role.SECURITY_ADMIN),
    )


def published(
    commission: Actor,
    specialties: tuple[str, ...],
    *,
    days: int = 29,
    starts_in: int = 0,
    invited: tuple[int, ...] = (),
) -> tuple[int, dict[str, int]]:
    """A published call for newly planned centers: its id, and theirs by specialty."""
    ids = {name: planned(commission, name).id for name in specialties}
    opens_on = clock.today() + timedelta(days=starts_in)
    plan = services.CallPlan(
        title="挂靠单位申报",
        center_ids=tuple(ids.values()),
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=days),
        conditions="如实填写。",
        invited_ids=invited,
    )
    return do(lambda: services.publish_call(commission, plan).id), ids


def find(code: str) -> Application:
    """The application as the database has it now."""
    return db.session.scalars(
        sa.select(Application).filter_by(code=code).execution_options(populate_existing=True)
    ).one()


def center_of(code: str) -> Center:
    """The center applied for, as the database has it now."""
    return db.session.get_one(Center, find(code).center_id, populate_existing=True)


def officer_values(post: OfficerPost, name: str, **more: Any) -> dict[str, Any]:
    """What is typed about a proposed person."""
    return {
        "post": post,
        "name": name,
        "birth_date": date(1975, 5, 5),
        "job": "副院长" if post is OfficerPost.DIRECTOR else "科主任",
        "title": "主任医师",
        "area_in_charge": "分管医疗质量" if post is OfficerPost.DIRECTOR else "",
        "specialty": "麻醉",
        "ability": "长期从事本专业临床和质量管理工作。",
        "host_position": HostPosition.OTHER,
        "is_discipline_leader": False,
        "in_host_discipline": False,
        "is_specialist": False,
        **more,
    }


def draft(stage: Stage, actor: Actor | None = None, specialty: str = "") -> str:
    """A draft in which nothing is filled in; its code."""
    actor, center = actor or stage.applicant, stage.centers.get(specialty, stage.center_id)
    return do(lambda: services.start_application(actor, stage.call_id, center).code)


def fill(actor: Actor, code: str, *, without: Collection[str] = ()) -> None:
    """Fill in everything, *without* some parts: "form", "officers", a section or a condition."""
    with transaction():
        application = find(code)
        if "form" not in without:
            services.save_form(actor, code, application.version, FORM)
        if "officers" not in without:
            propose_officers(actor, code)
        for section in SECTIONS:
            if section.key not in without:
                write(actor, code, section.key, f"{section.title}：内容。")
        for item in EligibilityItem:
            if item.value not in without:
                declare(actor, code, item)


def propose_officers(
    actor: Actor, code: str, posts: tuple[tuple[OfficerPost, dict[str, Any]], ...] = POSTS
) -> None:
    """Propose persons of the applicant itself for the posts."""
    for number, (post, more) in enumerate(posts):
        values = officer_values(post, f"候选{code[:3]}{number}", **more)
        services.add_officer(actor, code, "", values)


def write(actor: Actor, code: str, key: str, text: str) -> None:
    """Write a section of the report."""
    row = next(s for s in find(code).sections if s.key == key)
    services.save_section(actor, code, key, row.version, text)


def declare(actor: Actor, code: str, item: EligibilityItem) -> None:
    """Declare a condition, with evidence where it is asked for."""
    row = next(a for a in find(code).answers if a.item is item)
    services.save_answer(actor, code, item.value, row.version, True, f"{item.heading}：符合。")
    if item.needs_evidence:
        services.attach_file(actor, code, item.value, PDF, f"{item.heading}.pdf")


def filled(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """A draft that can be submitted."""
    actor = actor or stage.applicant
    code = draft(stage, actor, **more)
    fill(actor, code)
    return code


def seen(code: str) -> str:
    """The hash that the check page carries now."""
    return canonical(content_of(find(code)))[1]


def submit(actor: Actor, code: str) -> None:
    """Submit what stands there now."""
    digest = seen(code)
    do(lambda: services.submit(actor, code, digest))


def judge_all(reception: Actor, code: str, confirmed: bool = True) -> None:
    """Judge every condition alike."""
    with transaction():
        for row in find(code).answers:
            remark = "" if confirmed else "材料不足"
            services.judge_item(reception, code, row.item.value, row.version, confirmed, remark)


def submitted(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """An application under formal check."""
    actor = actor or stage.applicant
    code = filled(stage, actor, **more)
    submit(actor, code)
    return code


def returned(stage: Stage, actor: Actor | None = None, by: date | None = None, **more: Any) -> str:
    """An application that was returned for correction."""
    code = submitted(stage, actor, **more)
    remarks = {"support_funding": "请补充经费来源"}
    do(lambda: services.return_for_correction(stage.reception, code, "请补正", remarks, by))
    return code


def accepted(stage: Stage, actor: Actor | None = None, confirmed: bool = True, **more: Any) -> str:
    """An application that passed the formal check."""
    code = submitted(stage, actor, **more)
    if stage.place == PROVINCE:
        judge_all(stage.reception, code, confirmed)
    do(lambda: services.accept(stage.reception, code))
    return code


def under_decision(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """An application that lies before the commission."""
    code = accepted(stage, actor, **more)
    do(lambda: services.propose(stage.reception, code, True, "建议批准"))
    return code


def approved(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """An approved application: the center stands."""
    code = under_decision(stage, actor, **more)
    do(lambda: services.approve(stage.commission, code))
    return code


def refused(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """A refused application."""
    code = under_decision(stage, actor, **more)
    do(lambda: services.refuse(stage.commission, code, "择优确定其他单位"))
    return code


def withdrawn(stage: Stage, actor: Actor | None = None, **more: Any) -> str:
    """An application that its institution took back."""
    code = submitted(stage, actor, **more)
    do(lambda: services.withdraw(actor or stage.applicant, code, "另有安排"))
    return code


IN_STATE: dict[ApplicationState, Callable[..., str]] = {
    S.DRAFT: filled,
    S.SUBMITTED: submitted,
    S.RETURNED: returned,
    S.ACCEPTED: accepted,
    S.UNDER_DECISION: under_decision,
    S.APPROVED: approved,
    S.REFUSED: refused,
    S.WITHDRAWN: withdrawn,
}
"""State → how an application comes to it; a draft is one that is filled in."""


def last_content(code: str) -> str:
    """What was submitted last, as stored."""
    return list_submissions(find(code).id)[0].content
