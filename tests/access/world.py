"""A small world in which every kind of thing exists at five places: the province, two cities, and
a county under each. Everything in it was made by the product's own services.

What is handed out are plain values, so that a world outlives sessions and copies of its database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from qcc.accounts import sessions
from qcc.accounts.models import User
from qcc.accounts.services import disable_user, invite_user
from qcc.applications import services
from qcc.applications.models import Application, Designation
from qcc.applications.services import designating
from qcc.applications.services.facts import canonical, content_of
from qcc.applications.services.opinions import send_opinion
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center, Hosting, Officer, OfficerChange
from qcc.centers.queries import lock_center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import (
    OfficerSeat,
    Replacement,
    Upload,
    establish,
    load_catalog,
    open_call,
    order_rectification,
    propose_exception,
    propose_replacement,
    report_change,
)
from qcc.demo import acts
from qcc.demo.acts import do
from qcc.demo.people import Cast
from qcc.experts.models import Expert, MemberChange, MemberConsent, Panel, PanelMember
from qcc.experts.rules import PanelRole
from qcc.experts.services import changes, consents, nomination, review, rosters
from qcc.experts.services.people import confirm_birth_date, register_expert
from qcc.infra import clock, files
from qcc.infra.db import db
from qcc.infra.papers import MOST_ATTEMPTS, issue_pending, list_papers_of
from qcc.infra.pdf import PdfError
from qcc.infra.scans import add_scan
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind, Person
from qcc.organizations.services import (
    add_organization,
    add_person,
    load_places,
    register_incident,
)
from tests.access import assessing, competing
from tests.access.assessing import Assessed, assess
from tests.access.correcting import Corrected, correct
from tests.access.documenting import Documented, document
from tests.access.meeting import Meetings, meet
from tests.factories.centers import new_actor
from tests.factories.workbooks import workbook

PROVINCE, CITY, OTHER_CITY, COUNTY, OTHER_COUNTY = "330000", "330100", "330200", "330122", "330225"
PLACES = {
    PROVINCE: "省",
    CITY: "甲市",
    OTHER_CITY: "乙市",
    COUNTY: "甲县",
    OTHER_COUNTY: "乙县",
}
K = OrganizationKind
S = ApplicationState
T = TypeVar("T")

SPECIALTIES = {
    S.DRAFT: "麻醉",
    S.SUBMITTED: "放射",
    S.RETURNED: "病理",
    S.ACCEPTED: "护理",
    S.UNDER_DECISION: "肿瘤",
    S.APPROVED: "药事",
}
"""The center applied for, by how far the application has come."""

REFUSED = {"silent": "超声", "objected": "心血管介入"}
"""The centers that were refused to the hospital: without and with its opinion."""

DESIGNATED = {
    "draft": "高压氧",
    "under_check": "产科",
    "under_decision": "临床检验",
    "approved": "康复医学",
}
"""The center designated for, by how far the designation has come."""

PLANNED, RECTIFYING, IN_CALL = "急诊", "内镜", "口腔"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"


@dataclass
class Filed:
    """An application: its code, and what of it can be named in an address or a form."""

    code: str
    number: str = ""
    version: int = 0
    answer_version: int = 0
    section_version: int = 0
    officer: str = ""
    officer_version: int = 0
    file: str = ""
    seen: str = ""
    decision: str = ""


@dataclass
class Things:
    """One of every kind of thing at a place."""

    place: str
    commission: Actor
    colleague: Actor
    evaluation: Actor | None = None
    hospital: Actor | None = None
    hospital_id: int = 0
    hospital_name: str = ""
    commission_id: int = 0
    commission_name: str = ""
    commission_version: int = 0
    call: int = 0
    call_title: str = ""
    call_center: int = 0
    centers: dict[str, int] = field(default_factory=dict)
    center_name: str = ""
    versions: dict[str, int] = field(default_factory=dict)
    officer: int = 0
    changes: dict[str, int] = field(default_factory=dict)
    change_versions: dict[str, int] = field(default_factory=dict)
    change_officer: str = ""
    applications: dict[str, Filed] = field(default_factory=dict)
    refusals: dict[str, Filed] = field(default_factory=dict)
    designations: dict[str, Filed] = field(default_factory=dict)
    person: int = 0
    person_name: str = ""
    person_version: int = 0
    uninvited: int = 0
    user: int = 0
    user_name: str = ""
    user_version: int = 0
    assignment: int = 0
    disabled: int = 0
    disabled_version: int = 0
    incident: int = 0
    incident_version: int = 0
    workbook: int = 0
    workbook_hash: str = ""
    director: Actor | None = None
    secretary: Actor | None = None
    expert: str = ""
    expert_version: int = 0
    panels: dict[str, int] = field(default_factory=dict)
    panel_versions: dict[str, int] = field(default_factory=dict)
    member: int = 0
    appointed: int = 0
    consent: int = 0
    consent_version: int = 0
    filing: int = 0
    filing_version: int = 0
    member_change: int = 0
    member_change_version: int = 0
    notice: str = ""
    notice_scan: int = 0
    roster: str = ""
    failed: str = ""
    reviewer: Actor | None = None
    competitions: dict[str, str] = field(default_factory=dict)
    competition_versions: dict[str, int] = field(default_factory=dict)
    coming_call: int = 0
    unplanned_center: int = 0
    entries: dict[str, str] = field(default_factory=dict)
    entry_files: dict[str, str] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)
    reviewers: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, int] = field(default_factory=dict)
    candidate: str = ""
    meetings: Meetings = field(default_factory=Meetings)
    assessed: Assessed = field(default_factory=Assessed)
    documented: Documented = field(default_factory=Documented)
    corrected: Corrected = field(default_factory=Corrected)


@dataclass
class World:
    """The places with their things; the rival at the first city; and who acts."""

    things: dict[str, Things] = field(default_factory=dict)
    rival: dict[str, Filed] = field(default_factory=dict)
    rival_actor: Actor | None = None
    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    workbooks: dict[str, tuple[int, str]] = field(default_factory=dict)
    link: str = ""


class Builder:
    """Makes the world, step by step."""

    def __init__(self, places: Iterable[str] = PLACES, rivals: bool = True) -> None:
        self.world, self.places, self.rivals = World(), tuple(places), rivals
        self.cast, self.rival_cast = Cast("nobody signs in"), Cast("nobody signs in")

    def build(self) -> World:
        do(self._organizations)
        for place in self.places:
            self._centers(self.world.things[place])
        _issue("call_notice")
        self._applications()
        _issue("decision")
        competing_cast = Cast("nobody signs in")  # one alone has too few names
        for things in self.world.things.values():
            self._designations(things)
            competing.compete(competing_cast, things)
            self._refusals(things)
        for things in self.world.things.values():
            self._panels(things)
            center = things.centers[S.APPROVED.value]
            things.meetings = meet(_given(things.secretary), _given(things.director), center)
            things.assessed = assess(
                assessing.Cast(
                    things.commission,
                    _given(things.director),
                    _given(things.secretary),
                    _given(things.reviewer),
                    center,
                )
            )
            offices = (_given(things.director), _given(things.secretary))
            things.documented = document(things.commission, *offices, center)
            others = (things.colleague, _given(things.hospital))
            things.corrected = correct(things.commission, others, *offices, center)
            self._changes(things)
            do(lambda t=things: self._register(t))  # type: ignore[misc]
        _issue("panel_roster")
        _issue("appointment_letter")
        for things in self.world.things.values():
            later = clock.today() + timedelta(days=90)
            do(services.extend_call, things.commission, things.coming_call, later, "理由")
        _fail("extension_notice")
        for things in self.world.things.values():
            self._papers(things)
        for filed in (self.world.rival, *(t.applications for t in self.world.things.values())):
            if filed:
                filed[S.APPROVED].decision = do(lambda f=filed: _decision_of(f[S.APPROVED].code))  # type: ignore[misc]
        return self.world

    def _papers(self, things: Things) -> None:
        things.notice = do(lambda: _paper_code("call", things.call, "call_notice"))
        extension = "extension_notice"
        things.failed = do(lambda: _paper_code("call", things.coming_call, extension))
        things.roster = do(lambda: _paper_code("panel", things.panels["serving"], "panel_roster"))
        scan = do(lambda: add_scan(things.commission, things.notice, PDF, "盖章.pdf").id)
        things.notice_scan = scan

    # --- who is who ---

    def _organizations(self) -> None:
        load_places(None)
        load_catalog(None, date(2021, 3, 19))
        for place in self.places:
            name = PLACES[place]
            commission = _organization(K.COMMISSION, f"{name}卫生健康委员会", place)
            hospital = _organization(K.INSTITUTION, f"{name}人民医院", place)
            things = Things(
                place,
                _seat(commission, Role.COMMISSION_OFFICER, "甲"),
                _seat(commission, Role.COMMISSION_OFFICER, "乙"),
                hospital=_seat(hospital, Role.INSTITUTION_OFFICER, "丙"),
                hospital_id=hospital.id,
                hospital_name=hospital.name,
                commission_id=commission.id,
                commission_name=commission.name,
                commission_version=commission.version,
            )
            if place in (PROVINCE, OTHER_CITY):
                center = _organization(K.EVALUATION_CENTER, f"{name}评价中心", place)
                things.evaluation = _seat(center, Role.EVALUATION_OFFICER, "丁")
            self.world.things[place] = things
        rival = _organization(K.INSTITUTION, "甲市中医院", CITY)
        self.world.rival_actor = _seat(rival, Role.INSTITUTION_OFFICER, "戊")

    # --- centers and calls ---

    def _centers(self, things: Things) -> None:
        actor = things.commission
        for key, specialty in (
            ("planned", PLANNED),
            ("rectifying", RECTIFYING),
            ("in_call", IN_CALL),
        ):
            things.centers[key] = acts.plan(actor, specialty)
        do(lambda: self._establish(things, things.centers["rectifying"]))
        do(lambda: order_rectification(actor, lock_center(things.centers["rectifying"]), "整改"))
        opened = {state: acts.plan(actor, name) for state, name in SPECIALTIES.items()}
        things.call_title = f"{PLACES[things.place]}挂靠单位申报"
        wanted = [*opened.values(), things.centers["in_call"]]
        things.call = acts.publish(actor, things.call_title, wanted, 30)
        things.call_center = things.centers["in_call"]
        things.centers |= {state.value: center for state, center in opened.items()}

    def _establish(self, things: Things, center_id: int) -> None:
        center = lock_center(center_id)
        open_call(things.commission, center)
        host = db.session.get_one(Organization, things.hospital_id)
        seats = [
            OfficerSeat(self.cast.invent(host, "医师").id, post, **more)
            for post, more in _POSTS.items()
        ]
        establish(things.commission, center, host.id, seats, "zhejiang-2021@test", clock.today())

    # --- applications ---

    def _applications(self) -> None:
        applicants = [(t, _given(t.hospital), t.applications) for t in self.world.things.values()]
        if self.rivals:  # before all others: whatever is counted, theirs come first
            first = self.world.things[CITY]
            applicants.insert(0, (first, _given(self.world.rival_actor), self.world.rival))
        for things, applicant, filed in applicants:
            self._file(things, applicant, filed, S.SUBMITTED)
        _issue("application_form")
        for things, applicant, filed in applicants:
            for state in (S.DRAFT, S.RETURNED, S.ACCEPTED, S.UNDER_DECISION, S.APPROVED):
                self._file(things, applicant, filed, state)
        for things, _applicant, filed in applicants:
            self._decide(things, filed[S.APPROVED].code)
            for each in filed.values():
                _note(each)

    def _file(
        self, things: Things, applicant: Actor, filed: dict[str, Filed], state: ApplicationState
    ) -> None:
        """An application for the center of that state, brought as far."""
        code = acts.begin(applicant, things.call, things.centers[state.value])
        cast = self.rival_cast if filed is self.world.rival else self.cast
        acts.fill(cast, applicant, code)
        filed[state.value] = Filed(code)
        if state is not S.DRAFT:
            acts.submit(applicant, code)
        if state not in (S.DRAFT, S.SUBMITTED):
            self._carry_on(things, code, state)

    def _carry_on(self, things: Things, code: str, state: ApplicationState) -> None:
        reception = things.evaluation or things.colleague
        if state is S.RETURNED:
            remarks = {"support_funding": "请补充"}
            do(lambda: services.return_for_correction(reception, code, "请补充", remarks, None))
            return
        acts.accept(reception, code)
        if state is not S.ACCEPTED:
            acts.propose(reception, code)

    def _decide(self, things: Things, code: str) -> None:
        """Only one can win: the rival, who comes last, is refused."""
        if code == things.applications[S.APPROVED].code:
            acts.approve(things.commission, code)
        else:
            do(lambda: services.refuse(things.commission, code, "择优确定其他单位"))

    # --- refusals ---

    def _refusals(self, things: Things) -> None:
        """Two applications that a colleague refused; on one the hospital sent its opinion."""
        hospital, reception = _given(things.hospital), things.evaluation or things.commission
        for name, specialty in REFUSED.items():
            center = acts.plan(things.commission, specialty)
            call = acts.publish(things.commission, f"{specialty}申报", [center], 30)
            code = acts.begin(hospital, call, center)
            acts.fill(self.cast, hospital, code)
            acts.submit(hospital, code)
            acts.accept(reception, code)
            acts.propose(reception, code)
            do(lambda c=code: services.refuse(things.colleague, c, "条件不足"))  # type: ignore[misc]
            things.refusals[name] = Filed(code)
        file = [(PDF, "说明.pdf")]
        code = things.refusals["objected"].code
        opinion = do(lambda: send_opinion(hospital, code, "有不同意见", file))
        things.refusals["objected"].file = opinion.files[0].code

    # --- designations ---

    def _designations(self, things: Things) -> None:
        """One in each state that matters: proposed by the colleague."""
        for state, specialty in DESIGNATED.items():
            center = acts.plan(things.colleague, specialty)
            code = acts.designate(self.cast, things.colleague, center, things.hospital_name, PDF)
            if state != "draft":
                acts.propose_designation(things.colleague, code)
            reception = things.evaluation or things.colleague
            if state in ("under_decision", "approved"):
                do(lambda c=code, r=reception: designating.pass_designation(r, c, "合格"))  # type: ignore[misc]
            if state == "approved":
                do(lambda c=code: designating.approve_designation(things.commission, c))  # type: ignore[misc]
            row = db.session.scalars(sa.select(Designation).filter_by(code=code)).one()
            things.designations[state] = Filed(
                code,
                version=row.version,
                officer=row.officers[0].code,
                officer_version=row.officers[0].version,
                file=row.files[0].code,
            )

    # --- panels ---

    def _panels(self, things: Things) -> None:
        """A panel that serves, and one that is being prepared for the time after it."""
        do(lambda: self._seat(things))
        code = do(lambda: self._expert(things))
        do(lambda: _confirm(things, code))
        serving = do(lambda: _roster(things, code, clock.today()))
        _consent(things, serving)
        do(lambda: review.present(_given(things.secretary), serving, _version(Panel, serving)))
        do(lambda: _approve(things, serving))
        things.member_change = do(lambda: _member_change(things, serving))
        things.panels = {
            "serving": serving,
            "draft": do(lambda: _roster(things, code, date(2027, 11, 1), nominated=False)),
        }

    def _seat(self, things: Things) -> None:
        hospital = db.session.get_one(Organization, things.hospital_id)
        center = things.centers[S.APPROVED.value]
        people = [_person(hospital, name) for name in ("己某", "庚某")]
        things.director = new_actor(hospital, Role.CENTER_DIRECTOR, people[0], center)
        things.secretary = new_actor(hospital, Role.CENTER_SECRETARY, people[1], center)

    def _expert(self, things: Things) -> str:
        values = {
            "name": f"{PLACES[things.place]}专家",
            "birth_date": date(1975, 3, 1),
            "employer": db.session.get_one(Organization, things.hospital_id),
            "title": "主任医师",
            "specialty": "药事",
            "practised_since": date(2000, 7, 1),
            "standing_text": "本专业负责人",
            "health_text": "健康",
            "tags": [],
        }
        things.expert = register_expert(things.commission, values).code
        return things.expert

    # --- personnel changes ---

    def _changes(self, things: Things) -> None:
        center = things.centers[S.APPROVED.value]
        officers = db.session.scalars(
            sa.select(Officer).join(Hosting).where(Hosting.center_id == center).order_by(Officer.id)
        ).all()
        things.officer = officers[-1].id
        things.change_officer = officers[0].person.name
        for key, officer in zip(("open", "replacement", "exception"), officers, strict=False):
            things.changes[key] = self._report(things, center, officer.id)
        host = _given(things.hospital)
        things.versions["established"] = _version(Center, center)
        do(lambda: propose_replacement(host, things.changes["replacement"], 1, _successor(things)))
        consent = Upload(PDF, "同意书.pdf")
        key = things.changes["exception"]
        do(lambda: propose_exception(host, key, 1, "贡献突出", True, consent))
        for name, change in things.changes.items():
            things.change_versions[name] = _version(OfficerChange, change)
        for name, key in things.centers.items():
            things.versions[name] = _version(Center, key)
        things.center_name = db.session.get_one(Center, center).name

    def _report(self, things: Things, center: int, officer: int) -> int:
        today = clock.today()
        return do(lambda: report_change(_given(things.hospital), center, officer, "调离", today).id)

    # --- registers ---

    def _register(self, things: Things) -> None:
        """People, users, an incident, and an uploaded workbook."""
        commission = db.session.get_one(Organization, things.commission_id)
        person = _person(commission, f"{PLACES[things.place]}某人")
        things.person, things.person_name, things.person_version = (
            person.id,
            person.name,
            person.version,
        )
        things.uninvited = _person(commission, f"{PLACES[things.place]}新人").id
        user = _seat(commission, Role.EXPERT, "辛")
        things.user, things.user_name, things.assignment = (
            user.user_id,
            user.name,
            user.assignment_id,
        )
        gone = _seat(commission, Role.EXPERT, "壬")
        things.disabled = gone.user_id
        disable_user(things.commission, gone.user_id, _version(User, gone.user_id))
        db.session.flush()
        things.user_version = _version(User, things.user)
        things.disabled_version = _version(User, things.disabled)
        incident = register_incident(
            things.commission, things.hospital_id, clock.today() - timedelta(days=9), "", "演示事件"
        )
        things.incident, things.incident_version = incident.id, incident.version
        things.workbook, things.workbook_hash = upload(things.commission)
        things.expert_version = _expert_of(things.expert).version
        for name, key in things.panels.items():
            things.panel_versions[name] = _version(Panel, key)
        members = db.session.get_one(Panel, things.panels["draft"]).members
        things.member = members[0].id
        things.member_change_version = _version(MemberChange, things.member_change)
        (appointed,) = db.session.get_one(Panel, things.panels["serving"]).members
        things.appointed, asked = appointed.id, appointed.consents[0]
        things.consent, things.consent_version = asked.id, asked.version


def _confirm(things: Things, code: str) -> None:
    """Another person than who entered the birth date."""
    version = _expert_of(code).version
    confirm_birth_date(things.colleague, code, version, PDF, "证明.pdf")


def _expert_of(code: str) -> Expert:
    return db.session.scalars(sa.select(Expert).filter_by(code=code)).one()


def _roster(things: Things, code: str, term_start: date, *, nominated: bool = True) -> int:
    """A panel of one expert."""
    secretary = _given(things.secretary)
    panel = rosters.start_panel(secretary, term_start)
    expert = _expert_of(code)
    rosters.add_member(secretary, panel.id, panel.version, expert, PanelRole.HEAD)
    if nominated:
        nomination.nominate(_given(things.director), panel.id, panel.version)
    return panel.id


def _consent(things: Things, panel: int) -> None:
    """The employer consents, then the health authority of its place."""
    asked = (
        sa.select(MemberConsent)
        .join(MemberConsent.member)
        .where(PanelMember.panel_id == panel, MemberConsent.answered_at.is_(None))
    )
    for actor in (_given(things.hospital), things.commission):
        key = db.session.scalars(asked).one().id
        version = _version(MemberConsent, key)
        said = consents.Answer(given=True, data=PDF, filename="同意书.pdf")
        do(
            lambda a=actor, k=key, v=version, s=said: consents.answer_consent(  # type: ignore[misc]
                a, k, v, s
            )
        )


def _member_change(things: Things, panel: int) -> int:
    """The member's employment changed; the member is to stay."""
    secretary, today = _given(things.secretary), clock.today()
    (member,) = db.session.get_one(Panel, panel).members
    change = changes.report_member_change(secretary, panel, member.id, "调离", today)
    proof = consents.Answer(given=True, data=PDF, filename="同意书.pdf")
    changes.propose_stay(secretary, change.id, change.version, "贡献突出", True, proof)
    return change.id


def _approve(things: Things, panel: int) -> None:
    approved = review.approve_panel(things.commission, panel, _version(Panel, panel), "理由")
    filing = approved.filings[-1]  # a provincial panel is filed at home last
    things.filing, things.filing_version = filing.id, filing.version


_POSTS: dict[OfficerPost, dict[str, Any]] = {
    OfficerPost.DIRECTOR: {"host_position": HostPosition.PRESIDENT},
    OfficerPost.EXECUTIVE_DEPUTY: {"is_discipline_leader": True},
    OfficerPost.DEPUTY: {"is_specialist": True},
    OfficerPost.SECRETARY: {"in_host_discipline": True},
}


def _fail(kind: str) -> None:
    """Papers of the kind that cannot be made."""

    def wrong(_content: object) -> str:
        raise PdfError

    for _attempt in range(MOST_ATTEMPTS):
        issue_pending({kind: wrong})


def _issue(kind: str) -> None:
    """Papers of one kind that were asked for so far, on a page that is quickly rendered; those that
    nobody opens stay pending."""
    while issue_pending({kind: lambda content: "<p>表</p>"}):
        pass


def _paper_code(subject: str, key: int, kind: str) -> str:
    return next(p.code for p in list_papers_of(subject, key) if p.kind == kind)


def _decision_of(code: str) -> str:
    application = db.session.scalars(sa.select(Application).filter_by(code=code)).one()
    return _paper_code("application", application.id, "decision")


def _given(value: T | None) -> T:
    assert value is not None
    return value


def _organization(kind: OrganizationKind, name: str, place: str) -> Organization:
    grade = "三级甲等" if kind is K.INSTITUTION else ""
    return add_organization(None, kind, {"name": name, "place": place, "grade": grade})


def _seat(organization: Organization, role: Role, name: str) -> Actor:
    return new_actor(organization, role, _person(organization, f"{name}某"))


def _person(employer: Organization, name: str) -> Person:
    return add_person(None, {"name": name, "employer_id": employer.id})


def _version(kind: type[Any], key: int) -> int:
    return int(db.session.get_one(kind, key).version)


def _successor(things: Things) -> Replacement:
    return Replacement(
        "继任者",
        things.hospital_id,
        things.hospital_name,
        "主任",
        "主任医师",
        is_discipline_leader=True,
        in_host_discipline=True,
        is_specialist=True,
    )


def upload(actor: Actor) -> tuple[int, str]:
    """A workbook of organizations that the actor uploaded: the id and hash of its file."""
    data = workbook([["机构名称", "机构类别", "所在地"], ["甲县中医院", "医疗卫生机构", COUNTY]],
                    title="机构")  # fmt: skip
    stored = files.accept_upload(data, "机构.xlsx", actor.organization_id, actor.user_id)
    return stored.id, stored.sha256


def _note(filed: Filed) -> None:
    """What an application can be named by."""
    row = db.session.scalars(sa.select(Application).filter_by(code=filed.code)).one()
    filed.number, filed.version = row.number or "", row.version
    filed.answer_version = next(a.version for a in row.answers if a.item.value == "other")
    filed.section_version = row.sections[0].version
    filed.officer, filed.officer_version = row.officers[0].code, row.officers[0].version
    filed.file = row.files[0].code
    filed.seen = canonical(content_of(row))[1]


# --- who acts ---


def seat_actors(world: World) -> None:
    """Somebody signed in at each kind of desk, most at the first city."""
    here, there, above = (world.things[place] for place in (CITY, OTHER_CITY, PROVINCE))
    world.actors = {
        "commission_officer": here.commission,
        "commission_officer@province": above.commission,
        "evaluation_officer": _given(there.evaluation),
        "evaluation_officer@province": _given(above.evaluation),
        "institution_officer": _given(here.hospital),
        "center_director": _given(here.director),
        "center_secretary": _given(here.secretary),
        "expert": _given(here.reviewer),
        **do(lambda: _administrators(here.commission_id)),
    }
    world.workbooks = do(lambda: {name: upload(world.actors[name]) for name in _UPLOADERS})
    world.link = do(lambda: _link(here))
    sign_in(world)


def sign_in(world: World) -> None:
    """A session on the server for each who acts."""
    world.tokens = {name: do(lambda a=actor: _token(a)) for name, actor in world.actors.items()}  # type: ignore[misc]


_UPLOADERS = (
    "commission_officer",
    "commission_officer@province",
    "system_admin",
    "center_director",
    "center_secretary",
)


def _administrators(commission_id: int) -> dict[str, Actor]:
    commission = db.session.get_one(Organization, commission_id)
    roles: Iterable[Role] = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    return {role.value: new_actor(commission, role) for role in roles}


def _link(things: Things) -> str:
    """An activation link that nobody has used."""
    commission = db.session.get_one(Organization, things.commission_id)
    return invite_user(None, _person(commission, "受邀人"), "invited-one")[1]


def _token(actor: Actor) -> str:
    user = db.session.get_one(User, actor.user_id)
    return sessions.start_session(user, actor.assignment_id, "127.0.0.1", "test")
