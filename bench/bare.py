"""Bare pages, written by hand over the same rows as the product's: what a framework costs beside.

Core on the same tables, the same columns, the same scope and paging, escaped text in a plain table:
no session, no layout, no template, no language. Served by gunicorn under the product's settings.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, request
from markupsafe import escape

import config
from qcc.applications.models import (
    Application,
    ApplicationFile,
    Call,
    Competition,
    Decision,
    EligibilityAnswerRow,
    Opinion,
    ProposedOfficer,
    Remark,
    ReportSection,
    Submission,
)
from qcc.centers.models import Center, Hosting
from qcc.infra.files import StoredFile
from qcc.infra.papers import Paper, PaperScan
from qcc.infra.transitions import TransitionRecord
from qcc.kernel.dates import SHANGHAI
from qcc.organizations.models import Jurisdiction, Organization

ROWS = 50
PROVINCE = "33%"

DIRECTORY = (
    sa.select(
        Center.id,
        Center.name,
        Center.kind,
        Center.state,
        sa.func.coalesce(sa.func.nullif(Organization.short_name, ""), Organization.name),
        Jurisdiction.full_name,
    )
    .join(Jurisdiction, Jurisdiction.code == Center.place)
    .outerjoin(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
    .outerjoin(Organization, Organization.id == Hosting.institution_id)
    .where(Center.place.like(PROVINCE), Center.id > sa.bindparam("after"))
    .order_by(Center.id)
    .limit(ROWS + 1)
)
DIRECTORY_COUNT = sa.select(sa.func.count()).select_from(Center).where(Center.place.like(PROVINCE))

_after = sa.select(Application.id).where(Application.code == sa.bindparam("after"))
LIST = (
    sa.select(
        Application.code,
        Application.number,
        Center.name,
        Organization.name,
        Application.submitted_at,
        Application.state,
    )
    .join(Call, Call.id == Application.call_id)
    .join(Center, Center.id == Application.center_id)
    .join(Organization, Organization.id == Application.institution_id)
    .where(Call.place.like(PROVINCE), Application.submitted_at.is_not(None))
    .order_by(Application.id.desc())
    .limit(ROWS + 1)
)
LIST_ON = LIST.where(Application.id < _after.scalar_subquery())
LIST_COUNT = (
    sa.select(sa.func.count())
    .select_from(Application)
    .join(Call, Call.id == Application.call_id)
    .where(Call.place.like(PROVINCE), Application.submitted_at.is_not(None))
)

ONE = (
    sa.select(
        Application.id,
        Application.state,
        Application.is_national_center_host,
        Application.is_national_center_lead,
        Application.rulebook_version,
        Center.place,
        Organization.grade,
        Application.sealed,
        Competition.code,
        Application.number,
        Application.submitted_at,
        Application.legal_representative,
        Application.reason,
        Center.name,
        Organization.name,
    )
    .join(Call, Call.id == Application.call_id)
    .join(Center, Center.id == Application.center_id)
    .join(Organization, Organization.id == Application.institution_id)
    .outerjoin(
        Competition,
        sa.and_(
            Competition.call_id == Application.call_id,
            Competition.center_id == Application.center_id,
        ),
    )
    .where(
        Application.code == sa.bindparam("code"),
        Call.place.like(PROVINCE),
        Application.submitted_at.is_not(None),
    )
)
OF = sa.bindparam("of")
DECISION = sa.select(Decision.approved, Decision.decided_at, Decision.reason).where(
    Decision.application_id == OF
)
OFFICERS = (
    sa.select(
        ProposedOfficer.post,
        ProposedOfficer.name,
        Organization.name,
        ProposedOfficer.job,
        ProposedOfficer.title,
        ProposedOfficer.host_position,
        ProposedOfficer.is_discipline_leader,
        ProposedOfficer.area_in_charge,
        ProposedOfficer.ability,
    )
    .outerjoin(Organization, Organization.id == ProposedOfficer.employer_id)
    .where(ProposedOfficer.application_id == OF)
    .order_by(ProposedOfficer.id)
)
ANSWERS = (
    sa.select(
        EligibilityAnswerRow.item,
        EligibilityAnswerRow.declared,
        EligibilityAnswerRow.confirmed,
        EligibilityAnswerRow.remark,
        EligibilityAnswerRow.statement,
    )
    .where(EligibilityAnswerRow.application_id == OF)
    .order_by(EligibilityAnswerRow.id)
)
SECTIONS = (
    sa.select(ReportSection.key, ReportSection.text)
    .where(ReportSection.application_id == OF)
    .order_by(ReportSection.id)
)
FILES = (
    sa.select(ApplicationFile.part, ApplicationFile.code, StoredFile.at, StoredFile.name)
    .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
    .where(ApplicationFile.application_id == OF, ApplicationFile.removed_at.is_(None))
    .order_by(ApplicationFile.id)
)
_SCAN = (
    sa.select(sa.func.max(PaperScan.id))
    .where(PaperScan.paper_id == Paper.id)
    .correlate(Paper)
    .scalar_subquery()
)
PAPERS = (
    sa.select(
        Paper.kind,
        _SCAN,
        Paper.round,
        Paper.name,
        Paper.state,
        Paper.sha256,
        Paper.code,
        Paper.number,
    )
    .where(Paper.subject_type == "application", Paper.subject_id == OF)
    .order_by(Paper.id.desc())
)
REMARKS = (
    sa.select(Remark.part, Remark.at, Remark.text)
    .where(Remark.application_id == OF)
    .order_by(Remark.round.desc(), Remark.id)
)
SUBMISSIONS = (
    sa.select(Submission.round, Submission.at)
    .where(Submission.application_id == OF)
    .order_by(Submission.round.desc())
)
_STEP = sa.select(
    TransitionRecord.action,
    TransitionRecord.at,
    TransitionRecord.organization_name,
    TransitionRecord.person_name,
    TransitionRecord.reason,
).order_by(TransitionRecord.id.desc())
STEPS = _STEP.where(TransitionRecord.workflow == "application", TransitionRecord.subject_id == OF)
OPINION_STEPS = _STEP.join(Opinion, Opinion.id == TransitionRecord.subject_id).where(
    TransitionRecord.workflow == "opinion", Opinion.application_id == OF
)

PARTS = (
    (DECISION, 0),
    (OFFICERS, 0),
    (ANSWERS, 0),
    (SECTIONS, 1),
    (FILES, 3),
    (PAPERS, 2),
    (SUBMISSIONS, 0),
    (REMARKS, 1),
    (STEPS, 1),
    (OPINION_STEPS, 1),
)
"""What one application carries, and how many of its columns are keys. Conditions (article 7) are
asked only of those who would host a center of the province."""


def shown(value: object, as_time: str = "%Y-%m-%d %H:%M") -> str:
    """A value as text in HTML; what the product says in its own words stands in <code>."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime(as_time)
    if type(value) is str:
        return escape(value)
    return f"<code>{value}</code>"


def table(rows: Iterable[Sequence[Any]], keys: int = 0) -> str:
    """Rows as a plain table; the first so many columns are keys."""
    lines = []
    for row in rows:
        first = [f"<td><code>{shown(value)}</code></td>" for value in row[:keys]]
        rest = [f"<td>{shown(value)}</td>" for value in row[keys:]]
        lines.append(f"<tr>{''.join(first)}{''.join(rest)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def linked(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of key, name and more as a table in which the name leads to the row's own page; lists
    show days."""
    lines = []
    for key, name, *more in rows:
        cells = "".join([f"<td>{shown(value, '%Y-%m-%d')}</td>" for value in more])
        link = f'<a href="{request.path}/{key}">{shown(name)}</a>'
        lines.append(f"<tr><td>{link}</td>{cells}</tr>")
    return f"<table>{''.join(lines)}</table>"


def document(title: str, *parts: str) -> str:
    """A whole document with nothing around."""
    return f"<!doctype html><meta charset=utf-8><title>{title}</title>{''.join(parts)}"


def directory(connection: sa.Connection) -> str:
    """The directory of centers, 50 rows a page, with the count of all."""
    after = request.args.get("after", 0, type=int)
    rows = connection.execute(DIRECTORY, {"after": after}).all()
    total = connection.scalar(DIRECTORY_COUNT)
    more = f"<a href='?after={rows[ROWS - 1][0]}'>more</a>" if len(rows) > ROWS else ""
    return document("Centers", f"<p>{total}</p>", linked(rows[:ROWS]), more)


def applications(connection: sa.Connection) -> str:
    """The applications, newest first, 50 rows a page, with the count of all."""
    after = request.args.get("after", "")
    rows = connection.execute(LIST_ON if after else LIST, {"after": after} if after else {}).all()
    total = connection.scalar(LIST_COUNT)
    more = f"<a href='?after={rows[ROWS - 1][0]}'>more</a>" if len(rows) > ROWS else ""
    return document("Applications", f"<p>{total}</p>", linked(rows[:ROWS]), more)


def application(connection: sa.Connection, code: str) -> str:
    """One application with everything it carries."""
    row = connection.execute(ONE, {"code": code}).one_or_none()
    if row is None:
        abort(404)
    parts = [part for part in PARTS if part[0] is not ANSWERS or row.place.endswith("0000")]
    found = [(connection.execute(query, {"of": row.id}), keys) for query, keys in parts]
    return document("Application", table([row[1:]], 8), *(table(*part) for part in found))


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The bare pages over the database that DATABASE_URL names."""
    settings = config.settings() if settings is None else settings
    engine = sa.create_engine(settings["SQLALCHEMY_DATABASE_URI"])
    app = Flask(__name__)
    app.extensions["engine"] = engine

    def serve(page: Callable[..., str]) -> Callable[..., str]:
        def view(**arguments: str) -> str:
            with engine.connect() as connection:
                return page(connection, **arguments)

        return view

    app.add_url_rule("/centers", "directory", serve(directory))
    app.add_url_rule("/applications", "applications", serve(applications))
    app.add_url_rule("/applications/<code>", "application", serve(application))
    return app
