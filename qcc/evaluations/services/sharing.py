"""Strengths of a round: noted by the organizer, read by all centers that took part (S.7)."""

from qcc.evaluations.models import Assessment, Strength
from qcc.evaluations.permissions import is_organizer
from qcc.evaluations.queries import lock_assessment
from qcc.evaluations.queries.strengths import get_strength
from qcc.evaluations.workflow import SHOWN
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.regulations.rubrics import get_rubric


def _own(actor: Actor, code: str) -> Assessment:
    """A published assessment of a round that the actor organizes; raises NotFound, or Refused
    before there is a result."""
    found = lock_assessment(actor, code)
    if not is_organizer(actor, found.round):
        raise NotFound
    if found.state not in SHOWN:
        raise Refused(_l("Strengths are shared once the results are published."))
    return found


def note_strength(actor: Actor, code: str, item: str, text: str) -> Strength:
    """Say for all what the center does well; raises Refused for an item the rubric does not
    have."""
    assessment = _own(actor, code)
    if item not in {each.code for each in get_rubric(assessment.round.rubric_id).items}:
        raise Refused(_l("The rubric has no such item."), "item")
    strength = Strength(
        round_id=assessment.round_id,
        assessment_id=assessment.id,
        item=item,
        text=text,
        noted_by=actor.person_id,
        noted_at=clock.now(),
    )
    db.session.add(strength)
    db.session.flush()
    detail = {"item": item, "text": text}
    audit.record(actor, "strength.noted", "assessment", assessment.id, detail)
    return strength


def withdraw_strength(actor: Actor, code: str, strength_id: int) -> None:
    """It is shown no more; what it said stays in the audit trail."""
    assessment = _own(actor, code)
    strength = get_strength(assessment.id, strength_id)
    detail = {"item": strength.item, "text": strength.text}
    db.session.delete(strength)
    audit.record(actor, "strength.withdrawn", "assessment", assessment.id, detail)
