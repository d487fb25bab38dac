"""Reads about direct designations, within what the actor may see."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from qcc.applications.designation_permissions import designation_is_visible_to
from qcc.applications.models import DesignatedOfficer, Designation, DesignationFile
from qcc.applications.workflow.designation import DESIGNATION, DesignationState
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.transitions import TransitionRecord
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization

S = DesignationState
SUBJECT = "designation"
_institution = aliased(Organization)


def _one(actor: Actor, code: str) -> sa.Select[Designation]:
    return (
        sa.select(Designation)
        .join(Designation.center)
        .where(Designation.code == code, designation_is_visible_to(actor))
    )


def get_designation(actor: Actor, code: str) -> Designation:
    """One designation with all it carries; raises NotFound."""
    found = db.session.scalars(
        _one(actor, code).options(
            contains_eager(Designation.center).joinedload(Center.specialty),
            joinedload(Designation.institution),
            joinedload(Designation.issuer),
            joinedload(Designation.reception),
            selectinload(Designation.officers).joinedload(DesignatedOfficer.employer),
            selectinload(Designation.files).joinedload(DesignationFile.file),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_designation(actor: Actor, code: str) -> Designation:
    """One designation that the actor may see, locked until the transaction ends."""
    found = db.session.scalars(
        _one(actor, code).with_for_update(of=Designation).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


_LISTED = (
    sa.select(
        Designation.id,
        Designation.code,
        Designation.number,
        Designation.state,
        Designation.proposed_at,
        Designation.saved_at,
        Designation.proposed_by,
        Designation.checked_by,
        Designation.issuer_id,
        Designation.reception_id,
        Center.name.label("center"),
        _institution.name.label("institution"),
    )
    .join(Designation.center)
    .join(_institution, _institution.id == Designation.institution_id)
)


def list_designations(
    actor: Actor, *, center_id: int = 0, after: int = 0, limit: int = 51
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """A page of the designations that the actor may see, newest first, those before *after*."""
    found = _LISTED.where(designation_is_visible_to(actor))
    if center_id:
        found = found.where(Designation.center_id == center_id)
    if after:
        found = found.where(Designation.id < after)
    return db.session.execute(found.order_by(Designation.id.desc()).limit(limit)).all()


def list_waiting_designations(actor: Actor) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """What the actor's organization holds, the longest waiting first: its drafts and what it
    decides, and what it checks."""
    own, here = Designation.issuer_id, Designation.reception_id
    holds = sa.or_(
        sa.and_(own == actor.organization_id, Designation.state.in_((S.DRAFT, S.UNDER_DECISION))),
        sa.and_(here == actor.organization_id, Designation.state == S.UNDER_CHECK),
    )
    return db.session.execute(
        _LISTED.where(designation_is_visible_to(actor), holds).order_by(Designation.id).limit(20)
    ).all()


def list_persons_who(designation_id: int, *actions: str) -> frozenset[int]:
    """The persons who ever took one of the actions, at whatever desk."""
    found = sa.select(TransitionRecord.person_id).where(
        TransitionRecord.workflow == DESIGNATION.name,
        TransitionRecord.subject_id == designation_id,
        TransitionRecord.action.in_(actions),
        TransitionRecord.person_id.is_not(None),
    )
    return frozenset(person for person in db.session.scalars(found) if person)


def get_designated(designation: Designation, code: str) -> DesignatedOfficer:
    """An officer of the designation; raises NotFound."""
    for officer in designation.officers:
        if officer.code == code:
            return officer
    raise NotFound


def get_evidence(designation: Designation, code: str) -> DesignationFile:
    """A file that is evidence now; raises NotFound."""
    for file in designation.files:
        if file.code == code and file.removed_at is None:
            return file
    raise NotFound


def present_evidence(designation: Designation) -> list[DesignationFile]:
    """The files that have not been removed."""
    return [file for file in designation.files if file.removed_at is None]
