"""The steps of a direct designation: proposed, checked, decided by another (M.8, M.10)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.applications.designation_permissions import (
    designation_is_visible_to,
    is_checker,
    is_issuer,
)
from qcc.applications.models import Designation
from qcc.applications.queries.designations import SUBJECT, list_persons_who, lock_designation
from qcc.applications.services.deciding import seats_for
from qcc.applications.services.designation_facts import edition_of, findings_on_designation
from qcc.applications.workflow.designation import DESIGNATION, DesignationMoment
from qcc.centers.queries import lock_center
from qcc.centers.services import end_designation, establish
from qcc.experts.services.review import recheck_panels_of
from qcc.infra import clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.scans import scope_papers
from qcc.infra.transitions import take
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Finding
from qcc.kernel.workflow import Transition
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.services import issue_numbered

texts(
    {
        "designation.propose": _l(
            "%(institution)s is proposed as directly designated host of %(center)s: check it."
        ),
        "designation.return": _l("The designation of a host for %(center)s was returned."),
        "designation.pass": _l(
            "The designation of %(institution)s for %(center)s awaits the decision."
        ),
        "designation.send_back": _l(
            "The commission sent the designation for %(center)s back to the check."
        ),
        "designation.approve": _l("%(institution)s was designated as the host of %(center)s."),
        "designation.refuse": _l("The designation for %(center)s was refused."),
        "designation.withdraw": _l("The designation for %(center)s was withdrawn."),
    }
)

PAPER = "designation"
PROPOSERS, CHECKERS = ("start", "propose"), ("return", "pass")
_ROLE_AT = {
    OrganizationKind.EVALUATION_CENTER: Role.EVALUATION_OFFICER,
    OrganizationKind.COMMISSION: Role.COMMISSION_OFFICER,
    OrganizationKind.INSTITUTION: Role.INSTITUTION_OFFICER,
}


def moment_of_designation(designation: Designation, actor: Actor) -> DesignationMoment:
    """What the conditions of the workflow look at: persons, across all their desks."""
    return DesignationMoment(
        person=actor.person_id,
        proposers=list_persons_who(designation.id, *PROPOSERS),
        checkers=list_persons_who(designation.id, *CHECKERS),
        receives_for_itself=designation.issuer_id == designation.reception_id,
    )


def _step(designation: Designation, action: str, actor: Actor, **more: Any) -> None:
    facts = moment_of_designation(designation, actor)
    transition = take(DESIGNATION, designation, action, actor, facts=facts, **more)
    _tell(transition, designation)


def _tell(transition: Transition, designation: Designation) -> None:
    addresses = {
        "institution": designation.institution,
        "reception": designation.reception,
        "commission": designation.issuer,
    }
    told: dict[int, Organization] = {
        addresses[name].id: addresses[name] for name in transition.notifies
    }
    params = {"institution": designation.institution.name, "center": designation.center.name}
    for organization in told.values():
        notify(
            organization.id,
            _ROLE_AT[organization.kind],
            f"designation.{transition.action}",
            params,
            f"/designations/{designation.code}",
        )


def _issued(actor: Actor, code: str) -> Designation:
    designation = lock_designation(actor, code)
    if not is_issuer(actor, designation):
        raise NotFound
    return designation


def _received(actor: Actor, code: str) -> Designation:
    designation = lock_designation(actor, code)
    if not is_checker(actor, designation):
        raise NotFound
    return designation


def propose_designation(actor: Actor, code: str, version: int) -> Designation:
    """Lay the draft, as it was seen, before the check. Mandatory findings stop it; a broken
    principle is for who decides to justify."""
    designation, now = _issued(actor, code), clock.now()
    DESIGNATION.find("propose", designation.state)
    require_version(designation, version)
    if not designation.reason.strip():
        raise Refused(_l("Say why the institution is designated directly."), "reason")
    findings = findings_on_designation(designation)
    if designation.number is None:
        designation.rulebook_version = edition_of(designation).version
        designation.number = f"Z{legal_date(now).year}-{code[:5]}-{code[5:]}"
    designation.proposed_at, designation.proposed_by = now, actor.person_id
    _step(
        designation,
        "propose",
        actor,
        findings=[finding for finding in findings if finding.blocks],
        detail={"rulebook": designation.rulebook_version, "grounds": designation.grounds},
    )
    return designation


def return_designation(actor: Actor, code: str, reason: str) -> None:
    """The check gives the designation back to be put right."""
    _step(_received(actor, code), "return", actor, reason=reason)


def pass_designation(actor: Actor, code: str, reason: str) -> None:
    """The formal check is done: the designation lies before who decides."""
    designation = _received(actor, code)
    designation.checked_by = actor.person_id
    _step(designation, "pass", actor, reason=reason)


def send_back_designation(actor: Actor, code: str, reason: str) -> None:
    """Who decides wants the check looked at again."""
    _step(_issued(actor, code), "send_back", actor, reason=reason)


def withdraw_designation(actor: Actor, code: str, reason: str) -> None:
    """The commission gives the designation up; the center is free again."""
    designation = _issued(actor, code)
    _step(designation, "withdraw", actor, reason=reason)
    end_designation(actor, lock_center(designation.center_id), reason)


def refuse_designation(actor: Actor, code: str, reason: str) -> Designation:
    """The commission refuses, with its reason; the center is free again."""
    designation = _issued(actor, code)
    DESIGNATION.find("refuse", designation.state)
    _decided(actor, designation, reason, findings_on_designation(designation))
    _step(designation, "refuse", actor, reason=reason)
    end_designation(actor, lock_center(designation.center_id), reason)
    return designation


def approve_designation(actor: Actor, code: str, justification: str = "") -> Designation:
    """The commission approves: hosting and officers begin, the center stands, in one transaction.

    Raises RulesBroken where a mandatory rule is broken, or a principle without *justification*.
    """
    designation = _issued(actor, code)
    center = lock_center(designation.center_id)
    DESIGNATION.find("approve", designation.state)
    findings = findings_on_designation(designation)
    on = _decided(actor, designation, justification, findings)
    _step(designation, "approve", actor, findings=findings, reason=justification)
    hosting = establish(
        actor,
        center,
        designation.institution_id,
        seats_for(actor, designation.officers),
        designation.rulebook_version,
        on,
    )
    designation.hosting_id = hosting.id
    recheck_panels_of(center.id)
    notify(
        designation.issuer_id,
        Role.SECURITY_ADMIN,
        "center.desks_wanted",
        {"center": center.name},
        "/users",
    )
    db.session.flush()
    _issue_paper(designation)
    return designation


def _decided(
    actor: Actor, designation: Designation, reason: str, findings: Sequence[Finding]
) -> date:
    """Note who decided what, when and on which findings; tells the legal date."""
    designation.decided_by, designation.decided_at = actor.person_id, clock.now()
    designation.decision_reason = reason.strip()
    designation.findings = [finding.as_dict() for finding in findings]
    return legal_date(designation.decided_at)


def reads_designation(actor: Actor, designation_id: int) -> bool:
    """Whether the actor sees the designation, and so its paper."""
    found = sa.select(Designation.id).join(Designation.center)
    seen = found.where(Designation.id == designation_id, designation_is_visible_to(actor))
    return db.session.scalar(seen) is not None


scope_papers(SUBJECT, reads_designation)


def _issue_paper(designation: Designation) -> None:
    """Ask for the decision as a paper, under the commission's next document number."""
    issue_numbered(
        designation.issuer,
        kind=PAPER,
        title="直接指定决定",
        name=f"{designation.center.name}直接指定决定（{designation.number}）.pdf",
        subject=(SUBJECT, designation.id),
        owner_id=designation.issuer_id,
        content=_paper_content(designation),
        rulebook_version=designation.rulebook_version,
    )


def _paper_content(designation: Designation) -> dict[str, Any]:
    book = edition_of(designation)
    words = book["designation.ground"].words
    return {
        "issuer": designation.issuer.name,
        "institution": designation.institution.name,
        "center": designation.center.name,
        "number": designation.number,
        "ground": "；".join([*(words[each] for each in designation.grounds), designation.reason]),
        "article": book["designation.ground"].article,
        "justification": designation.decision_reason,
        "findings": designation.findings,
        "rulebook": book.title,
        "document_number": book.document_number,
        "officers": [
            {
                "post": officer.post.value,
                "name": officer.name,
                "employer": officer.employer.name if officer.employer else "",
            }
            for officer in designation.officers
        ],
        "decided_on": legal_date(designation.decided_at or clock.now()).isoformat(),
    }
