"""Reads about people."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization, Person
from qcc.organizations.permissions import in_own_subtree


def people_visible_to(actor: Actor) -> sa.Select[Person]:
    """People whose employer is seated in the actor's jurisdiction, the employer joined."""
    return (
        sa.select(Person)
        .join(Person.employer)
        .where(in_own_subtree(actor, Organization.place))
        .options(contains_eager(Person.employer))
    )


def _filtered(actor: Actor, search: str, employer_id: int) -> sa.Select[Person]:
    found = people_visible_to(actor)
    if search:
        found = found.where(Person.search_text.contains(search.lower(), autoescape=True))
    if employer_id:
        found = found.where(Person.employer_id == employer_id)
    return found


def list_people(
    actor: Actor, *, search: str = "", employer_id: int = 0, after: int = 0, limit: int = 50
) -> Sequence[Person]:
    """A page of people whose employer is in the actor's jurisdiction, in the order of entry."""
    found = _filtered(actor, search, employer_id).where(Person.id > after)
    return db.session.scalars(found.order_by(Person.id).limit(limit)).all()


def count_people(actor: Actor, *, search: str = "", employer_id: int = 0) -> int:
    """How many people there are of that description."""
    return (
        db.session.scalar(
            _filtered(actor, search, employer_id).with_only_columns(
                sa.func.count(), maintain_column_froms=True
            )
        )
        or 0
    )


def get_person(actor: Actor, person_id: int, *, lock: bool = False) -> Person:
    """One person employed in the actor's jurisdiction; raises NotFound.

    *lock*: nobody else writes it until the transaction ends.
    """
    found = people_visible_to(actor).where(Person.id == person_id)
    if lock:
        found = found.with_for_update(of=Person, key_share=True).execution_options(
            populate_existing=True
        )
    person = db.session.scalars(found).one_or_none()
    if person is None:
        raise NotFound
    return person


def find_person(name: str, employer_id: int | None, birth_date: date | None) -> Person | None:
    """The one person of that name at that employer; those of one name are told apart by the birth
    date, where both have one."""
    namesakes = db.session.scalars(
        sa.select(Person).filter_by(name=name, employer_id=employer_id).order_by(Person.id)
    ).all()
    known = [p for p in namesakes if birth_date is None or p.birth_date in (None, birth_date)]
    return known[0] if len(known) == 1 else None


def list_names_of_people(person_ids: Sequence[int]) -> dict[int, str]:
    """Person → name; the caller knows that they may be named."""
    found = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in found}
