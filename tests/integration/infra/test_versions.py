"""Of many who edit one row at once exactly one wins each round; the others are told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import StaleDataError

from qcc.applications import services
from qcc.applications.models import Application, ReportSection
from qcc.infra.db import Editable, StaleEdit, db, require_version, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, Person
from qcc.organizations.services import edit_organization, edit_person
from tests.browsing import CarefulClient
from tests.crowds import at_once
from tests.factories.applications import do, draft, find, stage
from tests.factories.centers import sit_down
from tests.factories.organizations import (
    CITY,
    csrf_of,
    make_actor,
    make_organization,
    make_person,
    province,
)

pytestmark = pytest.mark.usefixtures("clock")
CROWD, ROUNDS = 50, 3


@dataclass
class Edited:
    """A row that many edit: its class and key, and how one of them does it."""

    kind: type[Any]
    key: int
    edit: Callable[[int, str], object]

    def version(self) -> int:
        db.session.rollback()
        return int(db.session.get_one(self.kind, self.key).version)


def _organization() -> Edited:
    actor = make_actor(Role.COMMISSION_OFFICER, province()[CITY])
    key = make_organization().id

    def edit(version: int, text: str) -> object:
        return edit_organization(actor, key, version, {"short_name": text})

    return Edited(Organization, key, edit)


def _person() -> Edited:
    actor = make_actor(Role.COMMISSION_OFFICER, province()[CITY])
    key = make_person(make_organization()).id

    def edit(version: int, text: str) -> object:
        return edit_person(actor, key, version, {"post": text})

    return Edited(Person, key, edit)


def _form() -> Edited:
    here = stage()
    code = draft(here)
    values = {"legal_representative": "", "is_national_center_host": None}

    def edit(version: int, text: str) -> object:
        return services.save_form(
            here.applicant,
            code,
            version,
            {**values, "is_national_center_lead": None, "reason": text},
        )

    return Edited(Application, find(code).id, edit)


def _section() -> Edited:
    here = stage()
    code = draft(here)

    def edit(version: int, text: str) -> object:
        return services.save_section(here.applicant, code, "hospital_profile", version, text)

    return Edited(ReportSection, find(code).sections[0].id, edit)


KINDS = {"organization": _organization, "person": _person, "form": _form, "section": _section}


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_one_wins_each_round(app: Flask, kind: str) -> None:
    edited = KINDS[kind]()
    for number in range(ROUNDS):
        version = edited.version()

        def attempt(who: int, number: int = number, version: int = version) -> str:
            text = f"{number}.{who}"
            do(lambda: edited.edit(version, text))
            return text

        outcomes = at_once(app, [lambda who=who: attempt(who) for who in range(CROWD)])  # type: ignore[misc]
        kinds = Counter(type(outcome).__name__ for outcome in outcomes)
        assert kinds == {"str": 1, "StaleEdit": CROWD - 1}
        assert edited.version() == version + 1
        (winner,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
        assert winner in _texts(edited)


def _texts(edited: Edited) -> list[object]:
    row = db.session.get_one(edited.kind, edited.key)
    return [getattr(row, column.key) for column in edited.kind.__table__.columns]


def test_every_row_that_people_edit_counts_its_versions() -> None:
    for mapper in db.Model.registry.mappers:
        if issubclass(mapper.class_, Editable):
            assert mapper.version_id_col is not None, mapper.class_


def test_without_a_lock_the_row_itself_refuses_the_second(app: Flask) -> None:
    """What a service that forgot its lock would meet."""
    province()
    key = make_organization().id

    def attempt() -> None:
        with transaction() as session:
            row = session.get_one(Organization, key)
            version = row.version
            session.execute(
                Organization.__table__.update()
                .where(Organization.id == key)
                .values(version=version + 1)
            )
            row.short_name = "迟到"

    with pytest.raises(StaleDataError):
        attempt()
    db.session.rollback()
    assert db.session.get_one(Organization, key).short_name == ""


def test_the_version_that_the_editor_saw_must_be_the_rows() -> None:
    row = Organization(version=3)
    require_version(row, 3)
    for version in (2, 4, 0, -1, 2**63):
        with pytest.raises(StaleEdit):
            require_version(row, version)


# --- through the browser ---


def _editor(app: Flask, actor: Actor) -> FlaskClient:
    return sit_down(CarefulClient(app), actor)


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(app: Flask) -> None:
    actor = make_actor(Role.COMMISSION_OFFICER, province()[CITY])
    person = make_person(make_organization())
    path, name, employer = f"/people/{person.id}/edit", person.name, person.employer.name
    first, second = _editor(app, actor), _editor(app, actor)
    shown = [client.get(path) for client in (first, second)]
    common = {"name": name, "employer": employer, "version": "1"}
    for client, page, post, status in (
        (first, shown[0], "先来", 302),
        (second, shown[1], "后到", 409),
    ):
        data = {**common, "csrf_token": csrf_of(page), "post": post}
        answer = client.post(path, data=data)
        assert answer.status_code == status
    assert "先来" in answer.text
    assert "后到" in answer.text
    assert db.session.get_one(Person, person.id, populate_existing=True).post == "先来"


@pytest.mark.parametrize("version", ["", "x", "-1", "999", "9" * 40, "1.5"])
def test_a_version_that_cannot_be_changes_nothing(app: Flask, version: str) -> None:
    actor = make_actor(Role.COMMISSION_OFFICER, province()[CITY])
    person = make_person(make_organization())
    path, name, employer = f"/people/{person.id}/edit", person.name, person.employer.name
    client = _editor(app, actor)
    data = {"name": name, "employer": employer, "post": "新", "version": version}
    answer = client.post(path, data={**data, "csrf_token": csrf_of(client.get(path))})
    assert answer.status_code in (409, 422)
    assert db.session.get_one(Person, person.id, populate_existing=True).post == ""
