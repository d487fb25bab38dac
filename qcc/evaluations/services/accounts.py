"""A center's own account: what it says of each item, and the evidence in each slot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from qcc.evaluations.models import Assessment, Evidence, OwnAccount
from qcc.evaluations.permissions import is_organizer
from qcc.evaluations.queries import (
    get_evidence,
    list_evidence,
    lock_assessment,
    lock_own_assessment,
)
from qcc.evaluations.services.telling import tell_assessed, tell_organizer
from qcc.evaluations.workflow import ASSESSMENT, AssessmentMoment, AssessmentState
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import accept_upload
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor
from qcc.kernel.rubrics import Item, Rubric
from qcc.regulations.rubrics import get_rubric


@dataclass(frozen=True, slots=True)
class MissingSlot:
    """A slot with nothing in it: of which item, and what belongs there."""

    item: Item
    slot: str


def missing_slots(rubric: Rubric, evidence: Collection[Evidence]) -> Sequence[MissingSlot]:
    """What blocks the submission, in the rubric's order. A bonus needs evidence only where the
    center claims it: where one of its slots is filled."""
    filled = {(piece.item, piece.slot) for piece in evidence}
    claimed = {item for item, _slot in filled}
    return [
        MissingSlot(item, slot)
        for group in rubric.groups
        for item in group.items
        for slot in item.evidence
        if (item.code, slot) not in filled and (not group.is_bonus or item.code in claimed)
    ]


def _lock_open(actor: Actor, code: str) -> Assessment:
    assessment = lock_own_assessment(actor, code)
    if assessment.state is not AssessmentState.WRITING:
        raise Refused(_l("The account has been submitted and cannot be changed now."))
    return assessment


def _item(assessment: Assessment, code: str) -> Item:
    try:
        return get_rubric(assessment.round.rubric_id)[code]
    except KeyError:
        raise NotFound from None


def save_account(
    actor: Actor, code: str, item_code: str, version: int, text: str, points: Decimal | None
) -> OwnAccount:
    """What the center says of an item; of two writers the second is told (StaleEdit)."""
    assessment = _lock_open(actor, code)
    item = _item(assessment, item_code)
    if points is not None and not item.allows(points):
        raise Refused(
            _l("Give points from 0 to %(most)s, with two decimals at most.", most=item.points),
            "points",
        )
    account = db.session.scalars(
        sa.select(OwnAccount).filter_by(assessment_id=assessment.id, item=item.code)
    ).one_or_none()
    if account is None:
        account = OwnAccount(assessment_id=assessment.id, item=item.code)
        db.session.add(account)
    else:
        require_version(account, version)
    account.text, account.points, account.saved_at = text, points, clock.now()
    db.session.flush()
    detail = {"item": item.code, "version": account.version}
    audit.record(actor, "assessment.account_saved", "assessment", assessment.id, detail)
    return account


def attach(
    actor: Actor, code: str, item_code: str, slot: str, data: bytes, filename: str
) -> Evidence:
    """Upload a file into a slot of an item."""
    assessment = _lock_open(actor, code)
    item = _item(assessment, item_code)
    _require_slot(item, slot)
    stored = accept_upload(data, filename, actor.organization_id, actor.user_id)
    return _lay(actor, assessment, item, slot, stored.id, stored.sha256)


def reuse(actor: Actor, code: str, item_code: str, slot: str, evidence_id: int) -> Evidence:
    """Lay a file that proves another item into a slot too."""
    assessment = _lock_open(actor, code)
    item = _item(assessment, item_code)
    _require_slot(item, slot)
    piece = get_evidence(assessment.id, evidence_id)
    if piece.removed_at is not None:
        raise NotFound
    return _lay(actor, assessment, item, slot, piece.file_id, piece.file.sha256)


def _require_slot(item: Item, slot: str) -> None:
    if slot not in item.evidence:
        raise Refused(_l("Choose what the file proves."), "slot")


def _lay(
    actor: Actor, assessment: Assessment, item: Item, slot: str, file_id: int, sha256: str
) -> Evidence:
    piece = Evidence(assessment_id=assessment.id, item=item.code, slot=slot, file_id=file_id)
    db.session.add(piece)
    db.session.flush()
    detail = {"item": item.code, "slot": slot, "sha256": sha256}
    audit.record(actor, "assessment.evidence_added", "assessment", assessment.id, detail)
    return piece


def take_out(actor: Actor, code: str, evidence_id: int) -> Evidence:
    """Take a file out of its slot; it stays where else it stands."""
    assessment = _lock_open(actor, code)
    piece = get_evidence(assessment.id, evidence_id)
    if piece.removed_at is None:
        piece.removed_at = clock.now()
        db.session.flush()
        detail = {"item": piece.item, "slot": piece.slot}
        audit.record(actor, "assessment.evidence_removed", "assessment", assessment.id, detail)
    return piece


def submit_account(actor: Actor, code: str, version: int) -> Assessment:
    """The director answers for the account (M.16) and submits it; what is missing blocks it."""
    assessment = lock_own_assessment(actor, code)
    rubric = get_rubric(assessment.round.rubric_id)
    missing = missing_slots(rubric, list_evidence(assessment.id))
    facts = AssessmentMoment(clock.today(), missing=len(missing))
    take(ASSESSMENT, assessment, "submit", actor, facts=facts, version=version)
    assessment.submitted_at = clock.now()
    link = f"/assessments/{assessment.code}"
    name = assessment.center.name
    tell_organizer(assessment.round, "assessment.submitted", link, center=name)
    return assessment


def return_account(actor: Actor, code: str, version: int, reason: str) -> Assessment:
    """The organizer gives an account back while accounts are being written."""
    assessment = lock_assessment(actor, code)
    if not is_organizer(actor, assessment.round):
        raise NotFound
    facts = AssessmentMoment(clock.today())
    take(ASSESSMENT, assessment, "return", actor, facts=facts, version=version, reason=reason)
    assessment.submitted_at = None
    tell_assessed(assessment, "assessment.returned", reason=reason)
    return assessment
