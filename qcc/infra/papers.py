"""Issued papers: rendered once by a job, stored with their hash, never rendered again.

Every paper carries a random code. Whoever holds the paper can look it up on a public page
(`qcc.infra.paper_pages`), which tells number, kind, date, issuer and hash.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from qcc.infra import audit, clock, files
from qcc.infra.codes import Code
from qcc.infra.db import ROW, Key, Model, db, one_of, transaction, unique_while
from qcc.infra.files import StoredFile
from qcc.infra.pdf import PdfError, render_pdf

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 3


class PaperState(StrEnum):
    """Asked for in the transaction of an act, then made by the job, or failed for good."""

    PENDING = "pending"
    ISSUED = "issued"
    FAILED = "failed"


class Paper(Model):
    """A paper about a subject: what it is rendered from is fixed when it is asked for.

    *title* says what kind of paper it is, as people call it; *issuer* is the name it is signed
    with. A numbered paper has its issuing organization, year and serial number besides.
    """

    __tablename__ = "papers"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_type", "subject_id", "round"),
        sa.UniqueConstraint("issuer_id", "year", "serial"),
        unique_while("uq_papers_number", "number", condition="number <> ''", table="papers"),
        sa.Index("ix_papers_state", "state", "id"),
        sa.Index("ix_papers_subject", "subject_type", "subject_id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject_type: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[PaperState] = mapped_column(
        one_of(PaperState, "state"), default=PaperState.PENDING
    )
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    code: Mapped[Code]
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    issuer: Mapped[str] = mapped_column(sa.String(120), default="")
    dated_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    issuer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    content: Mapped[dict[str, Any]]
    rulebook_version: Mapped[str] = mapped_column(sa.String(60), default="")
    asked_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(200), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship()
    scans: Mapped[list["PaperScan"]] = relationship(
        order_by="PaperScan.id.desc()", viewonly=True, lazy="selectin"
    )


class PaperScan(Model):
    """The scan of an issued paper with its seal. A newer one takes its place; all are kept."""

    __tablename__ = "paper_scans"

    id: Mapped[Key]
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("papers.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    added_by: Mapped[int]
    person_name: Mapped[str] = mapped_column(sa.String(60))
    organization_name: Mapped[str] = mapped_column(sa.String(120))

    file: Mapped[StoredFile] = relationship(lazy="joined")


Renderers = Mapping[str, Callable[[Mapping[str, Any]], str]]


def list_papers_of(subject_type: str, subject_id: int) -> Sequence[Paper]:
    """The papers about a subject, newest first; the caller has checked the scope."""
    return db.session.scalars(
        sa.select(Paper)
        .filter_by(subject_type=subject_type, subject_id=subject_id)
        .options(joinedload(Paper.file))
        .order_by(Paper.id.desc())
    ).all()


def verification_url(code: str) -> str:
    """The public page on which a paper is verified, as the paper spells it."""
    return f"{current_app.config['PUBLIC_URL']}/verify/{code}"


def proof_of(paper: Paper) -> dict[str, str]:
    """What a paper is rendered with besides its content: its number and where it is verified."""
    return {
        "paper_number": paper.number,
        "verification": paper.code,
        "verify_url": verification_url(paper.code),
    }


def find_verifiable(code: str) -> Paper | None:
    """The issued paper with that code."""
    return db.session.scalars(
        sa.select(Paper).filter_by(code=code, state=PaperState.ISSUED)
    ).one_or_none()


def issue_pending(html_of: Renderers, limit: int = 10) -> int:
    """Render papers that were asked for, oldest first; returns how many were issued.

    The rendering is outside the transaction that stores it. A paper that fails is tried again,
    three times in all; whatever goes wrong with one, the others are made.
    """
    asked = db.session.execute(
        sa.select(Paper)
        .where(Paper.state == PaperState.PENDING, Paper.kind.in_(list(html_of)))
        .order_by(Paper.id)
        .limit(limit)
    ).scalars()
    wanted = [(paper.id, printable(paper)) for paper in asked]
    db.session.rollback()
    return sum(_issue(paper_id, html_of, it) for paper_id, it in wanted)


@dataclass(frozen=True, slots=True)
class Printable:
    """What a paper is rendered from, apart from its row."""

    kind: str
    content: Mapping[str, Any]

    def render(self, html_of: Renderers) -> bytes:
        """The PDF; raises PdfError."""
        return render_pdf(html_of[self.kind](self.content))


def printable(paper: Paper) -> Printable:
    """What the paper is rendered from."""
    return Printable(paper.kind, {**paper.content, **proof_of(paper)})


def _issue(paper_id: int, html_of: Renderers, it: Printable) -> bool:
    try:
        data = it.render(html_of)
    except Exception as error:
        log.warning("paper %s was not rendered", paper_id, exc_info=not isinstance(error, PdfError))
        _note_failure(paper_id, type(error).__name__)
        return False
    with transaction():
        return issue(paper_id, data)


def issue(paper_id: int, data: bytes) -> bool:
    """Store what was rendered, unless another was faster; whether it was stored."""
    paper = _locked(paper_id)
    if paper.state is not PaperState.PENDING:
        return False
    paper.file = files.keep(data, paper.name, "pdf", paper.owner_id)
    paper.sha256, paper.issued_at = paper.file.sha256, clock.now()
    paper.state, paper.error = PaperState.ISSUED, ""
    detail = {
        "kind": paper.kind,
        "round": paper.round,
        "number": paper.number,
        "sha256": paper.sha256,
    }
    audit.record(None, "paper.issued", paper.subject_type, paper.subject_id, detail)
    return True


def _locked(paper_id: int) -> Paper:
    return db.session.get_one(Paper, paper_id, with_for_update=ROW, populate_existing=True)


def _note_failure(paper_id: int, error: str) -> None:
    with transaction():
        paper = _locked(paper_id)
        if paper.state is not PaperState.PENDING:
            return
        paper.attempts += 1
        paper.error = error
        if paper.attempts >= MOST_ATTEMPTS:
            paper.state = PaperState.FAILED
