"""Whom a step of a competition is told to: the bodies that deal with it by their desks, reviewers
each by name, since a desk of experts is shared."""

from collections.abc import Collection

from qcc.applications.models import Competition, Reviewer
from qcc.applications.workflow import SEATED
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, notify_person, texts
from qcc.kernel.permissions import Role
from qcc.organizations.models import OrganizationKind

texts(
    {
        "competition.open_second": _l("The applications for %(center)s were opened."),
        "competition.close_review": _l("The review of %(center)s is closed: see the result."),
        "competition.close_early": _l("The review of %(center)s was closed early: see the result."),
        "competition.decide_tie": _l("The commission chose among equals for %(center)s."),
        "reviewer.report_conflict": _l(
            "A reviewer for %(center)s reported a conflict of interest: find another."
        ),
        "reviewer.lodge": _l("A reviewer for %(center)s lodged the scores."),
        "reviewer.asked": _l(
            "You were appointed to review the applications for %(center)s. You are told when the"
            " review begins."
        ),
        "reviewer.asked_while_reviewing": _l(
            "You were appointed to review the applications for %(center)s. The review has begun:"
            " sign the conflict declaration."
        ),
        "reviewer.release": _l("You no longer review the applications for %(center)s."),
        "reviewer.start_review": _l(
            "The review for %(center)s has begun: the files open when you have signed the conflict"
            " declaration."
        ),
        "reviewer.scheduled": _l(
            "The applicants for %(center)s present from %(when)s on, %(where)s"
        ),
        "reviewer.closed": _l("The review for %(center)s is closed: the time for scoring is over."),
    },
    mandatory={"reviewer.asked", "reviewer.asked_while_reviewing", "reviewer.start_review"},
)


def tell_bodies(competition: Competition, names: Collection[str], kind: str) -> None:
    """Tell the receiving body, the commission, or both; a commission that receives for itself
    once."""
    bodies = {"reception": competition.call.reception, "commission": competition.call.issuer}
    told = {bodies[name].id: bodies[name] for name in names if name in bodies}
    for body in told.values():
        is_commission = body.kind is OrganizationKind.COMMISSION
        notify(
            body.id,
            Role.COMMISSION_OFFICER if is_commission else Role.EVALUATION_OFFICER,
            kind,
            {"center": competition.center.name},
            f"/competitions/{competition.code}",
        )


def tell_reviewer(reviewer: Reviewer, kind: str, **more: str) -> None:
    """Tell one reviewer, whoever else holds a desk beside them."""
    notify_person(
        reviewer.person_id,
        Role.EXPERT,
        kind,
        {"center": reviewer.competition.center.name, **more},
        f"/reviews/{reviewer.code}",
    )


def tell_reviewers(competition: Competition, kind: str, **more: str) -> None:
    """Tell everybody who takes part in the review."""
    for reviewer in competition.reviewers:
        if reviewer.state in SEATED:
            tell_reviewer(reviewer, kind, **more)
