"""The commission decides on a case of prohibited conduct (M.28): not founded; founded, with a
warning or a rectification; or serious: hosting revoked, panel dissolved, a call for a new host."""

from qcc.centers.queries import current_hosting, lock_center
from qcc.evaluations.models import Violation
from qcc.evaluations.queries.violations import lock_violation
from qcc.evaluations.services.ordering import OrderTerms, order_for_violation
from qcc.evaluations.services.revoking import Succession, succeed
from qcc.evaluations.services.telling import tell_center
from qcc.evaluations.services.violation_papers import issue_decision_paper
from qcc.evaluations.services.violations import moment_of
from qcc.evaluations.workflow import VIOLATION
from qcc.experts.services.review import dissolve_all
from qcc.infra import clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor
from qcc.regulations.rulebooks import rulebook_for


def dismiss(actor: Actor, code: str, version: int, reason: str) -> Violation:
    """The violation is not founded."""
    case = _decide(actor, code, version, "dismiss", reason)
    _tell(case, "violation.dismiss")
    issue_decision_paper(case, actor)
    return case


def uphold(
    actor: Actor, code: str, version: int, reason: str, order: OrderTerms | None = None
) -> Violation:
    """The violation is founded: a warning, or the rectification of what is ordered."""
    case = _decide(actor, code, version, "uphold", reason)
    _tell(case, "violation.uphold")
    if order is not None:
        case.rectification_id = order_for_violation(actor, case.center, order).id
        db.session.flush()
    issue_decision_paper(case, actor)
    return case


def revoke(actor: Actor, code: str, version: int, reason: str, succession: Succession) -> Violation:
    """The violation is serious: hosting, officers and panel end, whatever was open about the
    hosting lapses, and the center is called for anew, in one transaction."""
    case = _decide(actor, code, version, "revoke", reason, succession)
    hosting = current_hosting(case.center_id)
    if hosting is None or hosting.id != case.hosting_id:
        raise Refused(_l("This hosting has ended already."))
    _tell(case, "violation.revoke")
    _dissolve(actor, case, reason)
    succeed(actor, hosting, reason, succession)
    issue_decision_paper(case, actor)
    return case


def _decide(
    actor: Actor,
    code: str,
    version: int,
    action: str,
    reason: str,
    succession: Succession | None = None,
) -> Violation:
    case = lock_violation(actor, code)
    if actor.place != case.center.place:
        raise NotFound
    require_version(case, version)
    facts = moment_of(case, actor)
    VIOLATION.require(action, case.state, facts)
    case.decided_at, case.decided_by = clock.now(), actor.person_id
    case.reason = reason.strip()
    case.ends_on = succession.ends_on if succession else None
    take(VIOLATION, case, action, actor, facts=facts, reason=reason)
    return case


def _dissolve(actor: Actor, case: Violation, reason: str) -> None:
    """The panels end with the hosting, where the rulebook says so (M.28)."""
    if rulebook_for(case.center.place, clock.today())["violation.dissolves_panel"].value:
        lock_center(case.center_id)
        dissolve_all(actor, case.center_id, reason)


def _tell(case: Violation, kind: str) -> None:
    values: dict[str, object] = {"center": case.center.name, "reason": case.reason}
    tell_center(case.hosting, kind, f"/violations/{case.code}", values)
