"""Messages about rounds, results, appeals and revocations."""

from qcc.centers.models import Hosting
from qcc.evaluations.models import Assessment, Revocation, Round
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, notify_person, texts
from qcc.kernel.permissions import Role

texts(
    {
        "round.opened": _l("%(title)s: give your account with evidence until %(until)s."),
        "round.scoring": _l("You assess in %(title)s; lodge your scores until %(until)s."),
        "round.cancelled": _l("%(title)s was cancelled: %(reason)s"),
        "assessment.submitted": _l("%(center)s has submitted its account for %(title)s."),
        "assessment.returned": _l("The account for %(title)s was returned: %(reason)s"),
        "assessment.published": _l(
            "The result of %(title)s is published. An appeal is possible until %(until)s."
        ),
        "assessment.appealed": _l("%(center)s appeals against its result in %(title)s."),
        "assessment.final": _l("The result of %(title)s is final."),
        "revocation.proposed": _l(
            "%(center)s failed in two years in a row: decide whether the hosting is revoked."
        ),
        "revocation.declined": _l("%(center)s keeps its host: %(reason)s"),
        "revocation.approved": _l("The hosting of %(center)s is revoked: %(reason)s"),
    }
)

OFFICES = (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY)


def tell_center(hosting: Hosting, kind: str, link: str, values: dict[str, object]) -> None:
    """To the desks of director and secretaries under that hosting."""
    for role in OFFICES:
        notify(hosting.institution_id, role, kind, values, link, hosting.center_id)


def tell_assessed(assessment: Assessment, kind: str, **values: object) -> None:
    """To the center that is assessed."""
    given = {"title": assessment.round.title, **values}
    tell_center(assessment.hosting, kind, f"/assessments/{assessment.code}", given)


def tell_organizer(round_: Round, kind: str, link: str, **values: object) -> None:
    """To the desks that run the round."""
    given = {"title": round_.title, **values}
    if round_.center_id is None:
        for role in (Role.EVALUATION_OFFICER, Role.COMMISSION_OFFICER):
            notify(round_.organizer_id, role, kind, given, link)
        return
    for role in OFFICES:
        notify(round_.organizer_id, role, kind, given, link, round_.center_id)


def tell_assessors(round_: Round) -> None:
    """To everybody who scores."""
    values = {"title": round_.title, "until": round_.score_until.isoformat()}
    for seat in round_.assessors:
        notify_person(
            seat.person_id, Role.EXPERT, "round.scoring", values, f"/rounds/{round_.code}"
        )


def tell_commission(commission_id: int, kind: str, link: str, **values: object) -> None:
    """To the officers of a commission."""
    notify(commission_id, Role.COMMISSION_OFFICER, kind, values, link)


def tell_host(revocation: Revocation, kind: str, **values: object) -> None:
    """To the host institution."""
    given = {"center": revocation.center.name, **values}
    link = f"/centers/{revocation.center_id}"
    notify(revocation.hosting.institution_id, Role.INSTITUTION_OFFICER, kind, given, link)
