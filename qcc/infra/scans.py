"""Who reads a paper, has one made again that failed, and lays the stamped scan beside it.

A feature says for each kind of subject who may read papers about it, and, where the issuer is not
an organization with numbers, who speaks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.infra import audit, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.papers import Paper, PaperScan, PaperState
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P

SCANS = frozenset({"pdf", "jpg", "png"})


def speaks_for_issuer(actor: Actor, paper: Paper) -> bool:
    """Whether the actor belongs to the organization that issued the paper under a number."""
    return paper.issuer_id is not None and paper.issuer_id == actor.organization_id


@dataclass(frozen=True, slots=True)
class PaperScope:
    """Whom papers about a kind of subject concern: who reads those about the subject of that id,
    and who may add the stamped scan."""

    may_read: Callable[[Actor, int], bool]
    may_seal: Callable[[Actor, Paper], bool] = speaks_for_issuer


_SCOPES: dict[str, PaperScope] = {}


def scope_papers(
    subject_type: str,
    may_read: Callable[[Actor, int], bool],
    may_seal: Callable[[Actor, Paper], bool] = speaks_for_issuer,
) -> None:
    """Register whom papers about *subject_type* concern; nobody reads papers about others here."""
    _SCOPES[subject_type] = PaperScope(may_read, may_seal)


def get_paper(actor: Actor, code: str, *, lock: bool = False) -> Paper:
    """A paper that the actor may read, made or not; raises NotFound."""
    found = sa.select(Paper).filter_by(code=code)
    if lock:
        found = found.with_for_update(of=Paper, key_share=True)
    paper = db.session.scalars(found.options(joinedload(Paper.file))).one_or_none()
    if paper is None or not _may_read(actor, paper):
        raise NotFound
    return paper


def get_issued_paper(actor: Actor, code: str, *, lock: bool = False) -> Paper:
    """An issued paper that the actor may read; raises NotFound."""
    paper = get_paper(actor, code, lock=lock)
    if paper.state is not PaperState.ISSUED:
        raise NotFound
    return paper


def _may_read(actor: Actor, paper: Paper) -> bool:
    scope = _SCOPES.get(paper.subject_type)
    return scope is not None and scope.may_read(actor, paper.subject_id)


def may_ask_again(actor: Actor, paper: Paper) -> bool:
    """Whether the actor may have a paper that failed made again: one with a number by its issuer,
    another by whoever deals with it."""
    is_theirs = paper.issuer_id in (None, actor.organization_id) and _may_read(actor, paper)
    return paper.state is PaperState.FAILED and actor.may(P.PAPER_SEAL) and is_theirs


def list_failed(actor: Actor) -> list[Paper]:
    """The papers that could not be made and that the actor may have made again, oldest first."""
    if not actor.may(P.PAPER_SEAL):
        return []
    is_theirs = sa.or_(Paper.issuer_id.is_(None), Paper.issuer_id == actor.organization_id)
    failed = sa.select(Paper).filter_by(state=PaperState.FAILED).where(is_theirs)
    failed = failed.order_by(Paper.id).limit(50)
    return [paper for paper in db.session.scalars(failed) if may_ask_again(actor, paper)]


def ask_again(actor: Actor, code: str) -> Paper:
    """Have a paper that failed made again, of the same content and under the same number."""
    paper = get_paper(actor, code, lock=True)
    if not may_ask_again(actor, paper):
        raise NotFound
    detail = {"kind": paper.kind, "round": paper.round, "number": paper.number}
    paper.state, paper.attempts = PaperState.PENDING, 0
    audit.record(actor, "paper.asked_again", paper.subject_type, paper.subject_id, detail)
    return paper


def may_seal(actor: Actor, paper: Paper) -> bool:
    """Whether the actor may add the stamped scan of the paper."""
    scope = _SCOPES.get(paper.subject_type)
    if paper.state is not PaperState.ISSUED or scope is None:
        return False
    return actor.may(P.PAPER_SEAL) and scope.may_seal(actor, paper)


def add_scan(actor: Actor, code: str, data: bytes, filename: str) -> PaperScan:
    """Keep the scan of the sealed paper beside exactly this issued paper; an earlier one stays."""
    paper = get_issued_paper(actor, code, lock=True)
    if not may_seal(actor, paper):
        raise NotFound
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    if stored.kind not in SCANS:
        raise Refused(_l("A stamped scan is a PDF, JPG or PNG file."), "file")
    replaced = paper.scans[0].file.sha256 if paper.scans else ""
    scan = PaperScan(
        paper_id=paper.id,
        file=stored,
        added_by=actor.user_id,
        person_name=actor.name,
        organization_name=actor.organization_name,
    )
    db.session.add(scan)
    db.session.flush()
    audit.record(
        actor,
        "paper.scan_added",
        paper.subject_type,
        paper.subject_id,
        {
            "kind": paper.kind,
            "round": paper.round,
            "number": paper.number,
            "paper": paper.sha256,
            "sha256": stored.sha256,
            "replaces": replaced,
        },
    )
    return scan


def get_scan(actor: Actor, code: str, scan_id: int) -> tuple[Paper, PaperScan]:
    """A scan of a paper that the actor may read, with the paper; raises NotFound."""
    paper = get_issued_paper(actor, code)
    scan = db.session.scalars(
        sa.select(PaperScan).filter_by(id=scan_id, paper_id=paper.id)
    ).one_or_none()
    if scan is None:
        raise NotFound
    return paper, scan
