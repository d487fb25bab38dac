"""The panel of the demo: nominated, some of its consents given."""

from datetime import date, timedelta

import sqlalchemy as sa

from qcc.accounts.models import RoleAssignment
from qcc.demo.acts import at, do, evidence_pdf
from qcc.demo.people import Cast, actor_at
from qcc.demo.words import birth_date
from qcc.experts.models import Expert, MemberConsent, Panel
from qcc.experts.rules import Consent, PanelRole
from qcc.experts.services import nomination, rosters
from qcc.experts.services.nomination import Answer
from qcc.experts.services.people import confirm_birth_date, register_expert
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization
from qcc.regulations.catalogs import demo_hospitals

TITLES = ("主任医师", "副主任医师", "主任医师、教授", "副主任医师", "主任护师")


def desk(role: Role, center_id: int) -> Actor:
    """Who sits at a center's desk in a role."""
    found = db.session.scalars(
        sa.select(RoleAssignment).filter_by(role=role, center_id=center_id, ended_on=None)
    ).one()
    return actor_at(found)


def experts_for(
    cast: Cast, specialty: str, hosts: int, host: str, count: int, by: tuple[Actor, Actor]
) -> list[str]:
    """Codes of invented experts, *hosts* of them from the host, the others from other hospitals;
    the first of *by* enters their birth dates, the second confirms them."""
    others = [h.name for h in demo_hospitals() if h.name != host and h.grade == "三级甲等"]
    employers = [host] * hosts + [others[n % len(others)] for n in range(count - hosts)]
    return [
        _expert(cast, specialty, cast.organization(name), number, by)
        for number, name in enumerate(employers)
    ]


def _expert(
    cast: Cast, specialty: str, employer: Organization, number: int, by: tuple[Actor, Actor]
) -> str:
    values = {
        "name": cast.new_name(),
        "birth_date": birth_date(number * 3 + 5),
        "sex": None,
        "employer": employer,
        "post": f"{specialty}科主任",
        "title": TITLES[number % len(TITLES)],
        "specialty": specialty,
        "practised_since": date(2004 + number % 8, 7, 1),
        "standing_text": "本专业负责人",
        "health_text": "健康",
        "tags": ["质量评价"],
    }
    code = do(lambda: register_expert(by[0], values).code)
    expert = db.session.scalars(sa.select(Expert).filter_by(code=code)).one()
    version = expert.version
    do(lambda: confirm_birth_date(by[1], code, version, evidence_pdf(), "出生日期证明.pdf"))
    return code


def fill_panel(secretary: Actor, panel_id: int, codes: list[str]) -> None:
    """Put the experts on the roster, the first as head, some in a group."""
    for number, code in enumerate(codes):
        role = PanelRole.HEAD if number == 0 else PanelRole.MEMBER
        group = "临床质量组" if 2 <= number < 8 else ""
        expert = db.session.scalars(sa.select(Expert).filter_by(code=code)).one()
        version = _panel(panel_id).version
        do(rosters.add_member, secretary, panel_id, version, expert, role, group, number == 2)


def _panel(panel_id: int) -> Panel:
    return db.session.get_one(Panel, panel_id)


def consent_all(cast: Cast, panel_id: int, most: int = 1000) -> None:
    """Employers and authorities give their consent, so many of them."""
    for _round in range(2):
        open_ones = db.session.execute(
            sa.select(MemberConsent.id, MemberConsent.organization_id, MemberConsent.version)
            .join(MemberConsent.member)
            .where(MemberConsent.state == Consent.MISSING)
            .order_by(MemberConsent.id)
        ).all()
        for consent_id, organization_id, version in open_ones[:most]:
            actor = do(_answerer, cast, organization_id)
            said = Answer(given=True, number="（演示）")
            do(nomination.answer_consent, actor, consent_id, version, said)


def _answerer(cast: Cast, organization_id: int) -> Actor:
    organization = db.session.get_one(Organization, organization_id)
    role = (
        Role.COMMISSION_OFFICER
        if organization.kind.value == "commission"
        else Role.INSTITUTION_OFFICER
    )
    return cast.stand_in(organization, role)


def load_panels(cast: Cast, center_id: int, host: str, commission: Actor) -> None:
    """The panel of the center that the accounts `director` and `secretary` belong to: nominated,
    with some of the consents given."""
    director = desk(Role.CENTER_DIRECTOR, center_id)
    secretary = desk(Role.CENTER_SECRETARY, center_id)
    today = clock.today()
    with at(today - timedelta(days=20)):
        codes = experts_for(cast, "麻醉", 3, host, 24, (secretary, commission))
        panel_id = do(lambda: rosters.start_panel(secretary, today + timedelta(days=30)).id)
        fill_panel(secretary, panel_id, codes)
        version = _panel(panel_id).version
        do(lambda: nomination.nominate(director, panel_id, version))
    with at(today - timedelta(days=6)):
        consent_all(cast, panel_id, most=14)
