"""Centers for tests, made by the services that make them in the product."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice, product
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.accounts import sessions
from qcc.accounts.models import RoleAssignment, User, UserState
from qcc.accounts.services import assign_role, invite_user
from qcc.centers.models import Center, Hosting, Officer, OfficerChange, Specialty
from qcc.centers.queries import current_hosting, list_officers, lock_center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import (
    OfficerSeat,
    Replacement,
    Upload,
    establish,
    load_catalog,
    open_call,
    plan_center,
    propose_exception,
    propose_replacement,
    report_change,
)
from qcc.centers.workflow import CenterState
from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import ADMINISTRATORS, Actor, Role
from qcc.organizations.models import Jurisdiction, Organization, OrganizationKind, Person
from qcc.organizations.services import add_organization, find_or_add_person, load_places

K = OrganizationKind
PROVINCE, CITY, COUNTY, SISTER_COUNTY, OTHER_CITY = "330000", "330100", "330102", "330105", "330200"
VERSION = "zhejiang-2021@test"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\n"
    b"startxref\n42\n%%EOF\n"
)
_serial = count(1)


COMMISSIONS = (PROVINCE, CITY, COUNTY, SISTER_COUNTY, OTHER_CITY)


@dataclass
class Province:
    """Catalogs, commissions of five places, the evaluation center, two hospitals, and somebody at
    each of their desks."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    actors: dict[tuple[str, Role], Actor] = field(default_factory=dict)

    def actor(self, name: str, role: Role = Role.COMMISSION_OFFICER) -> Actor:
        """Whoever holds the role at the organization."""
        return self.actors[name, role]

    @property
    def commission(self) -> Actor:
        """An officer of the provincial commission."""
        return self.actor(PROVINCE)

    @property
    def host(self) -> Actor:
        """The officer of the hospital that hosts centers."""
        return self.actor("host", Role.INSTITUTION_OFFICER)

    @property
    def rival(self) -> Actor:
        """The officer of another hospital."""
        return self.actor("rival", Role.INSTITUTION_OFFICER)

    def add(self, key: str, kind: OrganizationKind, name: str, place: str, *roles: Role) -> None:
        """An organization with somebody in each of the roles."""
        self.organizations[key] = organization = _organization(kind, name, place)
        self.actors |= {(key, role): new_actor(organization, role) for role in roles}


def province() -> Province:
    """The places and organizations of a small province."""
    made = Province()
    with transaction():
        load_places(None)
        load_catalog(None, date(2021, 3, 19))
        for place in COMMISSIONS:
            made.add(place, K.COMMISSION, f"{place}卫生健康委", place, Role.COMMISSION_OFFICER)
        made.add("evaluation", K.EVALUATION_CENTER, "省评价中心", PROVINCE, Role.EVALUATION_OFFICER)
        made.add("host", K.INSTITUTION, "测试第一医院", CITY, Role.INSTITUTION_OFFICER, Role.EXPERT)
        made.add("rival", K.INSTITUTION, "测试第二医院", OTHER_CITY, Role.INSTITUTION_OFFICER)
        for role in ADMINISTRATORS:
            made.actors[PROVINCE, role] = new_actor(made.organizations[PROVINCE], role)
    return made


def _organization(kind: OrganizationKind, name: str, place: str) -> Organization:
    values = {"name": name, "place": place, "grade": "三级甲等"}
    return add_organization(None, kind, values)


def new_person(organization: Organization, name: str = "") -> Person:
    """Somebody employed there."""
    values = {"name": name or f"某人{next(_serial):05}", "employer_id": organization.id}
    return find_or_add_person(None, values)


def new_actor(
    organization: Organization,
    role: Role,
    person: Person | None = None,
    center_id: int | None = None,
) -> Actor:
    """Somebody with an account at a new desk."""
    person = person or new_person(organization)
    user, _link = invite_user(None, person, f"user-{next(_serial)}")
    user.state = UserState.ACTIVE
    desk = assign_role(None, person, role, organization, center_id)
    db.session.flush()
    return Actor(
        user.id, person.id, person.name, desk.id, role, organization.id, organization.name,
        organization.place, center_id,
    )  # fmt: skip


def sit_down(client: FlaskClient, actor: Actor) -> FlaskClient:
    """The client acts as *actor* from now on."""
    with transaction():
        user = db.session.get_one(User, actor.user_id)
        token = sessions.start_session(user, actor.assignment_id, "127.0.0.1", "test")
    with client.session_transaction() as session:
        session["_user_id"] = token  # where Flask-Login looks for it
    return client


def specialty(name: str = "麻醉") -> Specialty:
    """A specialty of the catalog."""
    return db.session.scalars(sa.select(Specialty).filter_by(name=name)).one()


def planned(actor: Actor, name: str = "麻醉") -> Center:
    """A planned center of the actor's level."""
    found = specialty(name)
    kind, key = found.kind, found.id
    with transaction():
        return plan_center(actor, kind, key, actor.place)


def in_call(actor: Actor, name: str = "麻醉") -> Center:
    """A center that a call has opened."""
    center = planned(actor, name)
    with transaction():
        open_call(actor, lock_center(center.id))
    return center


def full_staff(organization: Organization) -> list[OfficerSeat]:
    """Officers who meet every rule of M.12: director, executive deputy, two deputies, secretary."""
    posts: list[tuple[OfficerPost, dict[str, Any]]] = [
        (OfficerPost.DIRECTOR, {"host_position": HostPosition.PRESIDENT}),
        (OfficerPost.EXECUTIVE_DEPUTY, {"is_discipline_leader": True}),
        (OfficerPost.DEPUTY, {"is_specialist": True}),
        (OfficerPost.DEPUTY, {"is_specialist": True}),
        (OfficerPost.SECRETARY, {"in_host_discipline": True}),
    ]
    return [OfficerSeat(new_person(organization).id, post, **more) for post, more in posts]


def established(province: Province, actor: Actor | None = None, name: str = "麻醉") -> Center:
    """A center hosted by the province's first hospital, fully staffed."""
    actor = actor or province.commission
    center = in_call(actor, name)
    host = province.organizations["host"]
    with transaction():
        locked = lock_center(center.id)
        establish(actor, locked, host.id, full_staff(host), VERSION, clock.today())
    return locked


def hosting_of(center: Center) -> Hosting:
    """The center's present hosting."""
    found = current_hosting(center.id)
    assert found is not None
    return found


def officer_in(center: Center, post: OfficerPost) -> Officer:
    """The first serving officer in a post."""
    return next(o for o in list_officers(hosting_of(center).id) if o.post is post)


def director_at(center: Center) -> Actor:
    """The center's director, at the desk for it."""
    person = officer_in(center, OfficerPost.DIRECTOR).person
    organization = hosting_of(center).institution
    with transaction():
        return new_actor(organization, Role.CENTER_DIRECTOR, person, center.id)


def desks_at(center: Center) -> int:
    """How many desks at the center are open."""
    return db.session.query(RoleAssignment).filter_by(center_id=center.id, ended_on=None).count()


def reported(
    actor: Actor, center: Center, post: OfficerPost = OfficerPost.DIRECTOR
) -> OfficerChange:
    """A change of the first officer in the post."""
    officer = officer_in(center, post)
    with transaction():
        return report_change(actor, center.id, officer.id, "不再担任副院长", clock.today())


def successor(organization: Organization, **more: Any) -> Replacement:
    """A person who could be director."""
    wanted = {"name": "继任者", "host_position": HostPosition.PRESIDENT, **more}
    return Replacement(
        employer_id=organization.id, employer_name=organization.name, job="院长", title="主任医师",
        **wanted,
    )  # fmt: skip


def with_replacement(province: Province, change: OfficerChange, **more: Any) -> OfficerChange:
    """The change, with a replacement laid before the commission."""
    wanted = successor(province.organizations["host"], **more)
    with transaction():
        return propose_replacement(province.host, change.id, change.version, wanted)


def with_exception(province: Province, change: OfficerChange) -> OfficerChange:
    """The change, with an exception laid before the commission."""
    consent = Upload(PDF, "同意书.pdf")
    with transaction():
        return propose_exception(
            province.host, change.id, change.version, "学科贡献突出", True, consent
        )


def many_centers(number: int, institution_id: int, skip: int = 0) -> None:
    """So many established centers all over the province, written straight into the tables."""
    places = [
        code for (code,) in db.session.execute(sa.select(Jurisdiction.code)) if code > "330000"
    ]
    pairs = product(places, db.session.execute(sa.select(Specialty.id, Specialty.kind)).all())
    with transaction() as session:
        last = session.scalar(sa.select(sa.func.coalesce(sa.func.max(Center.id), 0)))
        rows = [
            {
                "id": last + at,
                "kind": kind,
                "specialty_id": key,
                "place": place,
                "name": f"第{skip + at}中心",
                "state": CenterState.ESTABLISHED,
                "planned_on": clock.today(),
                "search_text": f"第{skip + at}中心",
                "version": 1,
            }
            for at, (place, (key, kind)) in enumerate(islice(pairs, skip, skip + number), start=1)
        ]
        session.execute(sa.insert(Center), rows)
        hosted = [
            {
                "center_id": row["id"],
                "institution_id": institution_id,
                "started_on": clock.today(),
                "rulebook_version": VERSION,
                "end_reason": "",
                "version": 1,
            }
            for row in rows
        ]
        session.execute(sa.insert(Hosting), hosted)
