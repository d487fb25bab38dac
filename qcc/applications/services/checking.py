"""The receiving body's formal check: judging, returning, accepting, proposing (M.10)."""

from collections.abc import Mapping
from datetime import date, timedelta

from qcc.applications.models import Application, Remark
from qcc.applications.permissions import is_reception
from qcc.applications.queries import get_answer, list_submissions, lock_application
from qcc.applications.sections import asked_items, remarkable_parts
from qcc.applications.services.facts import rulebook_of
from qcc.applications.services.steps import moment_of, step
from qcc.applications.workflow import APPLICATION, ApplicationState
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Actor
from qcc.kernel.workflow import ActionNotPossible, GuardFailed

LONGEST_REMARK = 2_000
LONGEST_CORRECTION = timedelta(days=366)


def _received(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_reception(actor, application.call):
        raise NotFound
    return application


def judge_item(
    actor: Actor, code: str, item: str, version: int, confirmed: bool, remark: str
) -> None:
    """Confirm or refuse one condition of M.7, while it is being checked; a refusal says why."""
    application = _received(actor, code)
    if application.state is not ApplicationState.SUBMITTED:
        raise ActionNotPossible("judge", application.state)
    if not APPLICATION.guards["not_own_application"](moment_of(application, actor)):
        raise GuardFailed("judge", "not_own_application")
    answer = get_answer(application, item)
    if answer.item not in asked_items(rulebook_of(application), application.center.place):
        raise NotFound
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
    given = _checked_remarks(application, remarks)
    _require_reasonable(correct_by)
    application.correct_by = end_of_day(correct_by) if correct_by else None
    step(
        application,
        "return",
        actor,
        reason=reason,
        detail={"remarks": given, "correct_by": correct_by},
    )
    round_ = len(list_submissions(application.id))
    db.session.add_all(
        Remark(application_id=application.id, round=round_, part=part, text=text, at=clock.now())
        for part, text in given.items()
    )


def _checked_remarks(application: Application, remarks: Mapping[str, str]) -> dict[str, str]:
    """The remarks that say something; raises Refused if none does or one says too much."""
    given = {part: text.strip() for part, text in remarks.items() if text.strip()}
    if given.keys() - remarkable_parts(rulebook_of(application), application.center.place):
        raise NotFound
    if not given:
        raise Refused(_l("Write at least one remark at the part that is to be corrected."))
    if any(len(text) > LONGEST_REMARK for text in given.values()):
        raise Refused(_l("A remark has at most %(max)d characters.", max=LONGEST_REMARK))
    return given


def _require_reasonable(correct_by: date | None) -> None:
    if correct_by is None:
        return
    if correct_by < clock.today():
        raise Refused(_l("The last day for correction has passed."), "correct_by")
    if correct_by > clock.today() + LONGEST_CORRECTION:
        raise Refused(_l("Give at most one year for the correction."), "correct_by")


def accept(actor: Actor, code: str) -> None:
    """The formal check is done: every condition was confirmed or refused."""
    step(_received(actor, code), "accept", actor)


def propose(actor: Actor, code: str, recommends_approval: bool, reason: str) -> None:
    """Lay the application before the commission, with what the check recommends."""
    application = _received(actor, code)
    application.recommends_approval = recommends_approval
    application.proposed_by = actor.person_id
    step(
        application,
        "propose",
        actor,
        reason=reason,
        detail={"recommends_approval": recommends_approval},
    )
