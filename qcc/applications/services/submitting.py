"""The applicant submits, corrects and submits again, or withdraws."""

from datetime import datetime

from qcc.applications.models import Application, Submission
from qcc.applications.permissions import is_applicant
from qcc.applications.queries import list_submissions, lock_application, lock_competition_of
from qcc.applications.queries.calls import wait_for_extensions
from qcc.applications.rules import SUBMISSION_RULES
from qcc.applications.services.facts import (
    application_facts,
    canonical,
    content_of,
    form_values,
    rulebook_of,
)
from qcc.applications.services.lapsing import lapse_if_over
from qcc.applications.services.papers import ask_for_paper
from qcc.applications.services.steps import moment_of, step
from qcc.applications.workflow import APPLICATION, SEALED, ApplicationState
from qcc.infra import clock
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor
from qcc.kernel.rules import Finding, check
from qcc.organizations.queries import get_place

FORM_PAPER = "application_form"


def _own(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_applicant(actor, application):
        raise NotFound
    return application


def findings_at_submission(application: Application) -> list[Finding]:
    """What the rules say now about an application that is to be submitted."""
    book = rulebook_of(application)
    return check(SUBMISSION_RULES, application_facts(application, book, clock.today()), book)


def obstacle_to_submission(actor: Actor, application: Application) -> str | None:
    """The condition of the workflow that now stands against submitting, if one does."""
    transition = APPLICATION.find(_action(application), application.state)
    return APPLICATION.failed_guard(transition, moment_of(application, actor))


def _action(application: Application) -> str:
    return "resubmit" if application.state is ApplicationState.RETURNED else "submit"


def submit(actor: Actor, code: str, seen: str) -> Submission:
    """Submit what the applicant saw on the check page (*seen*: its SHA-256), and ask for the form.

    Mandatory findings stop it; a broken principle is for the commission to justify later.
    Raises StaleEdit if something was changed since it was seen. One moment counts for all of it:
    for the deadline, the receipt and the form. Where it competes, an opening at the same time waits
    for the submission, or is seen by it: nothing stays sealed.
    """
    competition = lock_competition_of(code)
    application, now = _own(actor, code), clock.now()
    action = _action(application)
    APPLICATION.find(action, application.state)
    text, digest = canonical(content_of(application))
    if digest != seen:
        raise StaleEdit(application)
    findings = findings_at_submission(application)
    _number(application, now)
    application.sealed = competition is not None and competition.state in SEALED
    submission = Submission(
        application_id=application.id,
        round=len(list_submissions(application.id)) + 1,
        at=now,
        by=actor.person_id,
        content=text,
        sha256=digest,
    )
    step(
        application,
        action,
        actor,
        now,
        findings=[finding for finding in findings if finding.blocks],
        detail={
            "round": submission.round,
            "sha256": digest,
            "rulebook": application.rulebook_version,
        },
    )
    application.correct_by = None
    db.session.add(submission)
    _ask_for_form(application, submission)
    db.session.flush()
    return submission


def _number(application: Application, now: datetime) -> None:
    """At the first submission: a number that tells nothing about others, and the edition."""
    if application.number is None:
        code = application.code
        application.rulebook_version = rulebook_of(application).version
        application.number = f"{legal_date(now).year}-{code[:5]}-{code[5:]}"
        application.submitted_at = now


def _ask_for_form(application: Application, submission: Submission) -> None:
    content = {
        **form_values(application),
        "title_province": get_place(f"{application.center.place[:2]}0000").name,
        "submission_number": application.number,
        "content_hash": submission.sha256,
        "submitted_on": legal_date(submission.at).isoformat(),
    }
    again = f"（第{submission.round}次提交）" if submission.round > 1 else ""
    ask_for_paper(application, FORM_PAPER, submission.round, f"设置申请表{again}", content)


def withdraw(actor: Actor, code: str, reason: str) -> None:
    """The applicant takes the application back."""
    wait_for_extensions(application=code)
    application = _own(actor, code)
    step(application, "withdraw", actor, reason=reason)
    lapse_if_over(application.center_id)
