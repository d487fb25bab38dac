"""What people of the demo do, each act through the real services in a transaction of its own; only
what somebody writes at one sitting shares one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Application, Designation
from qcc.applications.sections import SECTIONS, EligibilityItem, asked_items
from qcc.applications.services import (
    CallPlan,
    designating,
    designation_drafts,
    extend_call,
    publish_call,
)
from qcc.applications.services.facts import canonical, content_of, rulebook_of
from qcc.centers.models import Center, Specialty
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import plan_center
from qcc.demo.people import Cast
from qcc.demo.words import STATEMENTS, reason, report
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.infra.pdf import render_pdf
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization

T = TypeVar("T")
Given = ParamSpec("Given")


_sitting: ContextVar[bool] = ContextVar("sitting", default=False)


def do(act: Callable[Given, T], *given: Given.args, **named: Given.kwargs) -> T:
    """One act in one transaction, or in that of the sitting it belongs to."""
    if _sitting.get():
        return act(*given, **named)
    with transaction():
        return act(*given, **named)


@contextmanager
def sitting() -> Iterator[None]:
    """What somebody writes at one go, in one transaction."""
    token = _sitting.set(True)
    try:
        with transaction():
            yield
    finally:
        _sitting.reset(token)


@contextmanager
def at(day: date, hour: int = 10) -> Iterator[None]:
    """The product's clock stands at that hour of the day while the block runs."""
    moment = datetime.combine(day, time(hour), SHANGHAI)
    with clock.reading(lambda: moment):
        yield


_evidence: list[bytes] = []


def evidence_pdf() -> bytes:
    """A page that stands for whatever a hospital would attach."""
    if not _evidence:
        _evidence.append(render_pdf("<h1>证明材料（演示）</h1><p>此页为演示数据，内容为虚构。</p>"))
    return _evidence[0]


def plan(actor: Actor, specialty: str) -> int:
    """Plan the center of a specialty at the actor's level; returns its id."""
    row = db.session.scalars(sa.select(Specialty).filter_by(name=specialty)).one()
    return do(lambda: plan_center(actor, row.kind, row.id, actor.place).id)


def publish(actor: Actor, title: str, center_ids: list[int], days: int) -> int:
    """Publish a call that opens today and closes after so many days; returns its id."""
    today = clock.today()
    call_plan = CallPlan(
        title=title,
        center_ids=tuple(center_ids),
        opens_on=today,
        closes_on=today + timedelta(days=days),
        conditions="申报单位应符合管理办法规定的条件，如实填写设置申请表和可行性报告。",
    )
    return do(lambda: publish_call(actor, call_plan).id)


def extend(actor: Actor, call_id: int, days: int, reason: str) -> None:
    """Put the closing of a call off to so many days from today."""
    closes_on = clock.today() + timedelta(days=days)
    do(lambda: extend_call(actor, call_id, closes_on, reason))


def begin(actor: Actor, call_id: int, center_id: int) -> str:
    """Begin an application; returns its code."""
    return do(lambda: services.start_application(actor, call_id, center_id).code)


def _one(code: str) -> Application:
    return db.session.scalars(sa.select(Application).filter_by(code=code)).one()


def fill_form(actor: Actor, code: str) -> None:
    """Fill the cells of the form."""
    application = _one(code)
    values = {
        "legal_representative": application.legal_representative or "（演示）法定代表人",
        "is_national_center_host": False,
        "is_national_center_lead": False,
        "reason": reason(application.center.specialty.name),
    }
    version = application.version
    do(lambda: services.save_form(actor, code, version, values))


def fill_report(actor: Actor, code: str, how_many: int = len(SECTIONS)) -> None:
    """Write the first so many sections of the report."""
    application = _one(code)
    texts = report(application.center.specialty.name, application.institution.name)
    rows = [(row.key, row.version) for row in application.sections][:how_many]
    for key, version in rows:
        do(services.save_section, actor, code, key, version, texts[key])


def declare(actor: Actor, code: str) -> None:
    """Declare every condition, with evidence where it is asked for."""
    rows = [(row.item, row.version) for row in _one(code).answers]
    for item, version in rows:
        words = STATEMENTS[item.value]
        do(services.save_answer, actor, code, item.value, version, True, words)
        if item.needs_evidence and item is not EligibilityItem.GRADE:
            name = f"{item.heading}证明材料.pdf"
            do(services.attach_file, actor, code, item.value, evidence_pdf(), name)


def propose_officers(cast: Cast, actor: Actor, code: str) -> None:
    """Propose officers who agree with the rules, all of the host itself."""
    application = _one(code)
    host, specialty = application.institution, application.center.specialty.name
    for values in _staff(cast, host, specialty):
        do(services.add_officer, actor, code, host.name, values)


def _staff(cast: Cast, host: Organization, specialty: str) -> Iterator[dict[str, Any]]:
    for post, job, extra in (
        (OfficerPost.DIRECTOR, "副院长", {"host_position": HostPosition.VICE_PRESIDENT_IN_CHARGE,
                                        "area_in_charge": "分管医疗质量与安全、医务工作"}),
        (OfficerPost.EXECUTIVE_DEPUTY, f"{specialty}科主任",
         {"is_discipline_leader": True, "in_host_discipline": True, "is_specialist": True,
          "specialty": specialty,
          "ability": "长期从事本专业临床、教学和质量管理，任省级学会常务委员。"}),
        (OfficerPost.DEPUTY, f"{specialty}科副主任", {"is_specialist": True}),
        (OfficerPost.DEPUTY, f"{specialty}科副主任", {"is_specialist": True}),
        (OfficerPost.SECRETARY, f"{specialty}科主治医师", {"in_host_discipline": True}),
    ):  # fmt: skip
        person = do(cast.invent, host, job, "主任医师")
        yield _officer(post, person.name, job, extra) | {"birth_date": person.birth_date}


def _officer(post: OfficerPost, name: str, job: str, extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "post": post,
        "name": name,
        "birth_date": None,
        "job": job,
        "title": "主治医师" if post is OfficerPost.SECRETARY else "主任医师",
        "area_in_charge": "",
        "specialty": "",
        "ability": "",
        "host_position": HostPosition.OTHER,
        "is_discipline_leader": False,
        "in_host_discipline": False,
        "is_specialist": False,
        **extra,
    }


def fill(cast: Cast, actor: Actor, code: str) -> None:
    """Fill in everything, at one sitting."""
    with sitting():
        fill_form(actor, code)
        propose_officers(cast, actor, code)
        declare(actor, code)
        fill_report(actor, code)


def submit(actor: Actor, code: str) -> None:
    """Submit, or submit again, what stands there."""
    seen = canonical(content_of(_one(code)))[1]
    do(lambda: services.submit(actor, code, seen))


def confirm_all(actor: Actor, code: str) -> None:
    """The check confirms every condition that is asked, at one sitting."""
    with sitting():
        _confirm_asked(actor, code)


def _confirm_asked(actor: Actor, code: str) -> None:
    application = _one(code)
    asked = asked_items(rulebook_of(application), application.center.place)
    rows = [
        (row.item.value, row.version)
        for row in application.answers
        if row.confirmed is None and row.item in asked
    ]
    for item, version in rows:
        do(services.judge_item, actor, code, item, version, True, "")


def accept(actor: Actor, code: str) -> None:
    """Confirm everything and pass the formal check."""
    confirm_all(actor, code)
    do(lambda: services.accept(actor, code))


def propose(actor: Actor, code: str) -> None:
    """Lay it before the commission with a recommendation to approve."""
    words = "形式审查合格，材料齐全，条件符合，建议批准设置。"
    do(lambda: services.propose(actor, code, True, words))


def approve(actor: Actor, code: str) -> None:
    """The commission approves."""
    do(lambda: services.approve(actor, code))


def designate(
    cast: Cast, actor: Actor, center_id: int, host: str, evidence: bytes | None = None
) -> str:
    """Draft a direct designation with everything it needs, at one sitting; returns its code."""
    with sitting():
        return _drafted(cast, actor, center_id, host, evidence or evidence_pdf())


def _drafted(cast: Cast, actor: Actor, center_id: int, host: str, proof: bytes) -> str:
    code = do(lambda: designation_drafts.start_designation(actor, center_id, host).code)
    designation = _designation(code)
    version, institution = designation.version, designation.institution
    specialty = designation.center.specialty.name
    words = f"该院为国家{specialty}专业医疗质量控制中心挂靠单位，学科综合实力在国内领先。"
    ground = "national_qc_host"
    do(lambda: designation_drafts.save_grounds(actor, code, version, [ground], words))
    name = "国家医疗质量控制中心挂靠单位批复.pdf"
    do(lambda: designation_drafts.attach_evidence(actor, code, ground, proof, name))
    for values in _staff(cast, institution, specialty):
        do(designation_drafts.add_designated_officer, actor, code, institution.name, values)
    return code


def _designation(code: str) -> Designation:
    return db.session.scalars(sa.select(Designation).filter_by(code=code)).one()


def propose_designation(actor: Actor, code: str) -> None:
    """Lay a designation before the check."""
    version = _designation(code).version
    do(lambda: designating.propose_designation(actor, code, version))


def host_officer(cast: Cast, host: str) -> Actor:
    """Who acts for a hospital."""
    return do(lambda: cast.stand_in(cast.organization(host), Role.INSTITUTION_OFFICER))


def establish(
    cast: Cast, deciders: tuple[Actor, Actor], specialty: str, host: str, on: date
) -> int:
    """The whole way from the plan to the established center, on one day; returns its id."""
    commission, reception = deciders
    with at(on - timedelta(days=30)):
        center_id = plan(commission, specialty)
        name = db.session.get_one(Center, center_id).name
        call_id = publish(commission, f"{name}挂靠单位申报", [center_id], 20)
    applicant = host_officer(cast, host)
    with at(on - timedelta(days=15)):
        code = begin(applicant, call_id, center_id)
        fill(cast, applicant, code)
        submit(applicant, code)
    with at(on - timedelta(days=5)):
        accept(reception, code)
        propose(reception, code)
    with at(on):
        approve(commission, code)
    return center_id
