"""The institution's work on an application, before it is submitted and when it is returned."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from qcc.applications.models import (
    Application,
    ApplicationFile,
    EligibilityAnswerRow,
    ProposedOfficer,
    ReportSection,
)
from qcc.applications.permissions import is_applicant
from qcc.applications.queries import get_answer, get_call, get_officer, lock_application
from qcc.applications.queries.calls import find_ending
from qcc.applications.sections import SECTIONS, STAMPED, EligibilityItem
from qcc.applications.services.officers import fill_officer, require_room
from qcc.applications.workflow import WITH_APPLICANT, ApplicationState
from qcc.centers.workflow import CenterState
from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor
from qcc.organizations.queries import own_organization

FORM_FIELDS = (
    "legal_representative",
    "is_national_center_host",
    "is_national_center_lead",
    "reason",
)
NOT_EDITABLE = _l("The application was submitted: it can no longer be edited.")
MOST_FILES = 20
SCANS = frozenset({"pdf", "jpg", "png"})


def start_application(actor: Actor, call_id: int, center_id: int) -> Application:
    """Begin a draft for one center of an open call; every part of it stands empty, filled with
    what the register knows. A second draft for the same is refused."""
    call = get_call(actor, call_id)
    moment = clock.now()
    if not call.opens_at <= moment < call.closes_at:
        raise Refused(_l("The call is not open."))
    center = next((center for center in call.centers if center.id == center_id), None)
    if center is None:
        raise NotFound
    if center.state is not CenterState.IN_CALL or find_ending(call_id, center_id):
        raise Refused(_l("This center does not look for a host any more."))
    institution = own_organization(actor)
    application = Application(
        code=new_code(),
        call=call,
        center=center,
        institution=institution,
        state=ApplicationState.DRAFT,
        legal_representative=institution.legal_representative,
        created_at=moment,
        saved_at=moment,
        sections=[ReportSection(key=section.key, saved_at=moment) for section in SECTIONS],
        answers=[EligibilityAnswerRow(item=item) for item in EligibilityItem],
    )
    db.session.add(application)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_applications_live"):
            raise
        raise Refused(_l("Your institution has an application for this center already.")) from None
    audit.record(
        actor,
        "application.started",
        "application",
        application.id,
        {"call": call_id, "center": center_id},
    )
    return application


def editable_application(actor: Actor, code: str) -> Application:
    """The actor's own application, locked, in a state in which the applicant may write."""
    application = lock_application(actor, code)
    if not is_applicant(actor, application):
        raise NotFound
    if application.state not in WITH_APPLICANT:
        raise Refused(NOT_EDITABLE)
    return application


def _touch(application: Application) -> None:
    """Note the time of the save, beside the version: that one counts changes of the form's cells,
    and who edits them is not to be stopped by a colleague who edits another part."""
    db.session.flush()
    db.session.execute(
        sa.update(Application).filter_by(id=application.id).values(saved_at=clock.now())
    )


def _saved(actor: Actor, application: Application, part: str, change: Mapping[str, Any]) -> None:
    """Note the time. Each save of a returned application is in the audit with old and new."""
    _touch(application)
    if application.state is ApplicationState.RETURNED:
        audit.record(
            actor, "application.edited", "application", application.id, {"part": part, **change}
        )


def save_form(actor: Actor, code: str, version: int, values: Mapping[str, Any]) -> Application:
    """Save the cells of the form that are not filled from elsewhere."""
    application = editable_application(actor, code)
    require_version(application, version)
    before = {field: getattr(application, field) for field in FORM_FIELDS}
    for field in FORM_FIELDS:
        setattr(application, field, values[field])
    after = {field: values[field] for field in FORM_FIELDS}
    _saved(actor, application, "form", {"before": before, "after": after})
    return application


def save_section(actor: Actor, code: str, key: str, version: int, text: str) -> ReportSection:
    """Save the text of a section of the feasibility report."""
    application = editable_application(actor, code)
    section = next((s for s in application.sections if s.key == key), None)
    if section is None:
        raise NotFound
    require_version(section, version)
    before, section.text, section.saved_at = section.text, text, clock.now()
    _saved(actor, application, key, {"before": before, "after": text})
    return section


def save_answer(
    actor: Actor, code: str, item: str, version: int, declared: bool, statement: str
) -> EligibilityAnswerRow:
    """Save what is declared for a condition. An earlier judgement of it falls away."""
    application = editable_application(actor, code)
    answer = get_answer(application, item)
    require_version(answer, version)
    before = {"declared": answer.declared, "statement": answer.statement}
    if (declared, statement) != (answer.declared, answer.statement):
        answer.confirmed, answer.remark = None, ""
    answer.declared, answer.statement = declared, statement
    after = {"declared": declared, "statement": statement}
    _saved(actor, application, item, {"before": before, "after": after})
    return answer


def add_officer(
    actor: Actor, code: str, employer: str, values: Mapping[str, Any]
) -> ProposedOfficer:
    """Propose a person for a post."""
    application = editable_application(actor, code)
    require_room(application.officers)
    officer = ProposedOfficer(code=new_code())
    fill_officer(officer, employer, own_organization(actor), values)
    application.officers.append(officer)
    _saved(actor, application, "officers", {"added": officer.name})
    return officer


def edit_officer(
    actor: Actor,
    code: str,
    officer_code: str,
    version: int,
    employer: str,
    values: Mapping[str, Any],
) -> ProposedOfficer:
    """Change what is said about a proposed person."""
    application = editable_application(actor, code)
    officer = get_officer(application, officer_code)
    require_version(officer, version)
    fill_officer(officer, employer, own_organization(actor), values)
    _saved(actor, application, "officers", {"edited": officer.name})
    return officer


def remove_officer(actor: Actor, code: str, officer_code: str) -> None:
    """Take a proposed person off the list."""
    application = editable_application(actor, code)
    officer = get_officer(application, officer_code)
    application.officers.remove(officer)
    _saved(actor, application, "officers", {"removed": officer.name})


def _parts() -> set[str]:
    return {STAMPED, *(s.key for s in SECTIONS), *(item.value for item in EligibilityItem)}


def attach_file(actor: Actor, code: str, part: str, data: bytes, filename: str) -> ApplicationFile:
    """Attach a file to a section, as evidence to a condition, or the scan of the stamped form
    (that one also after submission, until a decision)."""
    application = _stampable(actor, code) if part == STAMPED else editable_application(actor, code)
    if part not in _parts():
        raise NotFound
    attached = [f for f in application.files if f.part == part and f.removed_at is None]
    if len(attached) >= MOST_FILES:
        raise Refused(_l("At most 20 files can be attached here. Remove one first."), "file")
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    if part == STAMPED and stored.kind not in SCANS:
        raise Refused(_l("The stamped form is a scan: a PDF, JPG or PNG file."), "file")
    file = ApplicationFile(code=new_code(), part=part, file=stored)
    application.files.append(file)
    _unjudge(application, part)
    _touch(application)
    audit.record(
        actor,
        "application.file_attached",
        "application",
        application.id,
        {"part": part, "name": stored.name, "sha256": stored.sha256},
    )
    return file


def _stampable(actor: Actor, code: str) -> Application:
    application = lock_application(actor, code)
    if not is_applicant(actor, application):
        raise NotFound
    open_states = {ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ACCEPTED}
    if application.state not in open_states:
        raise Refused(_l("The stamped form is uploaded between submission and proposal."))
    return application


def remove_file(actor: Actor, code: str, file_code: str) -> str:
    """Take a file off the application; what was submitted before keeps it. Tells the part."""
    application = editable_application(actor, code)
    for file in application.files:
        if file.code == file_code and file.removed_at is None:
            file.removed_at = clock.now()
            _unjudge(application, file.part)
            _touch(application)
            audit.record(
                actor,
                "application.file_removed",
                "application",
                application.id,
                {"part": file.part, "name": file.file.name},
            )
            return file.part
    raise NotFound


def _unjudge(application: Application, part: str) -> None:
    """New evidence wants a new look: an earlier judgement of the condition falls away."""
    for answer in application.answers:
        if answer.item.value == part:
            answer.confirmed, answer.remark = None, ""
