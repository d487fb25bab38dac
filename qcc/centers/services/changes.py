"""Personnel changes of officers (M.12(7)): reported, answered by a proposal, decided.

When an officer's employment changes, the post is to be filled anew; or the person stays, if they
are of special merit, not yet retired, and the employer agrees in writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from qcc.centers.models import Center, Hosting, Officer, OfficerChange
from qcc.centers.permissions import is_of_host, may_decide_change, may_report_change
from qcc.centers.queries import current_hosting, get_center, list_officers, lock_change
from qcc.centers.rules import OFFICER_RULES, HostPosition, OfficerFacts
from qcc.centers.services.hosting import (
    OfficerSeat,
    appoint,
    discharge,
    officer_facts,
    staffing_facts,
    tell_host,
)
from qcc.centers.services.planning import book_in_force
from qcc.centers.workflow import CHANGE, ChangeState, ProposalFacts
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import accept_upload
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.rules import Finding, Rulebook, check
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_commission, find_person
from qcc.organizations.services import find_or_add_person

texts(
    {
        "change.reported": _l(
            "The employment of %(officer)s of %(center)s has changed: propose a replacement, or"
            " that the person stays."
        ),
        "change.proposed": _l(
            "A proposal for the post of %(officer)s at %(center)s waits for you."
        ),
        "change.returned": _l(
            "The proposal for the post of %(officer)s at %(center)s was returned: %(reason)s"
        ),
        "change.replaced": _l("%(successor)s follows %(officer)s at %(center)s."),
        "change.excepted": _l("%(officer)s stays in the post at %(center)s by exception."),
        "change.dismissed": _l(
            "The report about %(officer)s of %(center)s was dismissed: %(reason)s"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who is to follow in a post, with what the rules of M.12 ask about them. *job* and *title*
    are the person's post and professional title at the employer."""

    name: str
    employer_id: int
    job: str = ""
    title: str = ""
    birth_date: date | None = None
    host_position: HostPosition = HostPosition.OTHER
    is_discipline_leader: bool = False
    in_host_discipline: bool = False
    is_specialist: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As stored with the change."""
        birth = self.birth_date.isoformat() if self.birth_date else None
        return {**asdict(self), "birth_date": birth, "host_position": self.host_position.value}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Replacement":
        """From what is stored with a change."""
        birth = stored["birth_date"]
        return cls(
            **{
                **stored,
                "birth_date": date.fromisoformat(birth) if birth else None,
                "host_position": HostPosition(stored["host_position"]),
            }
        )

    def person_values(self) -> dict[str, Any]:
        """The particulars of the person, for the register."""
        return {
            "name": self.name,
            "birth_date": self.birth_date,
            "employer_id": self.employer_id,
            "post": self.job,
            "title": self.title,
        }


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    data: bytes
    filename: str


def report_change(
    actor: Actor, center_id: int, officer_id: int, what: str, happened_on: date
) -> OfficerChange:
    """Report that the employment of a serving officer changed; the task is open from then on."""
    center = get_center(actor, center_id)
    hosting = current_hosting(center.id)
    if hosting is None or not may_report_change(actor, center, hosting):
        raise NotFound
    officer = _serving(hosting, officer_id)
    if not what.strip():
        raise Refused(_l("Say what changed."), "what")
    if happened_on > clock.today():
        raise Refused(_l("The date lies in the future."), "happened_on")
    change = OfficerChange(
        center_id=center.id,
        officer_id=officer.id,
        state=ChangeState.OPEN,
        what=what.strip(),
        happened_on=happened_on,
        reported_at=clock.now(),
    )
    db.session.add(change)
    _flush_open(change)
    begin(CHANGE, change, "report", actor, reason=what, detail={"officer": officer.id})
    if actor.role is not Role.INSTITUTION_OFFICER:
        _tell(change, center, hosting, "change.reported")
    return change


def _serving(hosting: Hosting, officer_id: int) -> Officer:
    for officer in list_officers(hosting.id):
        if officer.id == officer_id:
            return officer
    raise NotFound


def _flush_open(change: OfficerChange) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_officer_changes_open"):
            raise
        raise Refused(_l("A change of this officer is open already."), "officer_id") from None


def propose_replacement(
    actor: Actor, change_id: int, version: int, replacement: Replacement
) -> OfficerChange:
    """The host recommends who is to follow (M.12(3), M.12(6))."""
    change, center, _hosting = _for_proposal(actor, change_id, version)
    if not replacement.name.strip():
        raise Refused(_l("Name the person."), "name")
    if replacement.name == change.officer.person.name and (
        replacement.employer_id == change.officer.person.employer_id
    ):
        raise Refused(_l("That is the person whose employment changed."), "name")
    change.replacement = replacement.as_dict()
    change.exception_reason, change.is_not_retired, change.evidence_id = "", False, None
    take(CHANGE, change, "propose", actor, detail={"replacement": change.replacement})
    _tell_commission(change, center)
    return change


def propose_exception(
    actor: Actor,
    change_id: int,
    version: int,
    reason: str,
    is_not_retired: bool,
    consent: Upload | None,
) -> OfficerChange:
    """The host asks that the person stays, with the employer's written consent (M.12(7))."""
    change, center, hosting = _for_proposal(actor, change_id, version)
    if "officers.exception" not in book_in_force(center.place, clock.today()):
        raise Refused(_l("The regulation in force here knows no such exception."))
    if not reason.strip():
        raise Refused(_l("Describe the special contribution."), "reason")
    if not is_not_retired:
        raise Refused(_l("Only a person who is not retired can stay."), "is_not_retired")
    if consent is None:
        raise Refused(_l("Attach the employer's written consent."), "file")
    stored = accept_upload(consent.data, consent.filename, hosting.institution_id, actor.user_id)
    change.replacement, change.exception_reason = None, reason.strip()
    change.is_not_retired, change.evidence_id = True, stored.id
    detail = {"exception": reason.strip(), "evidence": stored.sha256}
    take(CHANGE, change, "propose", actor, detail=detail)
    _tell_commission(change, center)
    return change


def _for_proposal(
    actor: Actor, change_id: int, version: int
) -> tuple[OfficerChange, Center, Hosting]:
    change = lock_change(actor, change_id)
    center, hosting = change.center, change.officer.hosting
    if not is_of_host(actor, center, hosting):
        raise NotPermitted("propose")
    require_version(change, version)
    return change, center, hosting


def check_replacement(change: OfficerChange, book: Rulebook) -> list[Finding]:
    """What the rules would find with the proposed person in the post, beyond what they find in the
    officers who stay: a center is not kept from mending one post by what is wrong at another."""
    if change.replacement is None:
        return []
    hosting = change.officer.hosting
    serving = list_officers(hosting.id)
    present = [officer_facts(officer) for officer in serving]
    new = _facts_of(Replacement.of(change.replacement), change.officer)
    after = [
        new if officer.id == change.officer_id else facts
        for officer, facts in zip(serving, present, strict=True)
    ]
    known = _findings(change.center, hosting, present, book)
    return [f for f in _findings(change.center, hosting, after, book) if f not in known]


def _findings(
    center: Center, hosting: Hosting, officers: Sequence[OfficerFacts], book: Rulebook
) -> list[Finding]:
    return check(OFFICER_RULES, staffing_facts(center, hosting, officers), book)


def _facts_of(new: Replacement, leaving: Officer) -> OfficerFacts:
    known = find_person(new.name, new.employer_id, new.birth_date)
    employer = db.session.get_one(Organization, new.employer_id)
    return OfficerFacts(
        person_key=str(known.id) if known else "new",
        name=new.name,
        post=leaving.post,
        employer_id=new.employer_id,
        host_position=new.host_position,
        is_discipline_leader=new.is_discipline_leader,
        in_host_discipline=new.in_host_discipline,
        is_specialist=new.is_specialist,
        place=employer.place,
    )


def replace_officer(
    actor: Actor, change_id: int, version: int, justification: str = ""
) -> OfficerChange:
    """The commission approves the replacement: the officer leaves, the other takes the post."""
    change, center, hosting = _for_decision(actor, change_id, version)
    findings = check_replacement(change, book_in_force(center.place, clock.today()))
    CHANGE.require("replace", change.state, _proposal(change))
    if change.replacement is not None:
        _put_in_place(actor, change, center, hosting)
    take(
        CHANGE,
        change,
        "replace",
        actor,
        facts=_proposal(change),
        findings=findings,
        reason=justification,
    )
    _tell(change, center, hosting, "change.replaced")
    return change


def _put_in_place(actor: Actor, change: OfficerChange, center: Center, hosting: Hosting) -> None:
    new = Replacement.of(change.replacement or {})
    person = find_or_add_person(actor, new.person_values())
    seat = OfficerSeat(
        person.id,
        change.officer.post,
        new.host_position,
        new.is_discipline_leader,
        new.in_host_discipline,
        new.is_specialist,
    )
    discharge(actor, center, change.officer, change.what, clock.today())
    change.successor = appoint(actor, hosting, seat, clock.today())


def except_officer(actor: Actor, change_id: int, version: int) -> OfficerChange:
    """The commission lets the person stay in the post (M.12(7))."""
    change, center, hosting = _for_decision(actor, change_id, version)
    take(CHANGE, change, "except", actor, facts=_proposal(change))
    change.officer.excepted_on = clock.today()
    db.session.flush()
    _tell(change, center, hosting, "change.excepted")
    return change


def return_proposal(actor: Actor, change_id: int, version: int, reason: str) -> OfficerChange:
    """The commission wants another proposal."""
    change, center, hosting = _for_decision(actor, change_id, version)
    change.decided_on = None
    take(CHANGE, change, "return", actor, reason=reason)
    _tell(change, center, hosting, "change.returned", reason)
    return change


def dismiss_change(actor: Actor, change_id: int, version: int, reason: str) -> OfficerChange:
    """The commission lays a report aside that was made in error."""
    change, center, hosting = _for_decision(actor, change_id, version)
    take(CHANGE, change, "dismiss", actor, reason=reason)
    _tell(change, center, hosting, "change.dismissed", reason)
    return change


def _for_decision(
    actor: Actor, change_id: int, version: int
) -> tuple[OfficerChange, Center, Hosting]:
    change = lock_change(actor, change_id)
    if not may_decide_change(actor, change.center):
        raise NotPermitted("decide")
    require_version(change, version)
    change.decided_on = clock.today()
    return change, change.center, change.officer.hosting


def _proposal(change: OfficerChange) -> ProposalFacts:
    return ProposalFacts(
        has_replacement=change.replacement is not None,
        has_consent_of_employer=change.evidence_id is not None,
        is_not_retired=change.is_not_retired,
    )


def read_evidence(actor: Actor, change: OfficerChange) -> bytes:
    """The employer's consent, for download; the download is recorded. Raises NotFound."""
    if change.evidence is None:
        raise NotFound
    audit.record(actor, "file.downloaded", "change", change.id, {"sha256": change.evidence.sha256})
    return files.read(change.evidence)


def _tell(
    change: OfficerChange, center: Center, hosting: Hosting, kind: str, reason: str = ""
) -> None:
    tell_host(
        center,
        hosting,
        kind,
        f"/changes/{change.id}",
        officer=change.officer.person.name,
        successor=change.successor.person.name if change.successor else "",
        reason=reason.strip(),
    )


def _tell_commission(change: OfficerChange, center: Center) -> None:
    commission = find_commission(center.place)
    if commission is not None:
        notify(
            commission.id,
            Role.COMMISSION_OFFICER,
            "change.proposed",
            {"center": center.name, "officer": change.officer.person.name},
            f"/changes/{change.id}",
            center.id,
        )
