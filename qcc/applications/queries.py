"""Reads about calls and applications, always within what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from qcc.applications.models import (
    Application,
    ApplicationFile,
    Call,
    Decision,
    EligibilityAnswerRow,
    ProposedOfficer,
    Remark,
    Submission,
)
from qcc.applications.permissions import application_is_visible_to, call_is_visible_to
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, OrganizationKind


def list_calls(actor: Actor, *, now: datetime, only_open: bool = False) -> Sequence[Call]:
    """The calls that the actor may see, those that close last first, with their centers."""
    found = sa.select(Call).where(call_is_visible_to(actor))
    if only_open:
        found = found.where(Call.opens_at <= now, Call.closes_at > now)
    return db.session.scalars(
        found.options(selectinload(Call.centers), joinedload(Call.issuer))
        .order_by(Call.closes_at.desc(), Call.id.desc())
        .limit(200)
    ).all()


def get_call(actor: Actor, call_id: int) -> Call:
    """One call that the actor may see; raises NotFound."""
    call = db.session.scalars(
        sa.select(Call)
        .where(Call.id == call_id, call_is_visible_to(actor))
        .options(joinedload(Call.issuer), joinedload(Call.reception), selectinload(Call.centers))
    ).one_or_none()
    if call is None:
        raise NotFound
    return call


def list_own_applications(actor: Actor, call_id: int) -> Sequence[Application]:
    """What the actor's institution has under way in a call."""
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == call_id,
            Application.institution_id == actor.organization_id,
            Application.state != ApplicationState.WITHDRAWN,
        )
        .order_by(Application.id)
    ).all()


def list_invitable(actor: Actor) -> list[tuple[int, str]]:
    """The institutions that a call of the actor's could name: id and name."""
    found = db.session.execute(
        sa.select(Organization.id, Organization.name)
        .where(
            Organization.kind == OrganizationKind.INSTITUTION,
            Organization.place.startswith(subtree_prefix(actor.place)),
        )
        .order_by(Organization.place, Organization.name)
    )
    return [(row.id, row.name) for row in found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is narrowed to."""

    state: ApplicationState | None = None
    center_id: int | None = None
    call_id: int | None = None
    search: str = ""


_institution = aliased(Organization)

_LISTED = (
    sa.select(
        Application.code,
        Application.number,
        Application.state,
        Application.submitted_at,
        Application.saved_at,
        Center.name.label("center"),
        _institution.name.label("institution"),
    )
    .join(Call, Call.id == Application.call_id)
    .join(Center, Center.id == Application.center_id)
    .join(_institution, _institution.id == Application.institution_id)
)


def _narrowed(statement: Any, actor: Actor, wanted: Wanted) -> Any:
    statement = statement.where(application_is_visible_to(actor))
    if wanted.state:
        statement = statement.where(Application.state == wanted.state)
    if wanted.center_id:
        statement = statement.where(Application.center_id == wanted.center_id)
    if wanted.call_id:
        statement = statement.where(Application.call_id == wanted.call_id)
    if wanted.search:
        text = wanted.search.lower()
        statement = statement.where(
            sa.or_(
                Center.search_text.contains(text, autoescape=True),
                _institution.search_text.contains(text, autoescape=True),
                sa.func.lower(Application.number).contains(text, autoescape=True),
            )
        )
    return statement


def list_applications(
    actor: Actor, wanted: Wanted | None = None, *, after: str = "", limit: int = 50
) -> Sequence[Any]:
    """A page of applications, newest first, those that come after the one with code *after*."""
    statement = _narrowed(_LISTED, actor, wanted or Wanted())
    if after:
        last = sa.select(Application.id).where(Application.code == after).scalar_subquery()
        statement = statement.where(Application.id < last)
    return db.session.execute(statement.order_by(Application.id.desc()).limit(limit)).all()


def count_applications(actor: Actor, wanted: Wanted | None = None) -> int:
    """How many applications the actor may see, narrowed."""
    statement = _narrowed(_LISTED.with_only_columns(sa.func.count()), actor, wanted or Wanted())
    return db.session.scalar(statement) or 0


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
        _one(actor, code).with_for_update(of=Application)
    ).one_or_none()
    if application is None:
        raise NotFound
    return application


def get_file(actor: Actor, code: str, file_code: str) -> ApplicationFile:
    """A file of an application, with its stored bytes' row; raises NotFound."""
    application = get_application(actor, code)
    file = db.session.scalars(
        sa.select(ApplicationFile)
        .filter_by(application_id=application.id, code=file_code)
        .options(joinedload(ApplicationFile.file))
    ).one_or_none()
    if file is None:
        raise NotFound
    return file


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


def list_remarks(application_id: int) -> Sequence[Remark]:
    """What was asked to be corrected, newest round first."""
    return db.session.scalars(
        sa.select(Remark)
        .filter_by(application_id=application_id)
        .order_by(Remark.round.desc(), Remark.id)
    ).all()


def list_submissions(application_id: int) -> Sequence[Submission]:
    """What was submitted, newest first."""
    return db.session.scalars(
        sa.select(Submission)
        .filter_by(application_id=application_id)
        .order_by(Submission.round.desc())
    ).all()


def find_decision(application_id: int) -> Decision | None:
    """What the commission decided, if it has."""
    return db.session.scalars(
        sa.select(Decision).filter_by(application_id=application_id)
    ).one_or_none()


def list_papers(application_id: int) -> Sequence[Paper]:
    """The papers of an application, newest first."""
    return db.session.scalars(
        sa.select(Paper)
        .filter_by(subject_type="application", subject_id=application_id)
        .options(joinedload(Paper.file))
        .order_by(Paper.id.desc())
    ).all()


def get_paper(actor: Actor, code: str, kind: str, round_: int) -> Paper:
    """A paper of an application that the actor may see; raises NotFound."""
    application = get_application(actor, code)
    for paper in list_papers(application.id):
        if (paper.kind, paper.round) == (kind, round_):
            return paper
    raise NotFound


def list_waiting(actor: Actor, states: Sequence[ApplicationState]) -> Sequence[Any]:
    """Applications in the states, the longest waiting first."""
    more = (
        Application.correct_by,
        Application.proposed_by,
        Call.closes_at,
        Call.issuer_id,
        Call.reception_id,
    )
    return db.session.execute(
        _LISTED.add_columns(*more)
        .where(application_is_visible_to(actor), Application.state.in_(states))
        .order_by(sa.func.coalesce(Application.submitted_at, Application.saved_at), Application.id)
        .limit(20)
    ).all()
