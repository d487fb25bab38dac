"""Taking a center out of a call before anybody has become its host."""

from qcc.applications.models import CallEnding
from qcc.applications.permissions import is_decider
from qcc.applications.queries import find_competition
from qcc.applications.queries.calls import find_ending, list_endings, lock_all_applied, lock_call
from qcc.applications.services.extending import tell_addressed
from qcc.applications.services.notices import issue_ending_notice
from qcc.applications.workflow import UNDECIDED
from qcc.centers.queries import lock_center
from qcc.centers.services import call_off
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import texts
from qcc.kernel.permissions import Actor, NotPermitted, Permission

texts(
    {
        "call.ended": _l(
            "No applications for %(center)s are taken any more: the call was called off."
        )
    }
)


def end_call(actor: Actor, call_id: int, center_id: int, reason: str) -> CallEnding:
    """The commission that issued the call takes one center out of it, before it closes; everybody
    whom the call addresses is told. The center can be called for again, or designated.

    Who has applied has a right to be decided upon: raises Refused while an application is under
    way. A submission at the same time waits for the ending, or is seen by it.
    """
    if not actor.may(Permission.CALL_EDIT):
        raise NotPermitted("call_off")
    call = lock_call(actor, call_id)
    if not is_decider(actor, call) or center_id not in {center.id for center in call.centers}:
        raise NotFound
    if not reason.strip():
        raise Refused(_l("Give the reason."), "reason")
    if clock.now() >= call.closes_at:
        raise Refused(_l("The call has closed: what came to nothing ends by itself."))
    if find_ending(call_id, center_id):
        raise Refused(_l("The call for this center is called off already."))
    find_competition(call_id, center_id, lock=True)
    under_way = sum(a.state in UNDECIDED for a in lock_all_applied(call_id, center_id))
    if under_way:
        raise Refused(
            _l(
                "%(count)d applications are under way: each is decided or withdrawn first.",
                count=under_way,
            )
        )
    center = lock_center(center_id)
    call_off(actor, center, reason)
    ending = CallEnding(
        call_id=call_id,
        center_id=center_id,
        reason=reason.strip(),
        by=actor.person_id,
        at=clock.now(),
    )
    db.session.add(ending)
    db.session.flush()
    detail = {"center": center_id, "reason": ending.reason}
    audit.record(actor, "call.ended", "call", call_id, detail)
    tell_addressed(call, "call.ended", {"center": center.name})
    issue_ending_notice(call, ending, goes_on=len(list_endings(call_id)) < len(call.centers))
    return ending
