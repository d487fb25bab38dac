"""Personnel changes of officers (M.12(7)): reported, and decided once the host has answered.

When an officer's employment changes, the post is to be filled anew; or the person stays, if they
are of special merit, not yet retired, and the employer agrees in writing.
"""

from datetime import date

from sqlalchemy.exc import IntegrityError

from qcc.centers.models import Center, Hosting, Officer, OfficerChange
from qcc.centers.permissions import may_decide_change, may_report_change
from qcc.centers.queries import current_hosting, get_center, list_officers, lock_center, lock_change
from qcc.centers.services.hosting import OfficerSeat, appoint, discharge, tell_host
from qcc.centers.services.planning import book_in_force
from qcc.centers.services.proposals import Replacement, check_replacement
from qcc.centers.workflow import CHANGE, ChangeState, ProposalFacts
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import texts
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.organizations.services import find_or_add_person

texts(
    {
        "change.reported": _l(
            "The employment of %(officer)s of %(center)s has changed: propose a replacement, or"
            " that the person stays."
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


def report_change(
    actor: Actor, center_id: int, officer_id: int, what: str, happened_on: date
) -> OfficerChange:
    """Report that the employment of a serving officer changed; the task is open from then on."""
    center = get_center(actor, center_id)
    lock_center(center.id)
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
