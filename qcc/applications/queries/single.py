"""Reads about one application, within what the actor may see."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.applications.models import (
    Application,
    ApplicationFile,
    Call,
    EligibilityAnswerRow,
    ProposedOfficer,
    Submission,
)
from qcc.applications.permissions import application_is_visible_to, is_applicant
from qcc.applications.sections import STAMPED
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor


def _one(actor: Actor, code: str) -> sa.Select[Application]:
    return (
        sa.select(Application)
        .join(Application.call)
        .where(Application.code == code, application_is_visible_to(actor))
    )


def get_application(actor: Actor, code: str) -> Application:
    """One application with its call, center and institution; raises NotFound."""
    application = db.session.scalars(
        _one(actor, code).options(
            contains_eager(Application.call).joinedload(Call.reception),
            joinedload(Application.center).joinedload(Center.specialty),
            joinedload(Application.institution),
        )
    ).one_or_none()
    if application is None:
        raise NotFound
    return application


def get_whole_application(actor: Actor, code: str) -> Application:
    """One application with all it carries, in a fixed number of queries; raises NotFound."""
    application = db.session.scalars(
        _one(actor, code).options(
            contains_eager(Application.call).joinedload(Call.reception),
            joinedload(Application.center).joinedload(Center.specialty),
            joinedload(Application.institution),
            selectinload(Application.sections),
            selectinload(Application.answers),
            selectinload(Application.officers).joinedload(ProposedOfficer.employer),
            selectinload(Application.files).joinedload(ApplicationFile.file),
        )
    ).one_or_none()
    if application is None:
        raise NotFound
    return application


def lock_application(actor: Actor, code: str) -> Application:
    """One application that the actor may see, locked until the transaction ends."""
    application = db.session.scalars(
        _one(actor, code).with_for_update(of=Application, key_share=True)
    ).one_or_none()
    if application is None:
        raise NotFound
    return application


def get_file(actor: Actor, code: str, file_code: str) -> ApplicationFile:
    """A file of an application, with its stored bytes' row; raises NotFound.

    The applicant opens every file; others the stamped form and what was ever submitted, also when
    it was removed later.
    """
    application = get_application(actor, code)
    file = db.session.scalars(
        sa.select(ApplicationFile)
        .filter_by(application_id=application.id, code=file_code)
        .options(joinedload(ApplicationFile.file))
    ).one_or_none()
    if file is None or not (is_applicant(actor, application) or _is_open_to_staff(file)):
        raise NotFound
    return file


def _is_open_to_staff(file: ApplicationFile) -> bool:
    """Whether it is the stamped form, or a submission has it (its code stands in the content)."""
    if file.part == STAMPED:
        return True
    named = sa.exists().where(
        Submission.application_id == file.application_id,
        Submission.content.contains(f'"code":"{file.code}"', autoescape=True),
    )
    return bool(db.session.scalar(sa.select(named)))


def get_officer(application: Application, code: str) -> ProposedOfficer:
    """A proposed officer of the application; raises NotFound."""
    for officer in application.officers:
        if officer.code == code:
            return officer
    raise NotFound


def get_answer(application: Application, item: str) -> EligibilityAnswerRow:
    """The answer to one condition; raises NotFound."""
    for answer in application.answers:
        if answer.item.value == item:
            return answer
    raise NotFound
