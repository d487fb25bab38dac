"""Yearly documents (M.23): written by the center, submitted by its director (M.16), acknowledged or
returned by the commission or the evaluation center of the place."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from qcc.centers.queries import current_hosting, lock_center
from qcc.evaluations.models import AnnualDocument, DocumentSection
from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.queries.documents import lock_document, rows_of
from qcc.evaluations.rules.documents import (
    SECTIONS,
    DocumentKind,
    Section,
    counted_on,
    unwritten,
)
from qcc.evaluations.services.telling import OFFICES
from qcc.evaluations.workflow import DOCUMENT, WRITTEN, DocumentMoment, DocumentState
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.queries import find_commission, find_reception

texts(
    {
        "annual.submitted": _l("%(center)s has submitted its %(what)s."),
        "annual.acknowledged": _l("The %(what)s was acknowledged."),
        "annual.returned": _l("The %(what)s was returned; correct it until %(until)s. %(reason)s"),
    }
)

TITLES = {
    DocumentKind.SUMMARY: "{year}年度工作总结",
    DocumentKind.NEXT_PLAN: "{year}年度工作计划",
}


def title_of(document: AnnualDocument) -> str:
    """What the document is called, as on paper."""
    return TITLES[document.kind].format(year=document.about)


def link_of(document: AnnualDocument) -> str:
    """Where it is read."""
    return f"/annual/{document.code}"


def begin_document(actor: Actor, kind: DocumentKind, year: int) -> AnnualDocument:
    """The own center's document due at the end of a year; begun if there is none yet."""
    if actor.role not in CENTER_ROLES:
        raise NotFound
    center = lock_center(actor.center_id or 0)
    rows = rows_of([(center.id, center.name, center.place)], year, clock.today())
    if not rows or kind not in rows[0].standings or year > clock.today().year:
        raise Refused(_l("The center does not owe this document."))
    found = rows[0].documents.get(kind)
    if found is not None:
        return found
    document = AnnualDocument(
        center_id=center.id,
        kind=kind,
        year=year,
        state=DocumentState.DRAFT,
        submitted={},
        created_at=clock.now(),
    )
    db.session.add(document)
    db.session.flush()
    begin(DOCUMENT, document, "begin", actor)
    return document


def find_part(document: AnnualDocument, name: str) -> Section:
    """A section that the kind of document has; raises NotFound."""
    found = next((part for part in SECTIONS[document.kind] if part.name == name), None)
    if found is None:
        raise NotFound
    return found


def _lock_own(actor: Actor, code: str) -> AnnualDocument:
    document = lock_document(actor, code)
    if actor.role not in CENTER_ROLES:
        raise NotFound
    return document


def save_section(
    actor: Actor, code: str, name: str, version: int, content: Mapping[str, Any]
) -> DocumentSection:
    """Save what was typed; *version* 0 is a section that nobody has written. Of two writers the
    second is told (StaleEdit)."""
    document = _lock_own(actor, code)
    part = find_part(document, name)
    if document.state not in WRITTEN:
        raise Refused(_l("The document was submitted and cannot be changed now."))
    section = db.session.scalars(
        sa.select(DocumentSection)
        .filter_by(document_id=document.id, name=part.name)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if section is None:
        section = DocumentSection(document_id=document.id, name=part.name)
        db.session.add(section)
    else:
        require_version(section, version)
    section.content, section.saved_at = dict(content), clock.now()
    db.session.flush()
    detail = {"section": name, "version": section.version}
    audit.record(actor, "annual_document.saved", "annual_document", document.id, detail)
    return section


def submit_document(actor: Actor, code: str, version: int) -> AnnualDocument:
    """The director answers for the document and hands it in; it counts for the day on which that
    is done."""
    document = _lock_own(actor, code)
    contents, today = document.written, clock.today()
    facts = DocumentMoment(unwritten=len(unwritten(document.kind, contents)))
    DOCUMENT.require("submit", document.state, facts)
    require_version(document, version)
    document.counted_on = counted_on(document.counted_on, document.correct_by, today)
    document.submitted, document.submitted_at = contents, clock.now()
    detail = {"sha256": digest_of(contents), "counted_on": document.counted_on}
    take(DOCUMENT, document, "submit", actor, facts=facts, detail=detail)
    _tell_receivers(document)
    return document


def digest_of(contents: Mapping[str, Any]) -> str:
    """By which it is told whether two submissions are the same."""
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _lock_received(actor: Actor, code: str) -> AnnualDocument:
    """A document that was handed in to the actor's own place; raises NotFound."""
    document = lock_document(actor, code)
    if actor.role not in AUTHORITIES or document.center.place != actor.place:
        raise NotFound
    return document


def acknowledge_document(actor: Actor, code: str, version: int) -> AnnualDocument:
    """The document is received."""
    document = _lock_received(actor, code)
    take(DOCUMENT, document, "acknowledge", actor, version=version)
    tell_center_of(document, "annual.acknowledged")
    return document


def return_document(
    actor: Actor, code: str, version: int, reason: str, correct_by: date
) -> AnnualDocument:
    """The document goes back, with the reason and the day until which it is to be corrected."""
    document = _lock_received(actor, code)
    DOCUMENT.find("return", document.state)
    require_version(document, version)
    document.correct_by = correct_by
    facts = DocumentMoment(lies_ahead=correct_by > clock.today())
    detail = {"correct_by": correct_by}
    take(DOCUMENT, document, "return", actor, facts=facts, reason=reason, detail=detail)
    tell_center_of(document, "annual.returned", until=correct_by.isoformat(), reason=reason.strip())
    return document


def tell_center_of(document: AnnualDocument, kind: str, **more: object) -> None:
    """To director and secretaries; a center without host has none."""
    hosting = current_hosting(document.center_id)
    if hosting is None:
        return
    values = {"what": title_of(document), **more}
    for role in OFFICES:
        notify(hosting.institution_id, role, kind, values, link_of(document), document.center_id)


def _tell_receivers(document: AnnualDocument) -> None:
    """To the commission of the place, and to its evaluation center if it has one."""
    values = {"center": document.center.name, "what": title_of(document)}
    commission = find_commission(document.center.place)
    reception = find_reception(document.center.place)
    for office, role in (
        (commission, Role.COMMISSION_OFFICER),
        (reception if reception != commission else None, Role.EVALUATION_OFFICER),
    ):
        if office is not None:
            notify(office.id, role, "annual.submitted", values, link_of(document))
