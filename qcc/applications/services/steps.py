"""What every step of an application's life shares: its moment and its messages."""

from datetime import datetime
from typing import Any

from qcc.applications.models import Application
from qcc.applications.queries import list_submitters
from qcc.applications.queries.calls import find_ending
from qcc.applications.sections import asked_items
from qcc.applications.services.facts import rulebook_of
from qcc.applications.services.results import awaits_review
from qcc.applications.workflow import APPLICATION, ApplicationMoment
from qcc.infra import clock
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import Transition
from qcc.organizations.models import Organization, OrganizationKind

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
    },
    mandatory={"application.return", "application.approve", "application.refuse"},
)

_ROLE_AT = {
    OrganizationKind.EVALUATION_CENTER: Role.EVALUATION_OFFICER,
    OrganizationKind.COMMISSION: Role.COMMISSION_OFFICER,
    OrganizationKind.INSTITUTION: Role.INSTITUTION_OFFICER,
}


def moment_of(
    application: Application, actor: Actor, now: datetime | None = None
) -> ApplicationMoment:
    """What the conditions of the workflow look at, *now* unless the step has a moment already."""
    asked = asked_items(rulebook_of(application), application.center.place)
    judged = {a.item for a in application.answers if a.confirmed is not None}
    return ApplicationMoment(
        now=now or clock.now(),
        opens_at=application.call.opens_at,
        closes_at=_end_of_call(application),
        correct_by=application.correct_by,
        all_items_judged=set(asked) <= judged,
        proposed_by=application.proposed_by,
        person=actor.person_id,
        submitted_by=list_submitters(application.id),
        awaits_review=awaits_review(application),
    )


def _end_of_call(application: Application) -> datetime:
    """When the call closes, or was called off for this center."""
    ending = find_ending(application.call_id, application.center_id)
    return ending.at if ending else application.call.closes_at


def step(
    application: Application,
    action: str,
    actor: Actor,
    now: datetime | None = None,
    **more: Any,
) -> Transition:
    """Take the action by the table of the workflow, and tell whom the table names."""
    facts = moment_of(application, actor, now)
    transition = take(APPLICATION, application, action, actor, facts=facts, **more)
    _tell(transition, application)
    return transition


def _tell(transition: Transition, application: Application) -> None:
    """Write the messages; a commission that receives for itself is told once, and of what is
    sealed nobody but the applicant."""
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
    told: dict[int, Organization] = {
        addresses[name].id: addresses[name]
        for name in transition.notifies
        if name == "applicant" or not application.sealed
    }
    for organization in told.values():
        notify(
            organization.id,
            _ROLE_AT[organization.kind],
            f"application.{transition.action}",
            params,
            f"/applications/{application.code}",
        )
