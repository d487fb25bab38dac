"""What the host answers to a personnel change: a replacement, or that the person stays."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qcc.centers.models import Center, Hosting, Officer, OfficerChange
from qcc.centers.permissions import is_of_host
from qcc.centers.queries import list_officers, lock_change
from qcc.centers.rules import OFFICER_RULES, HostPosition, OfficerFacts
from qcc.centers.services.hosting import officer_facts, staffing_facts
from qcc.centers.services.planning import book_in_force
from qcc.centers.workflow import CHANGE
from qcc.infra import clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.files import accept_upload
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.rules import Finding, Rulebook, check
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_commission, find_person

texts(
    {
        "change.proposed": _l(
            "A proposal for the post of %(officer)s at %(center)s waits for you."
        ),
    }
)

PAPERS = frozenset({"pdf", "jpg", "png"})


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who is to follow in a post, with what the rules of M.12 ask about them. *job* and *title*
    are the person's post and professional title at the employer."""

    name: str
    employer_id: int
    employer_name: str = ""
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
    if stored.kind not in PAPERS:
        raise Refused(_l("The consent is a paper: a PDF, JPG or PNG file."), "file")
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
