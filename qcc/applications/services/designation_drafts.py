"""A direct designation while it is being drafted: grounds, evidence, officers (M.8, M.12)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from qcc.applications.designation_permissions import is_issuer
from qcc.applications.models import DesignatedOfficer, Designation, DesignationFile
from qcc.applications.queries.calls import list_lapsed_centers, wait_for_extensions
from qcc.applications.queries.designations import get_designated, get_evidence, lock_designation
from qcc.applications.services.designation_facts import edition_of
from qcc.applications.services.drafting import MOST_FILES
from qcc.applications.services.lapsing import lapse_if_over
from qcc.applications.services.officers import fill_officer, require_room
from qcc.applications.workflow.designation import DESIGNATION, DesignationState
from qcc.centers.queries import lock_center
from qcc.centers.services import begin_designation
from qcc.centers.workflow import CenterState
from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin
from qcc.kernel.permissions import Actor, NotPermitted, Permission
from qcc.kernel.places import is_within
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import find_organization_by_name, find_reception

NOT_A_DRAFT = _l("The designation was proposed: it can no longer be edited.")

_NOT_NOW = {
    CenterState.IN_CALL: _l(
        "The center is open in a call: while applications are under way, no host is designated"
        " directly."
    ),
    CenterState.UNDER_DESIGNATION: _l("A designation for this center is under way already."),
    CenterState.ESTABLISHED: _l("The center has a host."),
    CenterState.RECTIFYING: _l("The center has a host."),
    CenterState.CLOSED: _l("The center is closed."),
}


def start_designation(actor: Actor, center_id: int, institution_name: str) -> Designation:
    """Begin to designate an institution for a planned or vacant center of the actor's own level.

    From then on the center is under designation, and no call can open it. Raises Refused, in
    words, while it is in call or under another designation.
    """
    if not actor.may(Permission.CALL_EDIT):
        raise NotPermitted("designate")
    wait_for_extensions(centers=[center_id])
    center = lock_center(center_id)
    if center.place != actor.place:
        raise NotFound
    institution = _institution(actor, institution_name)
    reception = find_reception(actor.place)
    if reception is None:
        raise Refused(_l("Nobody is registered who could receive applications here."))
    if center_id in list_lapsed_centers(clock.now(), [center_id]):
        lapse_if_over(center_id)
    if center.state in _NOT_NOW:
        raise Refused(_NOT_NOW[center.state], "center_id")
    begin_designation(actor, center)
    designation = Designation(
        code=new_code(),
        center=center,
        institution=institution,
        issuer_id=actor.organization_id,
        reception_id=reception.id,
        state=DesignationState.DRAFT,
        grounds=[],
        findings=[],
        created_at=clock.now(),
        saved_at=clock.now(),
    )
    db.session.add(designation)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_designations_live"):
            raise
        taken = _NOT_NOW[CenterState.UNDER_DESIGNATION]
        raise Refused(taken, "center_id") from None
    begin(
        DESIGNATION,
        designation,
        "start",
        actor,
        detail={"center": center_id, "institution": institution.id},
    )
    return designation


def _institution(actor: Actor, name: str) -> Organization:
    """The institution of that name, seated in the actor's jurisdiction."""
    found = find_organization_by_name(name.strip())
    if found is None:
        raise Refused(
            _l("No organization of this name is registered. Write its full official name."),
            "institution",
        )
    if found.kind is not OrganizationKind.INSTITUTION or not is_within(found.place, actor.place):
        raise Refused(_l("Designate an institution of your own jurisdiction."), "institution")
    return found


def _draft(actor: Actor, code: str) -> Designation:
    designation = lock_designation(actor, code)
    if not is_issuer(actor, designation):
        raise NotFound
    if designation.state is not DesignationState.DRAFT:
        raise Refused(NOT_A_DRAFT)
    return designation


def _saved(actor: Actor, designation: Designation, part: str, change: Mapping[str, Any]) -> None:
    db.session.flush()
    audit.record(
        actor, "designation.edited", "designation", designation.id, {"part": part, **change}
    )


def save_grounds(
    actor: Actor, code: str, version: int, grounds: Sequence[str], reason: str
) -> Designation:
    """Name the grounds on which the institution is designated, and say why in words."""
    designation = _draft(actor, code)
    require_version(designation, version)
    known = edition_of(designation)["designation.ground"].choices
    if set(grounds) - set(known):
        raise NotFound
    before = {"grounds": list(designation.grounds), "reason": designation.reason}
    designation.grounds = [ground for ground in known if ground in set(grounds)]
    designation.reason, designation.saved_at = reason.strip(), clock.now()
    after = {"grounds": designation.grounds, "reason": designation.reason}
    _saved(actor, designation, "grounds", {"before": before, "after": after})
    return designation


def attach_evidence(
    actor: Actor, code: str, ground: str, data: bytes, filename: str
) -> DesignationFile:
    """Attach evidence of one ground that is named."""
    designation = _draft(actor, code)
    if ground not in designation.grounds:
        raise NotFound
    attached = [f for f in designation.files if f.ground == ground and f.removed_at is None]
    if len(attached) >= MOST_FILES:
        raise Refused(_l("At most 20 files can be attached here. Remove one first."), "file")
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    file = DesignationFile(code=new_code(), ground=ground, file=stored)
    designation.files.append(file)
    detail = {"attached": stored.name, "sha256": stored.sha256}
    _saved(actor, designation, ground, detail)
    return file


def remove_evidence(actor: Actor, code: str, file_code: str) -> None:
    """Take a file off the evidence; it stays on record."""
    designation = _draft(actor, code)
    file = get_evidence(designation, file_code)
    file.removed_at = clock.now()
    _saved(actor, designation, file.ground, {"removed": file.file.name})


def add_designated_officer(
    actor: Actor, code: str, employer: str, values: Mapping[str, Any]
) -> DesignatedOfficer:
    """Name a person for a post."""
    designation = _draft(actor, code)
    require_room(designation.officers)
    officer = DesignatedOfficer(code=new_code())
    fill_officer(officer, employer, designation.institution, values)
    designation.officers.append(officer)
    _saved(actor, designation, "officers", {"added": officer.name})
    return officer


def edit_designated_officer(
    actor: Actor,
    code: str,
    officer_code: str,
    version: int,
    employer: str,
    values: Mapping[str, Any],
) -> DesignatedOfficer:
    """Change what is said about a person."""
    designation = _draft(actor, code)
    officer = get_designated(designation, officer_code)
    require_version(officer, version)
    fill_officer(officer, employer, designation.institution, values)
    _saved(actor, designation, "officers", {"edited": officer.name})
    return officer


def remove_designated_officer(actor: Actor, code: str, officer_code: str) -> None:
    """Take a person off the list."""
    designation = _draft(actor, code)
    officer = get_designated(designation, officer_code)
    designation.officers.remove(officer)
    _saved(actor, designation, "officers", {"removed": officer.name})
