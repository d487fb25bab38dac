"""People and the register of incidents."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.infra import clock as product_clock
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import MajorIncident, Organization, Person, Sex
from qcc.organizations.queries import get_person, list_incident_dates, list_incidents, list_people
from qcc.organizations.services import (
    add_person,
    edit_person,
    find_or_add_person,
    register_incident,
    withdraw_incident,
)
from tests.factories.organizations import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PROVINCE,
    World,
    csrf_of,
    make_actor,
    make_organization,
    make_person,
    signed_in,
)
from tests.integration.organizations.test_organizations import send

pytestmark = pytest.mark.usefixtures("clock")
TODAY = date(2026, 3, 2)


@pytest.fixture
def officer(world: World) -> Actor:
    return make_actor(Role.COMMISSION_OFFICER, world[CITY])


@pytest.fixture
def hospital(world: World) -> Organization:
    return make_organization("市第三医院", COUNTY)


@pytest.fixture
def visitor(client: FlaskClient, world: World) -> FlaskClient:
    client.set_cookie("qcc_language", "en")
    signed_in(client, Role.COMMISSION_OFFICER, world[CITY])
    return client


def test_the_birth_date_is_possible(officer: Actor, hospital: Organization) -> None:
    assert product_clock.today() == TODAY

    def born(on: date) -> None:
        values = {"name": "张三", "employer_id": hospital.id, "birth_date": on}
        with transaction():
            add_person(officer, values)

    born(date(1900, 1, 1))
    born(TODAY - timedelta(days=1))
    for wrong in (date(1899, 12, 31), TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            born(wrong)
        assert refused.value.field == "birth_date"


def test_people_belong_to_the_jurisdiction_of_their_employer(
    officer: Actor, world: World, hospital: Organization
) -> None:
    inside = make_person(hospital, "李四光")
    outside = make_person(world[OTHER_CITY], "王五")
    above = make_person(world[PROVINCE], "赵六")
    assert [p.name for p in list_people(officer, search="lsg")] == ["李四光"]
    assert list_people(officer, search="王五") == list_people(officer, search="赵六") == []
    for person in (outside, above):
        with pytest.raises(NotFound):
            get_person(officer, person.id)
        with pytest.raises(NotFound), transaction():
            edit_person(officer, person.id, 1, {"name": "x"})
    values = {"name": "某", "employer_id": world[OTHER_CITY].id}
    with pytest.raises(Refused) as refused, transaction():
        add_person(officer, values)
    assert refused.value.field == "employer"
    with pytest.raises(Refused), transaction():
        edit_person(officer, inside.id, 1, {"employer_id": world[OTHER_CITY].id})


def test_officers_of_centers_may_come_from_anywhere(officer: Actor, world: World) -> None:
    values = {"name": "王五", "employer_id": world[OTHER_CITY].id}
    with transaction():
        first = find_or_add_person(officer, values)
    with transaction():
        assert find_or_add_person(officer, values).id == first.id


def test_of_two_editors_the_second_is_told(officer: Actor, hospital: Organization) -> None:
    person = make_person(hospital, "李四光")
    with transaction():
        edit_person(officer, person.id, 1, {"post": "副院长"})
    with pytest.raises(StaleEdit), transaction():
        edit_person(officer, person.id, 1, {"post": "院长"})


def test_registering_and_editing_by_the_pages(visitor: FlaskClient, hospital: Organization) -> None:
    page = visitor.get(f"/people/new?employer={hospital.id}")
    assert 'value="市第三医院"' in page.get_data(as_text=True)
    values = {
        "name": "李四光",
        "employer": "市第三医院",
        "sex": "male",
        "birth_date": "1975-03-01",
        "title": "主任医师",
        "email": "li@example.org",
    }
    answer = send(visitor, "/people/new", page, **values)
    assert answer.status_code == 302
    person = db.session.scalars(sa.select(Person).filter_by(name="李四光")).one()
    assert (person.sex, person.birth_date) == (Sex.MALE, date(1975, 3, 1))
    assert "1975-03-01" in visitor.get(answer.location).get_data(as_text=True)
    url = f"/people/{person.id}/edit"
    assert send(visitor, url, **{**values, "post": "院长", "sex": ""}).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Person, person.id).post == "院长"
    events = db.session.scalars(sa.select(AuditEvent.event).filter_by(subject_id=str(person.id)))
    assert {"person.added", "person.edited"} <= set(events)


IMPOSSIBLE = (
    ("name", ""),
    ("employer", ""),
    ("employer", "没有这家"),
    ("birth_date", "2026-03-02"),
    ("birth_date", "1975-13-01"),
    ("email", "not an address"),
    ("email", "a@b.c, d@e.f"),
    ("sex", "other"),
    ("phone", "1" * 41),
)


def test_what_cannot_be_is_said_at_the_field(visitor: FlaskClient, hospital: Organization) -> None:
    for field, value in IMPOSSIBLE:
        values = {"name": "李四光", "employer": "市第三医院", field: value}
        answer = send(visitor, "/people/new", **values)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Person).filter_by(name="李四光")).all() == []


def test_a_conflict_shows_both_versions(
    visitor: FlaskClient, officer: Actor, hospital: Organization
) -> None:
    person = make_person(hospital, "李四光", sex=Sex.MALE)
    url = f"/people/{person.id}/edit"
    page = visitor.get(url)
    with transaction():
        edit_person(officer, person.id, 1, {"post": "副院长", "birth_date": date(1976, 3, 1)})
    mine = {"name": "李四光", "employer": "市第三医院", "sex": "female", "post": "院长"}
    answer = send(visitor, url, page, birth_date="1975-03-01", **mine)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for theirs, yours in (("副院长", "院长"), ("1976-03-01", "1975-03-01"), ("Male", "Female")):
        assert f'<td class="pre">{theirs}</td><td class="pre">{yours}</td>' in text
    assert send(visitor, url, answer, birth_date="1975-03-01", **mine).status_code == 302


# --- incidents ---


def register(actor: Actor, organization: Organization, on: date = TODAY, **more: str) -> int:
    values = {"specialty": "", "summary": "经鉴定……", **more}
    with transaction():
        made = register_incident(actor, organization.id, on, values["specialty"], values["summary"])
        return made.id


def test_an_incident_is_registered_and_withdrawn(officer: Actor, hospital: Organization) -> None:
    made = register(officer, hospital, date(2025, 1, 5))
    register(officer, hospital, date(2024, 1, 5), specialty="麻醉")
    assert list_incident_dates(hospital.id, "麻醉") == [date(2024, 1, 5), date(2025, 1, 5)]
    assert list_incident_dates(hospital.id, "护理") == [date(2025, 1, 5)]
    for reason, version in (("", 1), ("  ", 1)):
        with pytest.raises(Refused), transaction():
            withdraw_incident(officer, made, version, reason)
    with pytest.raises(StaleEdit), transaction():
        withdraw_incident(officer, made, 7, "登记有误")
    with transaction():
        withdraw_incident(officer, made, 1, "登记有误")
    assert list_incident_dates(hospital.id, "护理") == []
    assert len(list_incidents(officer)) == 2  # the record stays
    with pytest.raises(Refused), transaction():
        withdraw_incident(officer, made, 2, "再次")


def test_what_cannot_be_registered(officer: Actor, hospital: Organization, world: World) -> None:
    register(officer, hospital, TODAY)
    with pytest.raises(Refused):
        register(officer, hospital, TODAY + timedelta(days=1))
    with pytest.raises(Refused):
        register(officer, world[CITY])
    with pytest.raises(Refused):
        register(officer, hospital, summary=" ")
    outside = make_organization("外市医院", OTHER_CITY)
    with pytest.raises(NotFound):
        register(officer, outside)
    theirs = register(make_actor(Role.COMMISSION_OFFICER, world[OTHER_CITY]), outside)
    with pytest.raises(NotFound), transaction():
        withdraw_incident(officer, theirs, 1, "不归我管")
    assert len(list_incidents(officer)) == 1


def test_incidents_by_the_pages(visitor: FlaskClient, hospital: Organization) -> None:
    page = visitor.get(f"/incidents/new?organization={hospital.id}")
    assert 'value="市第三医院"' in page.get_data(as_text=True)
    values = {
        "organization": "市第三医院",
        "happened_on": "2025-06-01",
        "specialty": "麻醉",
        "summary": "经鉴定为一级医疗事故。",
    }
    for field, value in (
        ("happened_on", "2026-03-03"),
        ("organization", "没有这家"),
        ("specialty", "没有这个专业"),
        ("summary", ""),
    ):
        answer = send(visitor, "/incidents/new", **{**values, field: value})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)
    answers = [send(visitor, "/incidents/new", page, **values).status_code for _ in range(2)]
    assert answers == [302, 302]
    [made] = db.session.scalars(sa.select(MajorIncident)).all()
    url = f"/incidents/{made.id}/withdraw"
    assert send(visitor, url, reason="").status_code == 422
    assert send(visitor, url, reason="登记有误").status_code == 302
    text = visitor.get("/incidents").get_data(as_text=True)
    assert "Taken off the register" in text
    assert "经鉴定为一级医疗事故" in text
    assert "taken off already" in visitor.get(url).get_data(as_text=True)


def test_institutions_outside_are_not_told_from_unknown_ones(
    visitor: FlaskClient, world: World
) -> None:
    outside = make_organization("外市医院", OTHER_CITY)
    assert visitor.get(f"/incidents?organization={outside.id}").status_code == 404
    assert 'value="外市医院"' not in visitor.get(
        f"/incidents/new?organization={outside.id}"
    ).get_data(as_text=True)
    values = {"organization": "外市医院", "happened_on": "2025-06-01", "summary": "x"}
    answer = send(visitor, "/incidents/new", **values)
    assert answer.status_code == 422
    assert csrf_of(answer)
