"""Reads about the numbered documents of an organization, and the words that begin their numbers."""

from collections.abc import Sequence

import sqlalchemy as sa

from qcc.infra.db import db
from qcc.infra.papers import Paper
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization


def list_documents(
    actor: Actor, *, year: int = 0, after: int = 0, limit: int = 51
) -> Sequence[Paper]:
    """The numbered documents that the actor's organization issued, the newest first."""
    found = sa.select(Paper).where(Paper.issuer_id == actor.organization_id)
    if year:
        found = found.where(Paper.year == year)
    if after:
        found = found.where(Paper.id < after)
    return db.session.scalars(found.order_by(Paper.id.desc()).limit(limit)).all()


def list_document_years(actor: Actor) -> Sequence[int]:
    """The years in which the actor's organization issued numbered documents, the newest first."""
    found = sa.select(Paper.year).where(
        Paper.issuer_id == actor.organization_id, Paper.year.is_not(None)
    )
    return [year for year in db.session.scalars(found.distinct()) if year]


def word_holder(word: str, apart_from: int) -> Organization | None:
    """Another organization that has the word, or once issued documents under it."""
    issued = sa.exists().where(
        Paper.issuer_id == Organization.id, Paper.number.startswith(f"{word}〔", autoescape=True)
    )
    return db.session.scalars(
        sa.select(Organization)
        .where(Organization.id != apart_from, sa.or_(Organization.document_word == word, issued))
        .order_by(Organization.id)
        .limit(1)
    ).one_or_none()
