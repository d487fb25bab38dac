"""Roles: three administrators apart (三员分立), and each role where it belongs."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from qcc.accounts.models import RoleAssignment, User
from qcc.accounts.queries import list_desks
from qcc.accounts.services import assign_role, end_role
from qcc.infra import clock as product_clock
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.kernel.permissions import ADMINISTRATORS, Role
from qcc.organizations.models import Organization, OrganizationKind, Person
from tests.factories.organizations import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PROVINCE,
    World,
    csrf_of,
    field_of,
    give_role,
    make_actor,
    make_organization,
    make_person,
    make_user,
    sign_in,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("clock")
A = sorted(ADMINISTRATORS)


def held(person_id: int) -> list[Role]:
    db.session.rollback()
    return [desk.role for desk in list_desks(person_id)]


def test_no_two_administrators_in_one_person_in_any_order(world: World) -> None:
    for first, second in permutations(A, 2):
        person = make_person(world[PROVINCE])
        with transaction():
            assign_role(None, person, first, world[PROVINCE])
        with pytest.raises(Refused), transaction():
            assign_role(None, person, second, world[PROVINCE])
        with pytest.raises(Refused), transaction():
            assign_role(None, person, second, world[CITY])
        assert held(person.id) == [first]


def test_no_administrator_has_a_business_role_in_any_order(world: World) -> None:
    for administrator in A:
        person = make_person(world[PROVINCE])
        with transaction():
            assign_role(None, person, administrator, world[PROVINCE])
        with pytest.raises(Refused), transaction():
            assign_role(None, person, Role.COMMISSION_OFFICER, world[PROVINCE])
        other = make_person(world[PROVINCE])
        with transaction():
            assign_role(None, other, Role.EXPERT, world[PROVINCE])
        with pytest.raises(Refused), transaction():
            assign_role(None, other, administrator, world[PROVINCE])


def test_after_one_ended_another_may_be_given(world: World) -> None:
    person = make_person(world[PROVINCE])
    with transaction():
        first = assign_role(None, person, Role.SYSTEM_ADMIN, world[PROVINCE])
    with transaction() as session:
        end_role(None, session.get_one(RoleAssignment, first.id))
    with transaction():
        assign_role(None, person, Role.AUDIT_ADMIN, world[PROVINCE])
    assert held(person.id) == [Role.AUDIT_ADMIN]


@pytest.mark.parametrize(
    "roles",
    [
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        (Role.AUDIT_ADMIN, Role.EXPERT),
        (Role.EXPERT, Role.EXPERT),
    ],
)
def test_of_two_at_once_one_wins(app: Flask, world: World, roles: tuple[Role, Role]) -> None:
    person_id, organization_id = make_person(world[PROVINCE]).id, world[PROVINCE].id

    def give(role: Role) -> bool:
        with app.app_context():
            try:
                with transaction() as session:
                    person = session.get_one(Person, person_id)
                    list_desks(person_id)
                    assign_role(None, person, role, session.get_one(Organization, organization_id))
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    db.session.remove()
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(give, roles * 4))
    assert sum(won) == 1
    assert len(held(person_id)) == 1


def test_the_database_itself_refuses_two_administrators(world: World) -> None:
    person = make_person(world[PROVINCE])

    def row(role: Role, organization: Organization) -> RoleAssignment:
        return RoleAssignment(
            person_id=person.id,
            role=role,
            organization_id=organization.id,
            started_on=product_clock.today(),
        )

    with pytest.raises(IntegrityError), transaction() as session:
        session.add_all(
            [row(Role.SYSTEM_ADMIN, world[PROVINCE]), row(Role.AUDIT_ADMIN, world[CITY])]
        )
    assert held(person.id) == []


FITTING = {
    OrganizationKind.COMMISSION: {
        Role.COMMISSION_OFFICER,
        Role.EXPERT,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    },
    OrganizationKind.EVALUATION_CENTER: {Role.EVALUATION_OFFICER, Role.EXPERT},
    OrganizationKind.INSTITUTION: {Role.INSTITUTION_OFFICER, Role.EXPERT},
}


def test_each_role_belongs_to_its_kind_of_organization(world: World) -> None:
    for kind, fitting in FITTING.items():
        organization = (
            world[PROVINCE]
            if kind is OrganizationKind.COMMISSION
            else make_organization(f"某{kind.value}", PROVINCE, kind)
        )
        for role in Role:
            person = make_person(organization)
            if role in fitting:
                with transaction():
                    assign_role(None, person, role, organization)
            else:  # a center's roles need a center besides
                with pytest.raises(Refused), transaction():
                    assign_role(None, person, role, organization)


# --- by the pages ---


@pytest.fixture
def admin(client: FlaskClient, world: World) -> User:
    return signed_in(client, Role.SECURITY_ADMIN, world[CITY])


def give(client: FlaskClient, user: User, role: str, organization: str) -> TestResponse:
    page = client.get(f"/users/{user.id}")
    assert page.status_code == 200
    data = {
        "csrf_token": csrf_of(page),
        "key": field_of(page, "key"),
        "role": role,
        "organization": organization,
    }
    return client.post(f"/users/{user.id}/roles", data=data)


def test_giving_and_ending_a_role(
    app: Flask, client: FlaskClient, admin: User, world: World
) -> None:
    hospital = make_organization("市第三医院", COUNTY)
    user, _password = make_user(None, hospital, "hospital")
    assert sign_in(app.test_client(), "hospital").status_code == 422
    assert give(client, user, "institution_officer", "市第三医院").status_code == 302
    browser = app.test_client()
    assert sign_in(browser, "hospital").status_code == 302
    desk = list_desks(user.person_id)[0]
    page = client.get(f"/users/{user.id}")
    url = f"/users/{user.id}/roles/{desk.id}/end"
    assert client.post(url, data={"csrf_token": csrf_of(page)}).status_code == 302
    assert browser.get("/desk").status_code == 302
    assert client.post(url, data={"csrf_token": csrf_of(page)}).status_code == 422
    events = db.session.scalars(
        sa.select(AuditEvent.event).where(
            AuditEvent.subject_type == "person", AuditEvent.user_id == admin.id
        )
    ).all()
    assert events == ["role.assigned", "role.ended"]


def test_a_double_click_gives_one_role(client: FlaskClient, admin: User, world: World) -> None:
    user, _password = make_user(None, world[COUNTY])
    page = client.get(f"/users/{user.id}")
    data = {
        "csrf_token": csrf_of(page),
        "key": field_of(page, "key"),
        "role": "commission_officer",
        "organization": world[COUNTY].name,
    }
    answers = [client.post(f"/users/{user.id}/roles", data=data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert held(user.person_id) == [Role.COMMISSION_OFFICER]


def test_what_is_refused_is_said_and_what_was_typed_stays(
    client: FlaskClient, admin: User, world: World
) -> None:
    user, _password = make_user(Role.EXPERT, world[COUNTY])
    client.set_cookie("qcc_language", "en")
    answer = give(client, user, "system_admin", world[COUNTY].name)
    assert answer.status_code == 422
    assert "holds no other role" in answer.get_data(as_text=True)
    assert f'value="{world[COUNTY].name}"' in answer.get_data(as_text=True)
    assert give(client, user, "institution_officer", world[COUNTY].name).status_code == 422
    assert give(client, user, "center_director", world[COUNTY].name).status_code == 422
    assert give(client, user, "", world[COUNTY].name).status_code == 422
    assert give(client, user, "commission_officer", "没有这个机构").status_code == 422
    assert held(user.person_id) == [Role.EXPERT]


def test_no_role_at_an_organization_outside(client: FlaskClient, admin: User, world: World) -> None:
    user, _password = make_user(None, world[COUNTY])
    for place in (PROVINCE, OTHER_CITY):
        assert give(client, user, "commission_officer", world[place].name).status_code == 422
    outside, _password = make_user(Role.EXPERT, world[OTHER_CITY])
    assert client.get(f"/users/{outside.id}").status_code == 404
    token = csrf_of(client.get("/desk"))
    data = {"csrf_token": token, "key": "k", "role": "expert", "organization": world[CITY].name}
    assert client.post(f"/users/{outside.id}/roles", data=data).status_code == 404
    assert held(user.person_id) == []


def test_only_roles_within_the_jurisdiction_are_ended(
    client: FlaskClient, admin: User, world: World
) -> None:
    user, _password = make_user(Role.EXPERT, world[COUNTY])
    above = give_role(user, Role.COMMISSION_OFFICER, world[PROVINCE])
    other, _password = make_user(Role.EXPERT, world[COUNTY])
    own = list_desks(user.person_id)[0].id
    data = {"csrf_token": csrf_of(client.get("/desk"))}
    assert client.post(f"/users/{user.id}/roles/{above}/end", data=data).status_code == 404
    assert client.post(f"/users/{other.id}/roles/{own}/end", data=data).status_code == 404
    assert client.post(f"/users/{user.id}/roles/{own}/end", data=data).status_code == 302
    assert held(user.person_id) == [Role.COMMISSION_OFFICER]


def test_nobody_ends_the_role_in_which_they_act(
    client: FlaskClient, admin: User, world: World
) -> None:
    desk = list_desks(admin.person_id)[0].id
    data = {"csrf_token": csrf_of(client.get("/desk"))}
    assert client.post(f"/users/{admin.id}/roles/{desk}/end", data=data).status_code == 422
    assert held(admin.person_id) == [Role.SECURITY_ADMIN]


def test_without_the_token_of_a_form_nothing_is_done(
    client: FlaskClient, admin: User, world: World
) -> None:
    user, _password = make_user(Role.EXPERT, world[COUNTY])
    desk = list_desks(user.person_id)[0].id
    for url in (f"/users/{user.id}/roles", f"/users/{user.id}/roles/{desk}/end"):
        assert client.post(url, data={"role": "expert"}).status_code == 400
    assert held(user.person_id) == [Role.EXPERT]


# --- who sees what ---

SEEN = {
    Role.SYSTEM_ADMIN: {"/users", "/users/invite", "/organizations", "/people"},
    Role.SECURITY_ADMIN: {"/users"},
    Role.AUDIT_ADMIN: {"/audit"},
    Role.COMMISSION_OFFICER: {"/organizations", "/people", "/incidents"},
    Role.EXPERT: set(),
}
PAGES = ("/users", "/users/invite", "/audit", "/organizations", "/people", "/incidents")


def test_each_sees_what_is_theirs(client: FlaskClient, world: World) -> None:
    for role, theirs in SEEN.items():
        signed_in(client, role, world[PROVINCE])
        answers = {page: client.get(page).status_code for page in PAGES}
        assert {page for page, code in answers.items() if code == 200} == theirs
        assert set(answers.values()) <= {200, 403}


def test_buttons_are_drawn_only_for_who_may(client: FlaskClient, world: World) -> None:
    user, _password = make_user(Role.COMMISSION_OFFICER, world[COUNTY])
    signed_in(client, Role.SYSTEM_ADMIN, world[PROVINCE])
    text = client.get(f"/users/{user.id}").get_data(as_text=True)
    assert f"/users/{user.id}/link" in text
    assert "/roles" not in text
    assert "/sessions/end" not in text
    signed_in(client, Role.SECURITY_ADMIN, world[PROVINCE])
    text = client.get(f"/users/{user.id}").get_data(as_text=True)
    assert f"/users/{user.id}/link" not in text
    assert f"/users/{user.id}/roles" in text


def test_the_list_of_users(client: FlaskClient, world: World) -> None:
    signed_in(client, Role.SECURITY_ADMIN, world[CITY])
    inside, _password = make_user(Role.COMMISSION_OFFICER, world[COUNTY], "in-county")
    make_user(Role.COMMISSION_OFFICER, world[OTHER_CITY], "other-city")
    guest, _password = make_user(Role.EXPERT, world[OTHER_CITY], "guest")
    give_role(guest, Role.EXPERT, world[CITY])
    text = client.get("/users").get_data(as_text=True)
    assert "in-county" in text
    assert "guest" in text
    assert "other-city" not in text
    assert "guest" not in client.get("/users?q=in-c").get_data(as_text=True)
    assert "in-county" not in client.get("/users?q=%25").get_data(as_text=True)
    assert "in-county" not in client.get("/users?state=disabled").get_data(as_text=True)
    for odd in ("after=x", "after=-1", "after=99999999999999999999", "state=nothing", "q=%01"):
        assert client.get(f"/users?{odd}").status_code == 200
    make_actor(Role.EXPERT, world[PROVINCE])
    assert inside.username == "in-county"


def test_people_are_listed_by_pages_with_the_same_number_of_queries(
    app: Flask, client: FlaskClient, world: World
) -> None:
    signed_in(client, Role.SECURITY_ADMIN, world[PROVINCE])

    def queries(url: str) -> int:
        counted: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.append(statement)

        client.get(url)
        sa.event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(url).status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(counted)

    few = queries("/users")
    with transaction():
        for number in range(120):
            add_row(number, world[COUNTY].id)
    assert queries("/users") == few
    text = client.get("/users").get_data(as_text=True)
    assert text.count("<tr>") == 51
    assert "after=" in text


def add_row(number: int, organization_id: int) -> None:
    """One of many, without the cost of a password."""
    person = Person(name=f"群众{number}", employer_id=organization_id, search_text="qz")
    db.session.add(person)
    db.session.flush()
    user = User(person_id=person.id, username=f"many-{number}", created_at=product_clock.now())
    desk = RoleAssignment(
        person_id=person.id,
        role=Role.EXPERT,
        organization_id=organization_id,
        started_on=product_clock.today(),
    )
    db.session.add_all([user, desk])
