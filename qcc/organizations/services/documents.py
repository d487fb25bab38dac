"""Issuing papers under a document number (发文字号), and the word that the numbers begin with."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.infra import audit, clock
from qcc.infra.constraints import refusing
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.locks import one_at_a_time
from qcc.infra.papers import Paper
from qcc.infra.registers import allot, document_number
from qcc.kernel.permissions import Actor
from qcc.kernel.places import NATION_CODE, parent_code
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import names_of_places, own_organization, word_holder
from qcc.organizations.rules import COMMISSION, EVALUATION_CENTER, LONGEST_WORD, document_words
from qcc.regulations.catalogs import province_abbreviations

TAKEN = {
    "uq_organizations_document_word": (
        _l("Another organization begins the numbers of its documents with this word."),
        "word",
    )
}


def issue_numbered(
    issuer: Organization,
    *,
    kind: str,
    title: str,
    name: str,
    subject: tuple[str, int],
    owner_id: int,
    content: Mapping[str, Any],
    rulebook_version: str = "",
    round_: int = 1,
    dated_on: date | None = None,
) -> Paper:
    """Ask for an official paper under the issuer's next document number; flushes, never commits.

    Call it in the transaction of the act that issues the paper, as the last thing of the act: the
    issuer's register of the year is locked until that transaction ends, and a rollback gives the
    number back. The scheduler's job makes the PDF from *content* within seconds, by the entry of
    *kind* in the feature's ``documents.HTML_OF``, which gets *content* with ``paper_number``,
    ``verification`` and ``verify_url`` added.

    *title* is the kind of paper in the words of officials (设置批准决定); the public page of
    verification shows it, so it names nobody. *name* is the file's name. *subject* is what the
    paper is about: a type that was registered with ``infra.scans.scope_papers`` (it says who may
    read the paper) and its id; (kind, subject, *round_*) is unique. *owner_id* is the organization
    for which the file counts. *dated_on* is the day of signing, today unless given; the number
    belongs to its year.
    """
    day = dated_on or clock.today()
    serial = allot(issuer.id, day.year)
    number = document_number(_word_of(issuer), day.year, serial)
    paper = Paper(
        kind=kind,
        subject_type=subject[0],
        subject_id=subject[1],
        round=round_,
        owner_id=owner_id,
        name=name,
        title=title,
        issuer=issuer.name,
        dated_on=day,
        number=number,
        issuer_id=issuer.id,
        year=day.year,
        serial=serial,
        content=dict(content),
        rulebook_version=rulebook_version,
        asked_at=clock.now(),
    )
    db.session.add(paper)
    db.session.flush()
    audit.record(None, "paper.numbered", *subject, {"kind": kind, "number": number})
    return paper


def _word_of(issuer: Organization) -> str:
    """The issuer's word; the first document fixes the usual one, past the row's version: nobody
    edits it there."""
    column = sa.select(Organization.document_word).where(Organization.id == issuer.id)
    word = db.session.scalar(column)
    if word is None:
        one_at_a_time("document words")
        word = db.session.scalar(column) or default_word(issuer)
        row = sa.update(Organization.__table__).where(Organization.id == issuer.id)  # type: ignore[arg-type]
        db.session.execute(row.values(document_word=word))
        db.session.expire(issuer, ["document_word"])
    return str(word)


def default_word(organization: Organization) -> str:
    """The usual word of an organization that has none, apart from those of all others."""
    for word in _candidates(organization):
        if word_holder(word, organization.id) is None:
            return word
    return f"医质{organization.id}"


def _candidates(organization: Organization) -> Iterator[str]:
    if organization.kind is OrganizationKind.INSTITUTION:
        yield from (name[:LONGEST_WORD] for name in (organization.short_name, organization.name))
        return
    office = EVALUATION_CENTER
    if organization.kind is OrganizationKind.COMMISSION:
        office = COMMISSION
    line: list[str] = []
    at: str | None = organization.place
    while at and at != NATION_CODE and not at.endswith("0000"):
        line.insert(0, at)
        at = parent_code(at)
    names = names_of_places(line)
    province = province_abbreviations()[at or NATION_CODE]
    for word in document_words(province, [names[code] for code in line], office):
        yield word[:LONGEST_WORD]


def set_document_word(actor: Actor, word: str) -> Organization:
    """Choose the word for the numbers that the actor's organization gives out from now on.

    The register goes on: a year's numbers have one series. Raises Refused if another organization
    has the word or ever issued under it, since two documents would bear one number.
    """
    organization = own_organization(actor)
    one_at_a_time("document words")
    before = organization.document_word
    if word == before:
        return organization
    if word_holder(word, organization.id):
        raise Refused(*TAKEN["uq_organizations_document_word"])
    with refusing(TAKEN):
        organization.document_word = word
    audit.record(
        actor,
        "organization.document_word_set",
        "organization",
        organization.id,
        {"before": before, "after": word},
    )
    return organization
