"""Commissions, institutions, and who acts for them."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from bench.province import words
from bench.province.sizes import Size
from bench.province.writer import Writer
from qcc.accounts.models import RoleAssignment, User, UserState
from qcc.infra.pinyin import search_text
from qcc.kernel.permissions import Role
from qcc.kernel.places import Level, is_within
from qcc.organizations.models import Organization, OrganizationKind, Person
from qcc.regulations.catalogs import Division, divisions

PROVINCE = "330000"
GRADES = ("三级甲等", "三级乙等", "二级甲等", "二级甲等", "二级乙等", "未定级")
KINDS = ("人民医院", "中医医院", "妇幼保健院", "第二医院", "骨科医院", "社区卫生服务中心")


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who acts for an organization."""

    user_id: int
    person_id: int
    name: str
    role: Role
    organization_id: int
    organization_name: str


@dataclass(frozen=True, slots=True)
class Institution:
    """A medical institution, with the desk that applies for it."""

    id: int
    name: str
    place: str
    grade: str
    desk: Desk


Staff: TypeAlias = tuple[int, str]
"""A person's key and name."""


@dataclass(slots=True)
class Bodies:
    """Everybody who plays a part, by place."""

    rng: random.Random
    writer: Writer
    began: datetime
    commissions: dict[str, Desk] = field(default_factory=dict)
    seconds: dict[str, Desk] = field(default_factory=dict)
    receptions: dict[str, Desk] = field(default_factory=dict)
    institutions: list[Institution] = field(default_factory=list)
    _initials: dict[str, str] = field(default_factory=dict)

    def within(self, place: str) -> list[Institution]:
        """The institutions seated in a place."""
        return [found for found in self.institutions if is_within(found.place, place)]

    def person(self, employer_id: int, post: str, title: str) -> Staff:
        """Somebody new who works there."""
        name = words.name(self.rng)
        if name not in self._initials:
            self._initials[name] = search_text(name)
        key = self.writer.add(
            Person,
            name=name,
            birth_date=date(1966 + self.rng.randrange(24), 1 + self.rng.randrange(12), 15),
            employer_id=employer_id,
            post=post,
            title=title,
            search_text=self._initials[name],
        )
        return key, name

    def desk(self, organization_id: int, organization_name: str, role: Role) -> Desk:
        """Somebody new with an account and a role there."""
        person_id, name = self.person(organization_id, "科员", "")
        user_id = self.writer.add(
            User,
            person_id=person_id,
            username=f"bench-{person_id}",
            state=UserState.ACTIVE,
            created_at=self.began,
        )
        self.writer.add(
            RoleAssignment,
            person_id=person_id,
            role=role,
            organization_id=organization_id,
            started_on=self.began.date(),
        )
        return Desk(user_id, person_id, name, role, organization_id, organization_name)


def found_bodies(rng: random.Random, writer: Writer, size: Size, began: datetime) -> Bodies:
    """A commission in every place, the evaluation center, and the institutions."""
    bodies = Bodies(rng, writer, began)
    places = [d for d in divisions() if d.level is not Level.NATION]
    names = {d.code: d.name for d in places}
    for place in places:
        _found_authorities(bodies, place, names)
    counties = [d for d in places if d.level is not Level.PROVINCE]
    for number in range(size.institutions):
        _found_institution(bodies, counties[number % len(counties)], number, names)
    writer.flush()
    return bodies


def _found_authorities(bodies: Bodies, place: Division, names: dict[str, str]) -> None:
    """Two officers for each commission: who proposes does not decide."""
    name = f"{_prefix(place, names)}{place.name}卫生健康委员会"
    key = _organization(bodies, OrganizationKind.COMMISSION, name, "", place.code, "")
    officer = Role.COMMISSION_OFFICER
    bodies.commissions[place.code] = bodies.desk(key, name, officer)
    bodies.seconds[place.code] = bodies.desk(key, name, officer)
    bodies.receptions[place.code] = bodies.seconds[place.code]
    if place.level is Level.PROVINCE:
        name = f"{place.name}医疗服务管理评价中心"
        key = _organization(bodies, OrganizationKind.EVALUATION_CENTER, name, "", place.code, "")
        bodies.receptions[place.code] = bodies.desk(key, name, Role.EVALUATION_OFFICER)


def _found_institution(bodies: Bodies, seat: Division, number: int, names: dict[str, str]) -> None:
    kind = KINDS[number % len(KINDS)]
    short = f"{seat.name}{kind}（{number + 1}）"
    name = f"{_prefix(seat, names)}{short}"
    grade = GRADES[number % len(GRADES)] if seat.level is Level.COUNTY else GRADES[0]
    key = _organization(bodies, OrganizationKind.INSTITUTION, name, short, seat.code, grade)
    desk = bodies.desk(key, name, Role.INSTITUTION_OFFICER)
    bodies.institutions.append(Institution(key, name, seat.code, grade, desk))


def _organization(
    bodies: Bodies, kind: OrganizationKind, name: str, short: str, place: str, grade: str
) -> int:
    return bodies.writer.add(
        Organization,
        kind=kind,
        name=name,
        short_name=short,
        place=place,
        grade=grade,
        category="综合" if grade else "",
        search_text=search_text(name, short),
    )


def _prefix(place: Division, names: dict[str, str]) -> str:
    """The name of the city before that of a county: names of counties may repeat."""
    return names.get(place.parent or "", "") if place.level is Level.COUNTY else ""
