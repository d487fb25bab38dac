"""Panels for tests, made by the services that make them in the product."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.centers.rules import OfficerPost
from qcc.experts.models import Expert, MemberConsent, Panel, PanelMember
from qcc.experts.rules import Consent, PanelRole
from qcc.experts.services import consents, filing, nomination, people, review, rosters
from qcc.experts.services.consents import Answer
from qcc.experts.workflow import PanelState
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind
from tests.factories.centers import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PDF,
    PROVINCE,
    Province,
    director_at,
    established,
    hosting_of,
    new_actor,
    officer_in,
    province,
)

START = date(2026, 4, 1)
S = PanelState
_serial = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(born: date = date(1975, 3, 1), *, male: bool = True) -> str:
    """A new valid identity number that nobody has."""
    serial = next(_serial) * 2 % 998 + (1 if male else 0)
    digits = f"330106{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


@dataclass
class Scene:
    """A center with its desks, the bodies that consent, and a panel."""

    province: Province
    center_id: int
    place: str
    director: Actor
    secretary: Actor
    organization_ids: dict[str, int]
    panel_id: int = 0
    experts: list[str] = field(default_factory=list)

    @property
    def commission(self) -> Actor:
        return self.province.actor(self.place)

    @property
    def panel(self) -> Panel:
        """As it is now."""
        db.session.rollback()
        return db.session.get_one(Panel, self.panel_id, populate_existing=True)

    @property
    def version(self) -> int:
        return self.panel.version

    def act(self, step: Any, *given: Any, **named: Any) -> Any:
        """One step in a transaction of its own."""
        with transaction():
            return step(*given, **named)

    def employer(self, key: str) -> Organization:
        """An organization of the scene."""
        return db.session.get_one(Organization, self.organization_ids[key])

    @property
    def center(self) -> Center:
        """As it is now."""
        return db.session.get_one(Center, self.center_id)


def particulars(employer: Organization, **more: Any) -> dict[str, Any]:
    """What a person who meets every rule says."""
    number = next(_serial)
    return {
        "name": f"专家{number}",
        "identity": identity_number(),
        "birth_date": None,
        "sex": None,
        "employer": employer,
        "post": "科主任",
        "title": "主任医师",
        "specialty": "麻醉",
        "practised_since": date(2005, 7, 1),
        "standing_text": "本专业负责人",
        "health_text": "健康",
        "tags": [],
        **more,
    }


def scene(*, place: str = PROVINCE, name: str = "麻醉", here: Province | None = None) -> Scene:
    """An established center with a director and a secretary at their desks, and four more
    hospitals with an officer each."""
    made = here or province()
    if "h1" not in made.organizations:
        with transaction():
            for number, at in enumerate((CITY, OTHER_CITY, COUNTY, OTHER_CITY), start=1):
                made.add(
                    f"h{number}",
                    OrganizationKind.INSTITUTION,
                    f"测试专科医院{number}",
                    at,
                    Role.INSTITUTION_OFFICER,
                )
    center = established(made, made.actor(place), name)
    director = director_at(center)
    with transaction():
        person = officer_in(center, OfficerPost.SECRETARY).person
        secretary = new_actor(
            hosting_of(center).institution, Role.CENTER_SECRETARY, person, center.id
        )
    ids = {key: organization.id for key, organization in made.organizations.items()}
    return Scene(made, center.id, center.place, director, secretary, ids)


def drafted(members: int = 8, here: Scene | None = None, start: date = START) -> Scene:
    """The same with a roster that meets every rule: one of the host, the others of four hospitals;
    the first heads it, the second and third make a group."""
    here = here or scene()
    panel = here.act(rosters.start_panel, here.secretary, start)
    here.panel_id = panel.id
    for number in range(members):
        key = "host" if number == 0 else f"h{1 + number % 4}"
        expert = here.act(people.register_expert, here.secretary, particulars(here.employer(key)))
        here.experts.append(expert.code)
        role = PanelRole.HEAD if number == 0 else PanelRole.MEMBER
        group = "临床质量组" if number in (1, 2) else ""
        here.act(
            lambda e=expert.id, r=role, g=group, n=number: rosters.add_member(
                here.secretary,
                here.panel_id,
                db.session.get_one(Panel, here.panel_id).version,
                db.session.get_one(Expert, e),
                r,
                g,
                n == 1,
            )
        )
    return here


def collecting(members: int = 8, **more: Any) -> Scene:
    """Nominated; the employers are asked."""
    here = drafted(members, **more)
    here.act(nomination.nominate, here.director, here.panel_id, here.version)
    return here


def awaited(here: Scene) -> list[tuple[int, int, Actor]]:
    """Consents that are asked and not answered: id, version, and who would answer."""
    db.session.rollback()
    found = db.session.execute(
        sa.select(MemberConsent.id, MemberConsent.version, MemberConsent.organization_id)
        .join(PanelMember, PanelMember.id == MemberConsent.member_id)
        .where(
            PanelMember.panel_id == here.panel_id,
            PanelMember.removed_at.is_(None),
            MemberConsent.state == Consent.MISSING,
        )
        .order_by(MemberConsent.id)
    ).all()
    by_organization = {
        actor.organization_id: actor
        for (_key, role), actor in here.province.actors.items()
        if role in (Role.INSTITUTION_OFFICER, Role.COMMISSION_OFFICER)
    }
    return [(key, version, by_organization[org]) for key, version, org in found]


def consent_all(here: Scene) -> Scene:
    """Every employer, then every authority says yes."""
    for _round in range(2):
        for key, version, actor in awaited(here):
            here.act(consents.answer_consent, actor, key, version, Answer(given=True, number="1号"))
    return here


def under_review(members: int = 8, **more: Any) -> Scene:
    """All consents are there; the panel lies before the commission."""
    here = consent_all(collecting(members, **more))
    here.act(review.present, here.secretary, here.panel_id, here.version)
    return here


def approved(members: int = 8, **more: Any) -> Scene:
    """Approved by the commission, sent to be filed."""
    here = under_review(members, **more)
    here.act(review.approve_panel, here.commission, here.panel_id, here.version)
    return here


def filed(members: int = 8, **more: Any) -> Scene:
    """Filed with the national center and the evaluation center."""
    here = approved(members, **more)
    national, evaluation = here.panel.filings
    scan = Answer(given=True, number="国1", data=PDF, filename="回执.pdf")
    here.act(
        filing.record_filing, here.secretary, here.panel_id, national.id, national.version, scan
    )
    desk = here.province.actor("evaluation", Role.EVALUATION_OFFICER)
    here.act(filing.receive_filing, desk, evaluation.id, evaluation.version, "省1")
    return here
