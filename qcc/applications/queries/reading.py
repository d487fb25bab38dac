"""One application as its page shows it: just the columns that are shown, of rows as they stand.

What is only read needs no objects that notice changes. Each statement is built once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

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
from qcc.applications.permissions import Scope, application_is_visible_to, scope_of
from qcc.applications.sections import EligibilityItem
from qcc.applications.workflow import APPLICATION, ApplicationState
from qcc.applications.workflow.opinion import OPINION
from qcc.centers.models import Center
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra.db import read
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.infra.papers import Paper, PaperScan, PaperState
from qcc.infra.transitions import TransitionRecord
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization

Rows = Sequence[Any]


class ReadCenter(NamedTuple):
    """The center applied for."""

    id: int
    name: str
    place: str


class ReadInstitution(NamedTuple):
    """The institution that applies."""

    id: int
    name: str
    grade: str


class ReadCall(NamedTuple):
    """The call, as far as it tells who does what."""

    id: int
    issuer_id: int
    reception_id: int


class ReadDecision(NamedTuple):
    """What the commission decided."""

    approved: bool
    decided_at: datetime
    reason: str


class ReadCompetition(NamedTuple):
    """The competition that the application takes part in."""

    code: str


@dataclass(frozen=True, slots=True)
class ReadApplication:
    """An application: its own cells, then what it belongs to."""

    id: int
    code: str
    state: ApplicationState
    number: str | None
    submitted_at: datetime | None
    rulebook_version: str
    legal_representative: str
    is_national_center_host: bool | None
    is_national_center_lead: bool | None
    reason: str
    sealed: bool
    call: ReadCall
    center: ReadCenter
    institution: ReadInstitution
    decision: ReadDecision | None
    competition: ReadCompetition | None

    @property
    def institution_id(self) -> int:
        return self.institution.id

    @property
    def center_id(self) -> int:
        return self.center.id


_application, _call = Application.__table__.c, Call.__table__.c
_center, _institution = Center.__table__.c, Organization.__table__.c
_decision, _competition = Decision.__table__.c, Competition.__table__.c

_CELLS = [cell.name for cell in fields(ReadApplication)][:11]
_PARTS = (
    slice(0, 11),
    slice(11, 14),
    slice(14, 17),
    slice(17, 20),
    slice(20, 23),
    slice(23, None),
)
_HEAD = (
    sa.select(
        *(_application[name] for name in _CELLS),
        *(_call[name] for name in ReadCall._fields),
        *(_center[name] for name in ReadCenter._fields),
        *(_institution[name] for name in ReadInstitution._fields),
        *(_decision[name] for name in ReadDecision._fields),
        *(_competition[name] for name in ReadCompetition._fields),
    )
    .select_from(Application.__table__)
    .join(Call.__table__, _call.id == _application.call_id)
    .join(Center.__table__, _center.id == _application.center_id)
    .join(Organization.__table__, _institution.id == _application.institution_id)
    .outerjoin(Decision.__table__, _decision.application_id == _application.id)
    .outerjoin(
        Competition.__table__,
        sa.and_(
            _competition.call_id == _application.call_id,
            _competition.center_id == _application.center_id,
        ),
    )
    .where(_application.code == sa.bindparam("code"))
)


@lru_cache(maxsize=256)
def _head(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    return _HEAD.where(application_is_visible_to(scope))


def read_application(actor: Actor, code: str) -> ReadApplication:
    """One application that the actor may see; raises NotFound."""
    row = read(_head(scope_of(actor)), code=code).one_or_none()
    if row is None:
        raise NotFound
    cells, call, center, institution, decision, competition = (row[part] for part in _PARTS)
    whole = ReadCall(*call), ReadCenter(*center), ReadInstitution(*institution)
    decided = None if decision[0] is None else ReadDecision(*decision)
    competing = None if competition[0] is None else ReadCompetition(*competition)
    return ReadApplication(*(*cells, *whole, decided, competing))


_OF: sa.BindParameter[int] = sa.bindparam("of")


class ReadOfficer(NamedTuple):
    """A proposed officer, with the name of the employer."""

    post: OfficerPost
    name: str
    job: str
    title: str
    host_position: HostPosition
    is_discipline_leader: bool
    area_in_charge: str
    ability: str
    employer_name: str | None


class ReadAnswer(NamedTuple):
    """What is declared for a condition, and what the check made of it."""

    item: EligibilityItem
    declared: bool
    confirmed: bool | None
    remark: str
    statement: str


class ReadFile(NamedTuple):
    """A file that is not removed."""

    part: str
    code: str
    name: str
    at: datetime


class ReadRemark(NamedTuple):
    """What was asked to be corrected at a part."""

    part: str
    text: str
    at: datetime


class ReadSubmission(NamedTuple):
    """A submission, without its content."""

    round: int
    at: datetime


class ReadPaper(NamedTuple):
    """A paper that was asked for; *scan* is the newest scan with the seal, 0 if there is none."""

    kind: str
    round: int
    name: str
    state: PaperState
    sha256: str
    code: str
    number: str
    scan: int


class ReadStep(NamedTuple):
    """A step of its life, or of the opinion on its refusal."""

    workflow: str
    action: str
    at: datetime
    organization_name: str
    person_name: str
    reason: str


class ReadSection(NamedTuple):
    """A section of the report."""

    key: str
    text: str


@dataclass(slots=True)
class Life:
    """What lies in the file of an application: files, officers, answers and sections as they were
    added; remarks, submissions, papers and steps, newest first."""

    files: list[ReadFile] = field(default_factory=list)
    remarks: list[ReadRemark] = field(default_factory=list)
    submissions: list[ReadSubmission] = field(default_factory=list)
    papers: list[ReadPaper] = field(default_factory=list)
    steps: list[ReadStep] = field(default_factory=list)
    officers: list[ReadOfficer] = field(default_factory=list)
    answers: list[ReadAnswer] = field(default_factory=list)
    sections: list[ReadSection] = field(default_factory=list)


_file, _stored = ApplicationFile.__table__.c, StoredFile.__table__.c
_remark, _submission = Remark.__table__.c, Submission.__table__.c
_section, _paper = ReportSection.__table__.c, Paper.__table__.c
_step, _opinion = TransitionRecord.__table__.c, Opinion.__table__.c
_NEWEST_SCAN = (
    sa.select(sa.func.coalesce(sa.func.max(PaperScan.id), 0))
    .where(PaperScan.paper_id == _paper.id)
    .correlate(Paper.__table__)
    .scalar_subquery()
    .label("scan")
)
_officer, _answer = ProposedOfficer.__table__.c, EligibilityAnswerRow.__table__.c
_NONE = sa.literal_column("''", sa.Text)
_NEVER = sa.null()
_ZERO = sa.literal_column("0", sa.Integer)


def _lying(kind: str, order: Any, at: Any, number: Any, *texts: Any) -> sa.Select[Any]:
    """Rows of one kind, as all kinds are asked for together: kind, order, moment, number and
    eight texts."""
    columns = (*(sa.cast(text, sa.Text) for text in texts), *(_NONE,) * (8 - len(texts)))
    return sa.select(sa.literal_column(f"'{kind}'", sa.Text), order, at, number, *columns)


_STEP = _lying(
    "step",
    -_step.id,
    _step.at,
    _ZERO,
    _step.workflow,
    _step.action,
    _step.organization_name,
    _step.person_name,
    _step.reason,
)
_LYING = (
    _lying("file", _file.id, _stored.at, _ZERO, _file.part, _file.code, _stored.name)
    .join(StoredFile.__table__, _stored.id == _file.file_id)
    .where(_file.application_id == _OF, _file.removed_at.is_(None)),
    _lying("remark", _remark.id, _remark.at, _remark.round, _remark.part, _remark.text).where(
        _remark.application_id == _OF
    ),
    _lying("submission", -_submission.round, _submission.at, _submission.round).where(
        _submission.application_id == _OF
    ),
    _lying(
        "paper",
        -_paper.id,
        _paper.asked_at,
        _paper.round,
        _paper.kind,
        _paper.name,
        _paper.state,
        _paper.sha256,
        _paper.code,
        _paper.number,
        _NEWEST_SCAN,
    ).where(_paper.subject_type == "application", _paper.subject_id == _OF),
    _STEP.where(_step.workflow == APPLICATION.name, _step.subject_id == _OF),
    _STEP.join(Opinion.__table__, _opinion.id == _step.subject_id).where(
        _step.workflow == OPINION.name, _opinion.application_id == _OF
    ),
)
_WRITTEN = (
    _lying(
        "officer",
        _officer.id,
        _NEVER,
        sa.cast(_officer.is_discipline_leader, sa.Integer),
        _officer.post,
        _officer.name,
        _officer.job,
        _officer.title,
        _officer.host_position,
        _officer.area_in_charge,
        _officer.ability,
        _institution.name,
    )
    .outerjoin(Organization.__table__, _institution.id == _officer.employer_id)
    .where(_officer.application_id == _OF),
    _lying(
        "answer",
        _answer.id,
        _NEVER,
        sa.cast(_answer.declared, sa.Integer),
        _answer.item,
        sa.cast(_answer.confirmed, sa.Integer),
        _answer.remark,
        _answer.statement,
    ).where(_answer.application_id == _OF),
    _lying("section", _section.id, _section.saved_at, _ZERO, _section.key, _section.text).where(
        _section.application_id == _OF
    ),
)
_LIFE = sa.union_all(*_LYING)
_LIFE_AND_CONTENT = sa.union_all(*_LYING, *_WRITTEN)
_by_order = itemgetter(1)


def read_life(application_id: int, *, with_content: bool) -> Life:
    """What lies in the file of the application, in one query; what is written in it only where
    that is shown."""
    life = Life()
    rows = read(_LIFE_AND_CONTENT if with_content else _LIFE, of=application_id).all()
    for kind, _order, at, number, a, b, c, d, e, f, g, h in sorted(rows, key=_by_order):
        match kind:
            case "file":
                life.files.append(ReadFile(a, b, c, at))
            case "remark":
                life.remarks.append(ReadRemark(a, b, at))
            case "submission":
                life.submissions.append(ReadSubmission(number, at))
            case "paper":
                life.papers.append(ReadPaper(a, number, b, PaperState(c), d, e, f, int(g)))
            case "step":
                life.steps.append(ReadStep(a, b, at, c, d, e))
            case "section":
                life.sections.append(ReadSection(a, b))
            case "officer":
                life.officers.append(
                    ReadOfficer(OfficerPost(a), b, c, d, HostPosition(e), bool(number), f, g, h)
                )
            case "answer":
                confirmed = None if b is None else b == "1"
                life.answers.append(ReadAnswer(EligibilityItem(a), bool(number), confirmed, c, d))
    return life


_PAPERS = (
    sa.select(
        _paper.kind,
        _paper.round,
        _paper.name,
        _paper.state,
        _paper.sha256,
        _paper.code,
        _paper.number,
        _NEWEST_SCAN,
    )
    .where(_paper.subject_type == "application", _paper.subject_id == _OF)
    .order_by(_paper.id.desc())
)
_LAST = (
    sa.select(_submission.content)
    .where(_submission.application_id == _OF)
    .order_by(_submission.round.desc())
    .limit(1)
)


def read_papers(application_id: int) -> Rows:
    """The papers alone, newest first."""
    return read(_PAPERS, of=application_id).all()


def read_last_submitted(application_id: int) -> str:
    """The content of the newest submission; empty without one."""
    return read(_LAST, of=application_id).scalar_one_or_none() or ""
