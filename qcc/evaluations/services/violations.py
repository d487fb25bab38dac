"""Prohibited conduct (M.27) is reported and investigated, and the center is heard."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.centers.queries import current_hosting, get_center
from qcc.evaluations.models import Violation, ViolationFile, ViolationFileKind
from qcc.evaluations.permissions import AUTHORITIES, investigates, is_heard
from qcc.evaluations.queries.violations import lock_violation
from qcc.evaluations.services.telling import tell_center
from qcc.evaluations.workflow import VIOLATION, ViolationMoment, ViolationState
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import StoredFile, accept_upload
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, notify_person, texts
from qcc.infra.transitions import begin, history, take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Limit
from qcc.organizations.models import Person
from qcc.organizations.queries import find_commission, find_reception
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

S = ViolationState

texts(
    {
        "violation.reported": _l("A violation by %(center)s is reported: decide on the inquiry."),
        "violation.declined": _l("Your report about %(center)s is not taken up: %(reason)s"),
        "violation.hear": _l(
            "%(center)s is said to have violated the regulation. Give your statement until"
            " %(until)s."
        ),
        "violation.state": _l("%(center)s has given its statement; decide on the case."),
        "violation.dismiss": _l("The violation of %(center)s is not founded: %(reason)s"),
        "violation.uphold": _l("The violation of %(center)s is founded: %(reason)s"),
        "violation.revoke": _l(
            "For a serious violation the hosting of %(center)s is revoked and its panel dissolved:"
            " %(reason)s"
        ),
    },
    mandatory={"violation.hear", "violation.uphold", "violation.revoke"},
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is said to have happened: which conduct of the rulebook's list, when, what."""

    conduct: str
    happened_on: date
    account: str
    data: bytes = b""
    filename: str = ""


def conduct_of(place: str) -> Limit | None:
    """The list of prohibited conduct that holds in a place; None if no rulebook has one."""
    try:
        book = rulebook_for(place, clock.today())
    except NoRulebookInForce:
        return None
    return book.limits.get("violation.conduct")


def report_violation(actor: Actor, center_id: int, report: Report) -> Violation:
    """Anybody who works with centers reports; only the authorities ever learn who it was."""
    center = get_center(actor, center_id)
    hosting, known = current_hosting(center.id), conduct_of(center.place)
    if hosting is None:
        raise Refused(_l("The center has no host."))
    if known is None or report.conduct not in known.choices:
        raise Refused(_l("Choose from the list of prohibited conduct."), "conduct")
    if not hosting.started_on <= report.happened_on <= clock.today():
        raise Refused(_l("Give a day from the begin of the hosting up to today."), "happened_on")
    made = Violation(
        center_id=center.id,
        center=center,
        hosting_id=hosting.id,
        conduct=report.conduct,
        happened_on=report.happened_on,
        account=report.account.strip(),
        state=S.REPORTED,
        reported_at=clock.now(),
        reported_by=actor.person_id,
        reporter_id=actor.organization_id,
    )
    db.session.add(made)
    db.session.flush()
    detail: dict[str, object] = {"conduct": report.conduct, "hosting": hosting.id}
    if report.data:
        stored = _keep(actor, made, ViolationFileKind.REPORT, report.data, report.filename)
        detail |= {"sha256": stored.sha256}
    begin(VIOLATION, made, "report", actor, detail=detail)
    _tell_authorities(center, made, "violation.reported")
    return made


def _keep(
    actor: Actor, case: Violation, kind: ViolationFileKind, data: bytes, filename: str
) -> StoredFile:
    stored = accept_upload(data, filename, actor.organization_id, actor.user_id)
    db.session.add(
        ViolationFile(violation_id=case.id, kind=kind, file=stored, added_at=clock.now())
    )
    db.session.flush()
    return stored


def _tell_authorities(center: Center, case: Violation, kind: str) -> None:
    commission, reception = find_commission(center.place), find_reception(center.place)
    values, link = {"center": center.name}, f"/violations/{case.code}"
    if commission is not None:
        notify(commission.id, Role.COMMISSION_OFFICER, kind, values, link)
    if reception is not None and reception != commission:
        notify(reception.id, Role.EVALUATION_OFFICER, kind, values, link)


def moment_of(case: Violation, actor: Actor, statement_by: date | None = None) -> ViolationMoment:
    """What the conditions look at."""
    employer = db.session.scalar(sa.select(Person.employer_id).filter_by(id=actor.person_id))
    involved = {case.reported_by, case.investigator_id}
    return ViolationMoment(
        today=clock.today(),
        person=actor.person_id,
        involved=frozenset(key for key in involved if key),
        is_of_host=case.hosting.institution_id in (employer, actor.organization_id),
        has_findings=bool(case.findings and case.allegation),
        statement_by=statement_by or case.statement_by,
        is_stated=case.stated_at is not None,
    )


def lock_at_desk(actor: Actor, code: str) -> Violation:
    """A case that the actor's authority deals with, locked; raises NotFound."""
    case = lock_violation(actor, code)
    if not investigates(actor, case):
        raise NotFound
    return case


def take_up(actor: Actor, code: str, version: int) -> Violation:
    """The person investigates the case."""
    case = lock_at_desk(actor, code)
    facts = moment_of(case, actor)
    take(VIOLATION, case, "investigate", actor, facts=facts, version=version)
    case.investigator_id = actor.person_id
    return case


def decline_report(actor: Actor, code: str, version: int, reason: str) -> Violation:
    """The report is not taken up, with the reason; the center hears nothing of it."""
    case = lock_at_desk(actor, code)
    facts = moment_of(case, actor)
    take(VIOLATION, case, "decline", actor, facts=facts, version=version, reason=reason)
    values: dict[str, object] = {"center": case.center.name, "reason": reason.strip()}
    _tell_reporter(case, "violation.declined", values)
    return case


def _tell_reporter(case: Violation, kind: str, values: dict[str, object]) -> None:
    """Under the role that the reporter acted in."""
    role = Role(history(VIOLATION, case.id)[-1].role)
    notify_person(case.reported_by, role, kind, values, f"/violations/{case.code}")


def _lock_own_inquiry(actor: Actor, code: str) -> Violation:
    """A case that the person investigates."""
    case = lock_at_desk(actor, code)
    if case.state is not S.INVESTIGATING or case.investigator_id != actor.person_id:
        raise Refused(_l("Only who investigates writes here, until the center is heard."))
    return case


def write_findings(
    actor: Actor, code: str, version: int, findings: str, allegation: str
) -> Violation:
    """What was found, for the authorities, and what is laid before the center."""
    case = _lock_own_inquiry(actor, code)
    require_version(case, version)
    case.findings, case.allegation = findings.strip(), allegation.strip()
    db.session.flush()
    audit.record(actor, "violation.findings_written", VIOLATION.name, case.id)
    return case


def add_finding(actor: Actor, code: str, data: bytes, filename: str) -> Violation:
    """A file of the investigation."""
    case = _lock_own_inquiry(actor, code)
    stored = _keep(actor, case, ViolationFileKind.FINDING, data, filename)
    audit.record(actor, "violation.file_added", VIOLATION.name, case.id, {"sha256": stored.sha256})
    return case


def hear(actor: Actor, code: str, version: int, statement_by: date) -> Violation:
    """The center learns of the case, and has until the day to say what it has to say."""
    case = _lock_own_inquiry(actor, code)
    require_version(case, version)
    facts = moment_of(case, actor, statement_by)
    VIOLATION.require("hear", case.state, facts)
    case.statement_by, case.heard_at = statement_by, clock.now()
    take(VIOLATION, case, "hear", actor, facts=facts, detail={"statement_by": statement_by})
    values: dict[str, object] = {"center": case.center.name, "until": statement_by.isoformat()}
    tell_center(case.hosting, "violation.hear", f"/violations/{case.code}", values)
    return case


def give_statement(
    actor: Actor, code: str, version: int, text: str, data: bytes = b"", filename: str = ""
) -> Violation:
    """The center's director says what there is to say, once, with a file if there is one."""
    case = lock_violation(actor, code)
    if not is_heard(actor, case):
        raise NotFound
    require_version(case, version)
    facts = moment_of(case, actor)
    VIOLATION.require("state", case.state, facts)
    detail: dict[str, object] = {}
    if data:
        stored = _keep(actor, case, ViolationFileKind.STATEMENT, data, filename)
        detail = {"sha256": stored.sha256}
    case.statement, case.stated_at = text.strip(), clock.now()
    take(VIOLATION, case, "state", actor, facts=facts, detail=detail)
    commission = find_commission(case.center.place)
    if commission is not None:
        values, link = {"center": case.center.name}, f"/violations/{case.code}"
        notify(commission.id, Role.COMMISSION_OFFICER, "violation.state", values, link)
    return case


def read_violation_file(actor: Actor, case: Violation, key: int) -> tuple[StoredFile, bytes]:
    """A file of the case that the actor may read: the authorities all, the center its own, who
    reported the report's; that it was read is on record. Raises NotFound."""
    piece = next((each for each in files_for(actor, case) if each.id == key), None)
    if piece is None:
        raise NotFound
    detail = {"sha256": piece.file.sha256}
    audit.record(actor, "file.downloaded", VIOLATION.name, case.id, detail)
    return piece.file, files.read(piece.file)


def files_for(actor: Actor, case: Violation) -> list[ViolationFile]:
    """The files of the case that the actor may read."""
    if actor.role in AUTHORITIES:
        return case.files
    kinds = {ViolationFileKind.STATEMENT} if is_heard(actor, case) else set[ViolationFileKind]()
    if case.reported_by == actor.person_id:
        kinds.add(ViolationFileKind.REPORT)
    return [piece for piece in case.files if piece.kind in kinds]
