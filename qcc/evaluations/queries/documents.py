"""Yearly documents: one of them, those of centers in a year, and what is wanting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from qcc.centers.models import Center, Hosting
from qcc.evaluations.models import AnnualDocument
from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.rules.documents import (
    Demand,
    DocumentKind,
    Handed,
    Standing,
    Term,
    owes,
    standing,
    tally,
)
from qcc.evaluations.workflow import HANDED_IN, DocumentState
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

D = AnnualDocument


def center_in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a center: the authorities of its place and above, and its own people."""
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    return Center.id == actor.center_id if actor.role in CENTER_ROLES else sa.false()


def demand_of(place: str, year: int, today: date) -> Demand | None:
    """What is due there at the end of a year, as the rulebook then in force says; None if none
    asks for anything."""
    try:
        book = rulebook_for(place, min(today, date(year, 12, 31)))
        due_on = date(year, book["annual.due_month"].number, book["annual.due_day"].number)
        kinds = tuple(DocumentKind(kind) for kind in book["annual.documents"].choices)
    except (NoRulebookInForce, KeyError):
        return None
    return Demand(due_on, kinds)


# --- one document ---


def _visible(actor: Actor) -> sa.Select[AnnualDocument]:
    """Authorities see what was handed in once, and read that; drafts are the center's own."""
    found = (
        sa.select(D).join(D.center).where(center_in_scope(actor)).options(contains_eager(D.center))
    )
    if actor.role in AUTHORITIES:
        found = found.where(D.state != DocumentState.DRAFT)
    return found


def get_document(actor: Actor, code: str) -> AnnualDocument:
    """A document with its sections; raises NotFound."""
    found = db.session.scalars(
        _visible(actor).where(D.code == code).options(selectinload(D.sections))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_document(actor: Actor, code: str) -> AnnualDocument:
    """The same, locked until the transaction ends and read anew."""
    found = db.session.scalars(
        _visible(actor)
        .where(D.code == code)
        .options(selectinload(D.sections))
        .with_for_update(of=D, **ROW)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_documents(actor: Actor, *states: DocumentState, limit: int = 50) -> Sequence[D]:
    """Documents in these states of the centers of exactly the actor's place, or of the own center;
    the longest waiting first."""
    found = _visible(actor).where(D.state.in_(states)).order_by(D.submitted_at, D.id)
    if actor.role in AUTHORITIES:
        found = found.where(Center.place == actor.place)
    return db.session.scalars(found.limit(limit)).all()


# --- the centers of a year ---


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A center that owes documents in a year: by kind how it stands, and what was handed in."""

    id: int
    name: str
    place: str
    due_on: date
    standings: Mapping[DocumentKind, Standing]
    documents: Mapping[DocumentKind, AnnualDocument]

    @property
    def is_wanting(self) -> bool:
        """Whether one of them is missing."""
        return Standing.MISSING in self.standings.values()


Centers = Sequence[tuple[int, str, str]]
"""Id, name and place of centers."""


def list_document_rows(
    actor: Actor,
    year: int,
    today: date,
    *,
    only_own_level: bool = False,
    only_wanting: bool = False,
    after: int = 0,
    limit: int = 0,
) -> list[DocumentRow]:
    """The centers in scope that owe documents at the end of a year, in three queries."""
    found = sa.select(Center.id, Center.name, Center.place).where(center_in_scope(actor))
    if only_own_level:
        found = found.where(Center.place == actor.place)
    centers = [(key, name, place) for key, name, place in db.session.execute(found)]
    rows = [
        row
        for row in rows_of(centers, year, today)
        if row.id > after and (row.is_wanting or not only_wanting)
    ]
    return rows[:limit] if limit else rows


def list_all_rows(year: int, today: date) -> list[DocumentRow]:
    """Every center that owes documents at the end of a year, for the clock."""
    found = db.session.execute(sa.select(Center.id, Center.name, Center.place))
    return rows_of([(key, name, place) for key, name, place in found], year, today)


def rows_of(centers: Centers, year: int, today: date) -> list[DocumentRow]:
    """Those of the centers that owe documents, by id. Two queries however many there are."""
    keys = [key for key, _name, _place in centers]
    terms, documents = _terms(keys, year), _documents(keys, year)
    demands = {place: demand_of(place, year, today) for place in {c[2] for c in centers}}
    found = []
    for key, name, place in sorted(centers):
        demand = demands[place]
        if demand is None or not owes(terms[key], demand.due_on, today):
            continue
        own = documents[key]
        standings = {
            kind: standing(_handed(own.get(kind)), demand.due_on, today) for kind in demand.kinds
        }
        found.append(DocumentRow(key, name, place, demand.due_on, standings, own))
    return found


def count_wanting(
    centers: Sequence[tuple[int, str]], year: int, today: date
) -> dict[int, tuple[int, int]]:
    """By center, told by its id and place: how many documents of the year are missing, how many
    came late."""
    rows = rows_of([(key, "", place) for key, place in centers], year, today)
    found = {key: (0, 0) for key, _place in centers}
    return found | {row.id: tally(row.standings.values()) for row in rows}


def _handed(document: AnnualDocument | None) -> Handed | None:
    if document is None or document.counted_on is None:
        return None
    is_in = document.state in HANDED_IN
    return Handed(document.counted_on, is_in, None if is_in else document.correct_by)


def _terms(keys: Sequence[int], year: int) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Hosting.center_id, Hosting.started_on, Hosting.ended_on).where(
            Hosting.center_id.in_(keys), Hosting.started_on <= date(year, 12, 31)
        )
    )
    for key, started_on, ended_on in rows:
        found[key].append(Term(started_on, ended_on))
    return found


def _documents(keys: Sequence[int], year: int) -> dict[int, dict[DocumentKind, AnnualDocument]]:
    found: dict[int, dict[DocumentKind, AnnualDocument]] = defaultdict(dict)
    rows = db.session.scalars(sa.select(D).where(D.center_id.in_(keys), D.year == year))
    for document in rows:
        found[document.center_id][document.kind] = document
    return found
