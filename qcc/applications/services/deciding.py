"""Submission, check, proposal and decision: every step of an application's life (M.10)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qcc.applications.models import Application, Decision, ProposedOfficer, Remark, Submission
from qcc.applications.permissions import is_applicant, is_decider, is_reception
from qcc.applications.queries import get_answer, list_submissions, lock_application
from qcc.applications.rules import ESTABLISHMENT_RULES, SUBMISSION_RULES
from qcc.applications.sections import asked_items
from qcc.applications.services.facts import (
    application_facts,
    canonical,
    content_of,
    form_values,
    rulebook_of,
)
from qcc.applications.workflow import APPLICATION, ApplicationMoment, ApplicationState
from qcc.centers.queries import lock_center
from qcc.centers.services import OfficerSeat, establish
from qcc.experts.services.review import recheck_panels_of
from qcc.infra import audit, clock
from qcc.infra.db import StaleEdit, db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.papers import Paper
from qcc.infra.transitions import take
from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Finding, check
from qcc.kernel.workflow import Transition
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import get_place
from qcc.organizations.services import find_or_add_person

texts(
    {
        "application.submit": _l(
            "%(institution)s submitted application %(number)s for %(center)s."
        ),
        "application.resubmit": _l(
            "%(institution)s corrected and resubmitted application %(number)s for %(center)s."
        ),
        "application.withdraw": _l(
            "%(institution)s withdrew application %(number)s for %(center)s."
        ),
        "application.return": _l(
            "Application %(number)s for %(center)s was returned for correction."
        ),
        "application.accept": _l("Application %(number)s for %(center)s passed the formal check."),
        "application.propose": _l(
            "Application %(number)s of %(institution)s for %(center)s awaits the decision."
        ),
        "application.send_back": _l(
            "The commission sent application %(number)s for %(center)s back to the check."
        ),
        "application.approve": _l(
            "Application %(number)s was approved: %(institution)s hosts %(center)s."
        ),
        "application.refuse": _l("Application %(number)s for %(center)s was refused."),
        "center.desks_wanted": _l(
            "%(center)s was established: give its director and secretaries their roles."
        ),
    }
)

FORM_PAPER, DECISION_PAPER = "application_form", "decision"


def _moment(application: Application, actor: Actor) -> ApplicationMoment:
    asked = asked_items(rulebook_of(application), application.center.place)
    judged = {a.item for a in application.answers if a.confirmed is not None}
    return ApplicationMoment(
        now=clock.now(),
        opens_at=application.call.opens_at,
        closes_at=application.call.closes_at,
        correct_by=application.correct_by,
        all_items_judged=set(asked) <= judged,
        proposed_by=application.proposed_by,
        decider=actor.person_id,
    )


def _desk(organization: Organization) -> tuple[int, Role]:
    role = {
        OrganizationKind.EVALUATION_CENTER: Role.EVALUATION_OFFICER,
        OrganizationKind.COMMISSION: Role.COMMISSION_OFFICER,
        OrganizationKind.INSTITUTION: Role.INSTITUTION_OFFICER,
    }[organization.kind]
    return organization.id, role


def _tell(transition: Transition, application: Application) -> None:
    """Write the messages that the table names."""
    addresses = {
        "applicant": application.institution,
        "reception": application.call.reception,
        "commission": application.call.issuer,
    }
    params = {
        "number": application.number,
        "institution": application.institution.name,
        "center": application.center.name,
    }
    link = f"/applications/{application.code}"
    for organization in {
        addresses[name].id: addresses[name] for name in transition.notifies
    }.values():
        notify(*_desk(organization), f"application.{transition.action}", params, link)


def _step(application: Application, action: str, actor: Actor, **more: Any) -> Transition:
    transition = take(
        APPLICATION, application, action, actor, facts=_moment(application, actor), **more
    )
    _tell(transition, application)
    return transition


def findings_at_submission(application: Application) -> list[Finding]:
    """What the rules say now about an application that is to be submitted."""
    book = rulebook_of(application)
    return check(SUBMISSION_RULES, application_facts(application, book, clock.today()), book)


def findings_at_decision(application: Application) -> list[Finding]:
    """What the rules say now about an application that is to be approved."""
    book = rulebook_of(application)
    return check(ESTABLISHMENT_RULES, application_facts(application, book, clock.today()), book)


def submit(actor: Actor, code: str, seen: str) -> Submission:
    """Submit what the applicant saw on the check page (*seen*: its SHA-256), and ask for the form.

    Mandatory findings stop it; a broken principle is for the commission to justify later.
    Raises StaleEdit if something was changed since it was seen.
    """
    application = lock_application(actor, code)
    if not is_applicant(actor, application):
        raise NotFound
    text, digest = canonical(content_of(application))
    action = "resubmit" if application.state is ApplicationState.RETURNED else "submit"
    APPLICATION.find(action, application.state)
    if digest != seen:
        raise StaleEdit(application)
    book = rulebook_of(application)
    findings = findings_at_submission(application)
    _number(application, book.version)
    round_ = len(list_submissions(application.id)) + 1
    _step(
        application,
        action,
        actor,
        findings=[f for f in findings if f.blocks],
        detail={"round": round_, "sha256": digest, "rulebook": book.version},
    )
    application.correct_by = None
    submission = Submission(
        application_id=application.id,
        round=round_,
        at=clock.now(),
        by=actor.person_id,
        content=text,
        sha256=digest,
    )
    db.session.add(submission)
    _ask_for_form(application, submission)
    db.session.flush()
    return submission


def _number(application: Application, rulebook_version: str) -> None:
    """At the first submission: a number that tells nothing about others, and the edition."""
    if application.number is None:
        code = application.code
        application.number = f"{clock.today().year}-{code[:5]}-{code[5:]}"
        application.submitted_at = clock.now()
        application.rulebook_version = rulebook_version


def _ask_for_form(application: Application, submission: Submission) -> None:
    values = {
        **form_values(application),
        "title_province": get_place(f"{application.center.place[:2]}0000").name,
        "submission_number": application.number,
        "content_hash": submission.sha256,
        "submitted_on": clock.today().isoformat(),
    }
    _ask_for_paper(application, FORM_PAPER, submission.round, "设置申请表", values)


def _ask_for_paper(
    application: Application, kind: str, round_: int, title: str, values: Mapping[str, Any]
) -> None:
    db.session.add(
        Paper(
            kind=kind,
            subject_type="application",
            subject_id=application.id,
            round=round_,
            owner_id=application.institution_id,
            name=f"{application.center.name}{title}（{application.number}）.pdf",
            content=dict(values),
            rulebook_version=application.rulebook_version,
            asked_at=clock.now(),
        )
    )


def withdraw(actor: Actor, code: str, reason: str) -> None:
    """The applicant takes the application back."""
    application = lock_application(actor, code)
    if not is_applicant(actor, application):
        raise NotFound
    _step(application, "withdraw", actor, reason=reason)


def _received(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_reception(actor, application.call):
        raise NotFound
    return application


def judge_item(
    actor: Actor, code: str, item: str, version: int, confirmed: bool, remark: str
) -> None:
    """Confirm or refuse one condition of M.7; a refusal says why."""
    application = _received(actor, code)
    if application.state is not ApplicationState.SUBMITTED:
        raise Refused(_l("Conditions are judged while the application is being checked."))
    answer = get_answer(application, item)
    require_version(answer, version)
    if not confirmed and not remark.strip():
        raise Refused(_l("Say why the condition is not met."), "remark")
    answer.confirmed, answer.remark = confirmed, remark.strip()
    db.session.flush()
    audit.record(
        actor,
        "application.item_judged",
        "application",
        application.id,
        {"item": item, "confirmed": confirmed, "remark": remark.strip()},
    )


def return_for_correction(
    actor: Actor, code: str, reason: str, remarks: Mapping[str, str], correct_by: date | None
) -> None:
    """Give the application back with remarks at its parts, and a last day for the correction."""
    application = _received(actor, code)
    given = {part: text.strip() for part, text in remarks.items() if text.strip()}
    if not given:
        raise Refused(_l("Write at least one remark at the part that is to be corrected."))
    if correct_by and correct_by < clock.today():
        raise Refused(_l("The last day for correction has passed."), "correct_by")
    round_ = len(list_submissions(application.id))
    application.correct_by = end_of_day(correct_by) if correct_by else None
    _step(
        application,
        "return",
        actor,
        reason=reason,
        detail={"remarks": given, "correct_by": correct_by},
    )
    db.session.add_all(
        Remark(application_id=application.id, round=round_, part=part, text=text, at=clock.now())
        for part, text in given.items()
    )


def accept(actor: Actor, code: str) -> None:
    """The formal check is done: every condition was confirmed or refused."""
    _step(_received(actor, code), "accept", actor)


def propose(actor: Actor, code: str, recommends_approval: bool, reason: str) -> None:
    """Lay the application before the commission, with what the check recommends."""
    application = _received(actor, code)
    application.recommends_approval = recommends_approval
    application.proposed_by = actor.person_id
    _step(
        application,
        "propose",
        actor,
        reason=reason,
        detail={"recommends_approval": recommends_approval},
    )


def _decidable(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_decider(actor, application.call):
        raise NotFound
    return application


def send_back(actor: Actor, code: str, reason: str) -> None:
    """The commission wants the check looked at again."""
    application = _decidable(actor, code)
    _step(application, "send_back", actor, reason=reason)


def refuse(actor: Actor, code: str, reason: str) -> Decision:
    """The commission refuses, with the reason that the applicant reads."""
    application = _decidable(actor, code)
    findings = findings_at_decision(application)
    application.decided_at = clock.now()
    _step(application, "refuse", actor, reason=reason)
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
    _step(application, "approve", actor, findings=findings, reason=justification)
    hosting = establish(
        actor,
        center,
        application.institution_id,
        [_seat(actor, officer) for officer in application.officers],
        application.rulebook_version,
        clock.today(),
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


def _seat(actor: Actor, officer: ProposedOfficer) -> OfficerSeat:
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
        decided_at=clock.now(),
        hosting_id=hosting_id,
    )
    db.session.add(decision)
    title = "设置批准决定" if approved else "不予批准决定"
    _ask_for_paper(application, DECISION_PAPER, 1, title, _decision_content(application, decision))
    db.session.flush()
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
        "decided_on": clock.today().isoformat(),
    }
