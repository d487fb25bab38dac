"""Organizations: registered, changed, found, each within the jurisdiction of who asks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import (
    find_commission,
    find_organization_by_name,
    find_reception,
    get_organization,
    list_organizations,
    list_parents_of,
)
from qcc.organizations.services import add_organization, edit_organization
from tests.factories.organizations import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PROVINCE,
    World,
    csrf_of,
    field_of,
    make_actor,
    make_organization,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("clock")
K = OrganizationKind
CODE, OTHER_CODE = "123301004701168451", "91330100123456789K"


@pytest.fixture
def officer(world: World) -> Actor:
    return make_actor(Role.COMMISSION_OFFICER, world[CITY])


def add(actor: Actor | None, name: str, place: str = CITY, **values: object) -> Organization:
    with transaction():
        return add_organization(actor, K.INSTITUTION, {"name": name, "place": place, **values})


def edit(actor: Actor, organization: Organization, **values: object) -> Organization:
    version = db.session.get_one(Organization, organization.id).version
    with transaction():
        return edit_organization(actor, organization.id, version, values)


def former(organization: Organization) -> list[str]:
    found = db.session.get_one(Organization, organization.id)
    return [old.name for old in found.former_names]


def test_what_is_registered(officer: Actor) -> None:
    made = add(officer, "杭州市第一人民医院", short_name="杭一", credit_code=CODE, grade="三级甲等")
    found = get_organization(officer, made.id)
    assert (found.credit_code, found.grade, found.version) == (CODE, "三级甲等", 1)
    event = db.session.scalars(sa.select(AuditEvent).filter_by(event="organization.added")).all()
    assert "杭州市第一人民医院" in event[-1].detail


def test_credit_codes_are_checked(officer: Actor) -> None:
    for wrong in ("1234", "12330100470116845L", "x" * 18, "113300000024823640"):
        with pytest.raises(Refused) as refused:
            add(officer, "甲", credit_code=wrong)
        assert refused.value.field == "credit_code"


def test_a_credit_code_is_one_organizations(officer: Actor) -> None:
    add(officer, "甲", credit_code=CODE)
    with pytest.raises(Refused) as refused:
        add(officer, "乙", credit_code=f" {CODE.lower()} ")
    assert refused.value.field == "credit_code"
    add(officer, "丙", credit_code=OTHER_CODE)
    add(officer, "丁", credit_code="")
    add(officer, "戊", credit_code="")  # none is not the same as none


def test_a_name_is_one_organizations_now_and_formerly(officer: Actor) -> None:
    first = add(officer, "甲医院", former_names=["甲卫生院"])
    for name, extra in (
        ("甲医院", []),
        ("甲卫生院", []),
        ("乙医院", ["甲医院"]),
        ("丙", ["甲卫生院"]),
    ):
        with pytest.raises(Refused) as refused:
            add(officer, name, former_names=extra)
        assert refused.value.field == ("former_names" if extra else "name")
    edit(officer, first, name="甲中心医院")
    assert former(first) == ["甲卫生院", "甲医院"]
    found = find_organization_by_name("甲医院")
    assert found is not None
    assert found.id == first.id


def test_going_back_to_a_former_name(officer: Actor) -> None:
    made = add(officer, "甲医院")
    edit(officer, made, name="乙医院")
    edit(officer, made, name="甲医院")
    assert former(made) == ["乙医院"]


def test_former_names_given_are_all_there_are(officer: Actor) -> None:
    made = add(officer, "甲医院", former_names=["一", "二"])
    edit(officer, made, former_names=["二", "三", "三", ""])
    assert former(made) == ["二", "三"]
    edit(officer, made, name="新医院", former_names=["三"])
    assert former(made) == ["三", "甲医院"]
    edit(officer, made, phone="1")
    assert former(made) == ["三", "甲医院"]


def test_grades_and_categories_are_those_of_the_catalog(officer: Actor) -> None:
    for field, value in (("grade", "三甲"), ("category", "百货")):
        with pytest.raises(Refused) as refused:
            add(officer, "甲", **{field: value})
        assert refused.value.field == field


def test_the_seat_lies_in_the_jurisdiction(officer: Actor) -> None:
    for place in (PROVINCE, OTHER_CITY):
        with pytest.raises(Refused) as refused:
            add(officer, "甲", place)
        assert refused.value.field == "place"
    made = add(officer, "甲", COUNTY)
    with pytest.raises(Refused):
        edit(officer, made, place=OTHER_CITY)


def test_nothing_outside_is_there(officer: Actor, world: World) -> None:
    for place in (PROVINCE, OTHER_CITY):
        with pytest.raises(NotFound):
            get_organization(officer, world[place].id)
        with pytest.raises(NotFound), transaction():
            edit_organization(officer, world[place].id, 1, {"phone": "1"})
    with pytest.raises(NotFound):
        get_organization(officer, 999999)
    assert {o.place for o in list_organizations(officer)} <= {CITY, COUNTY, "330105"}


def test_a_place_has_one_authority_of_a_kind(world: World) -> None:
    for kind in (K.COMMISSION, K.EVALUATION_CENTER):
        with transaction():
            if kind is K.EVALUATION_CENTER:
                add_organization(None, kind, {"name": "评价中心", "place": PROVINCE})
        with pytest.raises(Refused) as refused, transaction():
            add_organization(None, kind, {"name": f"第二{kind.value}", "place": PROVINCE})
        assert refused.value.field == "place"
    reception = find_reception(PROVINCE)
    assert reception is not None
    assert reception.name == "评价中心"
    assert find_reception(CITY) == find_commission(CITY)
    assert find_commission("330203") is not None
    assert find_commission("331100") is None


def test_no_organization_stands_above_itself(officer: Actor) -> None:
    top = add(officer, "甲")
    middle = add(officer, "乙", parent_id=top.id)
    low = add(officer, "丙", parent_id=middle.id)
    assert list_parents_of(low.id) == [low.id, middle.id, top.id]
    for parent in (top, middle, low):
        with pytest.raises(Refused) as refused:
            edit(officer, top, parent_id=parent.id)
        assert refused.value.field == "parent"
    edit(officer, low, parent_id=top.id)


def test_of_two_editors_the_second_is_told(app: Flask, officer: Actor) -> None:
    made = add(officer, "甲")
    edit(officer, made, phone="1")
    with pytest.raises(StaleEdit), transaction():
        edit_organization(officer, made.id, 1, {"phone": "2"})
    db.session.rollback()
    assert db.session.get_one(Organization, made.id).phone == "1"


def test_of_many_editors_at_once_one_wins(app: Flask, officer: Actor) -> None:
    organization_id = add(officer, "甲").id

    def work(phone: str) -> bool:
        with app.app_context():
            try:
                with transaction():
                    edit_organization(officer, organization_id, 1, {"phone": phone})
            except StaleEdit:
                return False
            finally:
                db.session.remove()
            return True

    db.session.remove()
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, "12345678")) == 1


def test_of_two_who_register_one_name_at_once_one_wins(app: Flask, officer: Actor) -> None:
    def work(number: int) -> bool:
        with app.app_context():
            try:
                add(officer, "甲")
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    db.session.remove()
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(12))) == 1


# --- finding ---


def test_search_by_name_pinyin_initials_former_name(officer: Actor) -> None:
    add(officer, "杭州市第一人民医院", short_name="杭一", former_names=["广济医院"])
    add(officer, "丽水路卫生院", COUNTY)

    def names(search: str) -> list[str]:
        return [o.name for o in list_organizations(officer, search=search)]

    for search in ("第一人民", "hangzhoushidiyi", "HZSDYRMYY", "杭一", "广济", "gjyy"):
        assert names(search) == ["杭州市第一人民医院"], search
    assert names("lishuilu") == ["丽水路卫生院"]
    assert names("100%") == names("_") == []


def test_pages_by_place_and_name_miss_and_repeat_nothing(officer: Actor) -> None:
    for number in range(25):
        add(officer, f"医院{number:02}", COUNTY if number % 2 else CITY)
    whole = [o.id for o in list_organizations(officer, limit=100)]
    paged: list[int] = []
    while some := list_organizations(officer, after=paged[-1] if paged else 0, limit=7):
        paged += [o.id for o in some]
    assert paged == whole
    assert len(whole) == 25 + 3
    places = [db.session.get_one(Organization, found).place for found in whole]
    assert places == sorted(places)
    assert [o.name for o in list_organizations(officer, place=COUNTY, kind=K.INSTITUTION)] == [
        f"医院{number:02}" for number in range(1, 25, 2)
    ]


# --- pages ---


@pytest.fixture
def visitor(client: FlaskClient, world: World) -> FlaskClient:
    client.set_cookie("qcc_language", "en")
    signed_in(client, Role.COMMISSION_OFFICER, world[CITY])
    return client


def send(
    client: FlaskClient, url: str, page: TestResponse | None = None, **values: object
) -> TestResponse:
    page = page or client.get(url)
    data = {"csrf_token": csrf_of(page)}
    for name in ("key", "version"):
        if f'name="{name}"' in page.get_data(as_text=True):
            data[name] = field_of(page, name)
    return client.post(url, data={**data, **values})


NEW = {"kind": "institution", "name": "市第三医院", "place": COUNTY, "grade": "三级甲等"}


def test_registering_by_the_page(visitor: FlaskClient) -> None:
    answer = send(visitor, "/organizations/new", **NEW)
    assert answer.status_code == 302
    text = visitor.get(answer.location).get_data(as_text=True)
    assert "市第三医院" in text
    assert "浙江省杭州市上城区" in text
    assert "市第三医院" in visitor.get("/organizations?q=sdsyy").get_data(as_text=True)


def test_a_double_click_registers_one(visitor: FlaskClient) -> None:
    page = visitor.get("/organizations/new")
    answers = [send(visitor, "/organizations/new", page, **NEW) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].location == answers[1].location


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(visitor: FlaskClient) -> None:
    answer = send(
        visitor,
        "/organizations/new",
        **{**NEW, "name": "", "credit_code": "123", "parent": "没有这家", "former_names": "旧名一"},
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="name-error"' in text
    assert 'id="parent-error"' in text
    assert 'value="123"' in text
    assert "旧名一" in text
    answer = send(visitor, "/organizations/new", **{**NEW, "credit_code": "123"})
    assert 'id="credit_code-error"' in answer.get_data(as_text=True)
    answer = send(visitor, "/organizations/new", **{**NEW, "place": OTHER_CITY})
    assert answer.status_code == 422
    answer = send(visitor, "/organizations/new", **{**NEW, "kind": "hotel"})
    assert answer.status_code == 422
    assert db.session.scalars(sa.select(Organization).filter_by(name="市第三医院")).all() == []


def test_fields_that_no_form_has_are_not_taken(visitor: FlaskClient) -> None:
    made = make_organization("甲", COUNTY)
    page = visitor.get(f"/organizations/{made.id}/edit")
    values = {"name": "甲", "place": COUNTY, "search_text": "x", "kind": "commission", "id": 1}
    assert send(visitor, f"/organizations/{made.id}/edit", page, **values).status_code == 302
    db.session.rollback()
    found = db.session.get_one(Organization, made.id)
    assert (found.kind, found.search_text) == (K.INSTITUTION, "甲 jia j")


def test_the_second_editor_sees_both_versions_and_overwrites_knowingly(
    visitor: FlaskClient, officer: Actor
) -> None:
    made = make_organization("甲医院", COUNTY, phone="111", grade="二级甲等")
    url = f"/organizations/{made.id}/edit"
    page = visitor.get(url)
    edit(officer, made, phone="222", grade="三级甲等")
    mine = {"name": "甲医院", "place": COUNTY, "phone": "333", "grade": "二级甲等"}
    answer = send(visitor, url, page, **mine)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else saved this" in text
    assert '<td class="pre">222</td><td class="pre">333</td>' in text
    assert '<td class="pre">三级甲等</td><td class="pre">二级甲等</td>' in text
    assert "Full name</th><td" not in text  # the same in both
    assert 'value="333"' in text
    db.session.rollback()
    assert db.session.get_one(Organization, made.id).phone == "222"
    assert send(visitor, url, answer, **mine).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Organization, made.id).phone == "333"


def test_without_a_version_nothing_is_written(visitor: FlaskClient) -> None:
    made = make_organization("甲医院", COUNTY)
    url = f"/organizations/{made.id}/edit"
    for version in ("", "x", None):
        data = {"csrf_token": csrf_of(visitor.get(url)), "name": "乙", "place": COUNTY}
        answer = visitor.post(url, data=data if version is None else {**data, "version": version})
        assert answer.status_code == 422


def test_pages_outside_the_jurisdiction_are_not_there(visitor: FlaskClient, world: World) -> None:
    for place in (PROVINCE, OTHER_CITY):
        for url in (f"/organizations/{world[place].id}", f"/organizations/{world[place].id}/edit"):
            assert visitor.get(url).status_code == 404
    assert visitor.get("/organizations/99999999").status_code == 404


def test_odd_addresses_are_answered(visitor: FlaskClient) -> None:
    for odd in (
        "after=x",
        "after=-5",
        "after=99999999999999999999999",
        "after=12345",
        "kind=hotel",
        "place=%27--",
        "grade=none",
        "q=" + "x" * 500,
        "q=%5C%25_",
    ):
        assert visitor.get(f"/organizations?{odd}").status_code == 200, odd


def test_names_are_suggested_within_the_jurisdiction(visitor: FlaskClient, world: World) -> None:
    make_organization("市第三医院", COUNTY)
    make_organization("别市第三医院", OTHER_CITY)
    text = visitor.get("/organizations/names?field=parent&parent=disan").get_data(as_text=True)
    assert 'value="市第三医院"' in text
    assert "别市" not in text
    assert visitor.get("/organizations/names?field=parent").get_data(as_text=True).strip() == ""


def test_the_list_asks_as_often_for_many_as_for_few(visitor: FlaskClient) -> None:
    def queries(url: str) -> int:
        counted: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.append(statement)

        visitor.get(url)
        sa.event.listen(db.engine, "before_cursor_execute", note)
        text = visitor.get(url).get_data(as_text=True)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        assert "<tbody>" in text
        return len(counted)

    few = queries("/organizations")
    with transaction() as session:
        session.add_all(
            Organization(kind=K.INSTITUTION, name=f"医院{n}", place=COUNTY, search_text="yy")
            for n in range(2000)
        )
    assert queries("/organizations") == few
    assert queries("/organizations?q=yy") == few
