"""Assessors score item by item; once lodged, their scores are fixed."""

from collections.abc import Mapping
from decimal import Decimal

import sqlalchemy as sa

from qcc.evaluations.models import Assessment, ItemScore, Round, RoundAssessor
from qcc.evaluations.queries import (
    conflicts_of,
    find_seat,
    list_assessments_of_round,
    list_own_scores,
    lock_round,
    sheet_of,
)
from qcc.evaluations.workflow import RoundState
from qcc.infra import audit, clock
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.regulations.rubrics import get_rubric

Given = Mapping[tuple[str, str], tuple[Decimal | None, str]]
"""By code of the assessment and of the item: the points (None: not scored yet) and the remark."""


def _lock_seat(actor: Actor, code: str) -> tuple[Round, RoundAssessor]:
    """The round and the actor's seat in it, locked; raises NotFound, or Refused once lodged."""
    round_ = lock_round(actor, code)
    seat = find_seat(round_.id, actor.person_id)
    if seat is None:
        raise NotFound
    db.session.scalars(
        sa.select(RoundAssessor.id).filter_by(id=seat.id).with_for_update(**ROW)  # type: ignore[arg-type]
    ).one()
    db.session.refresh(seat)
    if round_.state is not RoundState.SCORING:
        raise Refused(_l("Nothing is scored in this round now."))
    if seat.lodged_at is not None:
        raise Refused(_l("You have lodged your scores: they are fixed."))
    return round_, seat


def save_scores(actor: Actor, code: str, given: Given) -> int:
    """Save points and remarks, of one center or of one item across centers; how many changed.

    Who differs from what the product knows of an item says why. Nobody scores a center hosted by
    the own employer.
    """
    round_, seat = _lock_seat(actor, code)
    rubric = get_rubric(round_.rubric_id)
    centers = {each.code: each for each in list_assessments_of_round(round_.id)}
    excluded = conflicts_of(round_.id)
    wanted = {key: value for key, value in given.items() if key[0] in centers}
    if len(wanted) != len(given):
        raise NotFound
    before = sheet_of(seat.id, [centers[key[0]].id for key in wanted])
    changed = 0
    for (of, item_code), (points, remark) in wanted.items():
        assessment = centers[of]
        if seat.id in excluded.get(assessment.id, ()):
            raise Refused(_l("You are employed by the host of this center and do not score it."))
        try:
            item = rubric[item_code]
        except KeyError:
            raise NotFound from None
        field = f"{of}-{item_code}"
        if points is not None and not item.allows(points):
            raise Refused(
                _l("Give points from 0 to %(most)s, with two decimals at most.", most=item.points),
                field,
            )
        if points is not None and _differs(assessment, item_code, points) and not remark.strip():
            raise Refused(_l("You differ from what is on record of this item: say why."), field)
        old = before.get((assessment.id, item_code))
        changed += _write(seat, assessment, item_code, points, remark.strip(), old)
    db.session.flush()
    if changed:
        audit.record(actor, "round.scored", "round", round_.id, {"cells": changed})
    return changed


def _differs(assessment: Assessment, item_code: str, points: Decimal) -> bool:
    known = assessment.computed.get(item_code)
    return known is not None and Decimal(known["points"]) != points


def _write(
    seat: RoundAssessor,
    assessment: Assessment,
    item_code: str,
    points: Decimal | None,
    remark: str,
    old: ItemScore | None,
) -> bool:
    if points is None:
        if old is not None:
            db.session.delete(old)
        return old is not None
    if old is None:
        old = ItemScore(assessment_id=assessment.id, assessor_id=seat.id, item=item_code)
        db.session.add(old)
    elif (old.points, old.remark) == (points, remark):
        return False
    old.points, old.remark, old.saved_at = points, remark, clock.now()
    return True


def unscored(round_: Round, seat: RoundAssessor) -> list[tuple[Assessment, str]]:
    """What the assessor has not scored yet, of the centers that they may score."""
    excluded = conflicts_of(round_.id)
    own = list_own_scores(seat.id)
    items = [item.code for item in get_rubric(round_.rubric_id).items]
    return [
        (assessment, item)
        for assessment in list_assessments_of_round(round_.id)
        if seat.id not in excluded.get(assessment.id, ())
        for item in items
        if (assessment.id, item) not in own
    ]


def lodge(actor: Actor, code: str) -> RoundAssessor:
    """The assessor's scores are complete and fixed from now on."""
    round_, seat = _lock_seat(actor, code)
    left = unscored(round_, seat)
    if left:
        raise Refused(_l("%(count)s cells are not scored yet.", count=len(left)))
    seat.lodged_at = clock.now()
    db.session.flush()
    audit.record(actor, "round.lodged", "round", round_.id, {"person": seat.person_id})
    return seat
