"""The commission's decision: it approves, refuses, or sends back to the check (M.10)."""

from collections.abc import Sequence
from typing import Any

from qcc.applications.models import Application, Decision
from qcc.applications.permissions import is_decider
from qcc.applications.queries import lock_application
from qcc.applications.queries.calls import wait_for_extensions
from qcc.applications.rules import ESTABLISHMENT_RULES
from qcc.applications.services.facts import Candidate, application_facts, person_keys, rulebook_of
from qcc.applications.services.lapsing import lapse_if_over
from qcc.applications.services.papers import issue_official
from qcc.applications.services.steps import step
from qcc.applications.workflow import APPLICATION
from qcc.centers.queries import lock_center
from qcc.centers.services import OfficerSeat, establish
from qcc.experts.services.review import recheck_panels_of
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Finding, check
from qcc.organizations.services import find_or_add_person

texts(
    {
        "center.desks_wanted": _l(
            "%(center)s was established: give its director and secretaries their roles."
        ),
    }
)

DECISION_PAPER = "decision"


def findings_at_decision(application: Application) -> list[Finding]:
    """What the rules say now about an application that is to be approved."""
    book = rulebook_of(application)
    return check(ESTABLISHMENT_RULES, application_facts(application, book, clock.today()), book)


def _decidable(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_decider(actor, application.call):
        raise NotFound
    return application


def send_back(actor: Actor, code: str, reason: str) -> None:
    """The commission wants the check looked at again."""
    step(_decidable(actor, code), "send_back", actor, reason=reason)


def refuse(actor: Actor, code: str, reason: str) -> Decision:
    """The commission refuses, with the reason that the applicant reads."""
    wait_for_extensions(application=code)
    application = _decidable(actor, code)
    APPLICATION.find("refuse", application.state)
    findings = findings_at_decision(application)
    application.decided_at = clock.now()
    step(application, "refuse", actor, reason=reason)
    lapse_if_over(application.center_id)
    return _decide(actor, application, False, reason, findings, None)


def approve(actor: Actor, code: str, justification: str = "") -> Decision:
    """The commission approves: hosting and officers begin, the center stands, in one transaction.

    Raises RulesBroken where a mandatory rule is broken, or a principle without *justification*.
    """
    application = _decidable(actor, code)
    center = lock_center(application.center_id)
    APPLICATION.find("approve", application.state)
    findings = findings_at_decision(application)
    application.decided_at = clock.now()
    step(application, "approve", actor, findings=findings, reason=justification)
    hosting = establish(
        actor,
        center,
        application.institution_id,
        seats_for(actor, application.officers),
        application.rulebook_version,
        legal_date(application.decided_at),
    )
    recheck_panels_of(center.id)
    notify(
        application.call.issuer_id,
        Role.SECURITY_ADMIN,
        "center.desks_wanted",
        {"center": center.name},
        "/users",
    )
    return _decide(actor, application, True, justification, findings, hosting.id)


def seats_for(actor: Actor, officers: Sequence[Candidate]) -> list[OfficerSeat]:
    """The posts with the persons who take them, found in the register or entered now.

    Raises Refused where two who were judged as two would become one.
    """
    keys, taken = person_keys(officers), dict[int, str]()
    seats = []
    for officer in officers:
        seat = _seat(actor, officer)
        if taken.setdefault(seat.person_id, keys[officer.code]) != keys[officer.code]:
            raise Refused(
                _l(
                    "The register of people cannot tell apart two persons named %(name)s: enter the"
                    " birth date there first.",
                    name=officer.name,
                )
            )
        seats.append(seat)
    return seats


def _seat(actor: Actor, officer: Candidate) -> OfficerSeat:
    person = find_or_add_person(
        actor,
        {
            "name": officer.name,
            "birth_date": officer.birth_date,
            "employer_id": officer.employer_id,
            "post": officer.job,
            "title": officer.title,
        },
    )
    return OfficerSeat(
        person_id=person.id,
        post=officer.post,
        host_position=officer.host_position,
        is_discipline_leader=officer.is_discipline_leader,
        in_host_discipline=officer.in_host_discipline,
        is_specialist=officer.is_specialist,
    )


def _decide(
    actor: Actor,
    application: Application,
    approved: bool,
    reason: str,
    findings: Sequence[Finding],
    hosting_id: int | None,
) -> Decision:
    decision = Decision(
        application_id=application.id,
        approved=approved,
        reason=reason.strip(),
        findings=[finding.as_dict() for finding in findings],
        rulebook_version=rulebook_of(application).version,
        decided_by=actor.person_id,
        decided_at=application.decided_at or clock.now(),
        hosting_id=hosting_id,
    )
    db.session.add(decision)
    title = "设置批准决定" if approved else "不予批准决定"
    db.session.flush()
    content = _decision_content(application, decision)
    issue_official(application, DECISION_PAPER, title, content)
    return decision


def _decision_content(application: Application, decision: Decision) -> dict[str, Any]:
    return {
        "issuer": application.call.issuer.name,
        "institution": application.institution.name,
        "center": application.center.name,
        "number": application.number,
        "approved": decision.approved,
        "reason": decision.reason,
        "findings": decision.findings,
        "rulebook": rulebook_of(application).title,
        "document_number": rulebook_of(application).document_number,
        "officers": [
            {
                "post": officer.post.value,
                "name": officer.name,
                "employer": officer.employer.name if officer.employer else "",
            }
            for officer in application.officers
        ],
        "decided_on": legal_date(decision.decided_at).isoformat(),
    }
