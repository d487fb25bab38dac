"""Who is who in the demo: organizations, invented people, accounts, and acting as one of them."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.accounts.models import RoleAssignment, User
from qcc.accounts.services import activate, assign_role, invite_user
from qcc.centers.services import load_catalog
from qcc.demo.words import birth_date, names
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import Level
from qcc.organizations.models import Organization, OrganizationKind, Person
from qcc.organizations.services import add_organization, find_or_add_person, load_places
from qcc.regulations.catalogs import demo_hospitals, divisions

PROVINCE = "330000"
K = OrganizationKind

ACCOUNTS = (
    ("commission", Role.COMMISSION_OFFICER, "浙江省卫生健康委员会"),
    ("evaluation", Role.EVALUATION_OFFICER, "浙江省医疗服务管理评价中心"),
    ("city-commission", Role.COMMISSION_OFFICER, "杭州市卫生健康委员会"),
    ("hospital-a", Role.INSTITUTION_OFFICER, "浙江大学医学院附属第一医院"),
    ("hospital-b", Role.INSTITUTION_OFFICER, "浙江省人民医院"),
    ("hospital-c", Role.INSTITUTION_OFFICER, "温州医科大学附属第一医院"),
    ("expert-1", Role.EXPERT, "浙江大学医学院附属第二医院"),
    ("expert-2", Role.EXPERT, "宁波市第二医院"),
    ("expert-3", Role.EXPERT, "嘉兴市第一医院"),
    ("expert-4", Role.EXPERT, "金华市中心医院"),
    ("expert-5", Role.EXPERT, "浙江省台州医院"),
    ("expert-6", Role.EXPERT, "湖州市中心医院"),
    ("expert-7", Role.EXPERT, "绍兴市人民医院"),
    ("sysadmin", Role.SYSTEM_ADMIN, "浙江省卫生健康委员会"),
    ("secadmin", Role.SECURITY_ADMIN, "浙江省卫生健康委员会"),
    ("auditor", Role.AUDIT_ADMIN, "浙江省卫生健康委员会"),
)
"""User name, role, organization. `director` and `secretary` follow with their center."""


def demo_password(given: str) -> str:
    """The demo accounts' password: the given one, else random words long enough to be accepted."""
    return given or f"qcc-{secrets.token_urlsafe(12)}"


@dataclass
class Cast:
    """The people of the demo while it is being made."""

    password: str
    _names: Any = field(default_factory=names)
    _count: int = 0

    def organization(self, name: str) -> Organization:
        """An organization of the demo by its name."""
        return db.session.scalars(sa.select(Organization).filter_by(name=name)).one()

    def invent(self, organization: Organization, post: str, title: str = "") -> Person:
        """A new invented person at an organization."""
        self._count += 1
        return find_or_add_person(
            None,
            {
                "name": self.new_name(),
                "birth_date": birth_date(self._count),
                "employer_id": organization.id,
                "post": post,
                "title": title,
            },
        )

    def new_name(self) -> str:
        """Another invented name."""
        return str(next(self._names))

    def seat(self, username: str, role: Role, person: Person, organization: Organization,
             center_id: int | None = None) -> None:  # fmt: skip
        """Give a person an account with the demo's password, and the role."""
        _user, link = invite_user(None, person, username)
        assign_role(None, person, role, organization, center_id)
        activate(link, self.password)

    def stand_in(self, organization: Organization, role: Role) -> Actor:
        """Somebody who acts for an organization; an invited account that nobody signs in with."""
        desk = db.session.scalars(
            sa.select(RoleAssignment).filter_by(
                organization_id=organization.id, role=role, ended_on=None
            )
        ).first()
        return actor_at(desk) if desk else self.second(organization, role)

    def second(self, organization: Organization, role: Role) -> Actor:
        """Another who acts for an organization."""
        person = self.invent(organization, "工作人员")
        invite_user(None, person, f"demo-{person.id}")
        return actor_at(assign_role(None, person, role, organization))


def actor_at(desk: RoleAssignment) -> Actor:
    """A person at a desk, as if signed in."""
    user = db.session.scalars(sa.select(User).filter_by(person_id=desk.person_id)).one()
    return Actor(
        user_id=user.id,
        person_id=desk.person_id,
        name=desk.person.name,
        assignment_id=desk.id,
        role=desk.role,
        organization_id=desk.organization_id,
        organization_name=desk.organization.name,
        place=desk.organization.place,
        center_id=desk.center_id,
        source="demo",
    )


def load_organizations() -> None:
    """Divisions, specialties, a commission for each place, the evaluation center, hospitals."""
    load_places(None)
    load_catalog(None, date(2021, 3, 19))
    for division in divisions():
        if division.level is not Level.NATION:
            add_organization(None, K.COMMISSION,
                             {"name": _commission_name(division), "place": division.code,
                              "short_name": f"{division.name}卫健委"})  # fmt: skip
    add_organization(None, K.EVALUATION_CENTER,
                     {"name": "浙江省医疗服务管理评价中心", "short_name": "省评价中心",
                      "place": PROVINCE})  # fmt: skip
    for hospital in demo_hospitals():
        add_organization(None, K.INSTITUTION,
                         {"name": hospital.name, "place": hospital.division,
                          "grade": hospital.grade, "category": hospital.category})  # fmt: skip


def _commission_name(division: Any) -> str:
    """County names repeat (and a few cities do): the city's name goes before."""
    parent = next((d for d in divisions() if d.code == division.parent), None)
    prefix = parent.name if parent is not None and division.level is Level.COUNTY else ""
    word = "卫生健康委员会" if division.level is not Level.COUNTY else "卫生健康局"
    return f"{prefix}{division.name}{word}"


def load_accounts(cast: Cast) -> None:
    """The accounts that visitors sign in with."""
    for username, role, organization_name in ACCOUNTS:
        organization = cast.organization(organization_name)
        cast.seat(username, role, cast.invent(organization, "工作人员"), organization)
