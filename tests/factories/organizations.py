"""Places, organizations, people and users for tests, made by the product's own services; and a
browser that signs in through the real form."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from itertools import count

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.accounts import passwords
from qcc.accounts.models import User, UserState
from qcc.accounts.queries import list_desks
from qcc.accounts.services import activate, assign_role, invite_user
from qcc.accounts.sessions import start_session
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind, Person
from qcc.organizations.services import add_organization, add_person, load_places

PROVINCE, CITY, COUNTY = "330000", "330100", "330102"
SISTER_COUNTY, OTHER_CITY, OTHER_COUNTY = "330105", "330200", "330203"
PASSWORD = "seven lamps over an orchard"
_serial = count(1)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class World:
    """The commissions of a small province, by place."""

    commissions: dict[str, Organization] = field(default_factory=dict)

    def __getitem__(self, place: str) -> Organization:
        return self.commissions[place]


def province() -> World:
    """All places, and commissions of the province, two cities and three counties."""
    made = World()
    with transaction():
        load_places(None)
        for place in (PROVINCE, CITY, COUNTY, SISTER_COUNTY, OTHER_CITY, OTHER_COUNTY):
            made.commissions[place] = add_organization(
                None,
                OrganizationKind.COMMISSION,
                {"name": f"{place}卫生健康委员会", "place": place},
            )
    return made


def make_organization(
    name: str = "",
    place: str = CITY,
    kind: OrganizationKind = OrganizationKind.INSTITUTION,
    **values: object,
) -> Organization:
    """A registered organization, an institution unless told otherwise."""
    with transaction():
        return add_organization(
            None, kind, {"name": name or f"测试医院{next(_serial)}", "place": place, **values}
        )


def make_person(employer: Organization, name: str = "", **values: object) -> Person:
    """A registered person."""
    with transaction():
        return add_person(
            None,
            {
                "name": name or f"某{next(_serial)}",
                "employer_id": employer.id,
                "birth_date": date(1975, 3, 1),
                **values,
            },
        )


@contextmanager
def cheap_hashes() -> Iterator[None]:
    """Hashes of the same kind that cost next to nothing. What the product's own cost is proven
    where passwords and the door are tested."""
    own, passwords._hasher = passwords._hasher, _CHEAP
    try:
        yield
    finally:
        passwords._hasher = own


def make_user(
    role: Role | None, organization: Organization, username: str = "", *, password: str = PASSWORD
) -> tuple[User, str]:
    """An active user in a role for an organization (None: with no role yet), and the password."""
    person = make_person(organization)
    with cheap_hashes(), transaction():
        user, token = invite_user(None, person, username or f"user-{next(_serial)}")
        if role:
            assign_role(None, person, role, organization)
        activate(token, password)
    return user, password


def give_role(user: User, role: Role, organization: Organization) -> int:
    """Another role for a user; its id."""
    with transaction():
        return assign_role(None, user.person, role, organization).id


def actor_of(user: User) -> Actor:
    """The user at the first of their desks, as services know who acts."""
    desk = list_desks(user.person_id)[0]
    return Actor(
        user_id=user.id,
        person_id=user.person_id,
        name=user.person.name,
        assignment_id=desk.id,
        role=desk.role,
        organization_id=desk.organization_id,
        organization_name=desk.organization.name,
        place=desk.organization.place,
        center_id=desk.center_id,
        source="127.0.0.1",
    )


def make_actor(role: Role, organization: Organization) -> Actor:
    """Somebody in a role for an organization, who never comes to the door and needs no password."""
    person = make_person(organization)
    with transaction():
        user, _link = invite_user(None, person, f"user-{next(_serial)}")
        assign_role(None, person, role, organization)
        user.state = UserState.ACTIVE
    return actor_of(db.session.get_one(User, user.id))


# --- a browser ---

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def csrf_of(response: TestResponse) -> str:
    """The token that a page's forms carry."""
    found = _TOKEN.search(response.get_data(as_text=True))
    assert found, response.get_data(as_text=True)[:2000]
    return unescape(found[1])


def field_of(response: TestResponse, name: str) -> str:
    """The value of a field as a page shows it."""
    text = response.get_data(as_text=True)
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert found, f"no field {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


def post(client: FlaskClient, url: str, page: str = "", **values: object) -> TestResponse:
    """Send a form as a browser does: with the token of the *page* (else of *url* itself)."""
    shown = client.get(page or url)
    return client.post(url, data={"csrf_token": csrf_of(shown), **values})


def sign_in(
    client: FlaskClient, username: str, password: str = PASSWORD, source: str = "127.0.0.1"
) -> TestResponse:
    """Sign in through the form, from an address."""
    shown = client.get("/sign-in", environ_base={"REMOTE_ADDR": source})
    token = csrf_of(shown) if shown.status_code == 200 else csrf_of(client.get("/desk"))
    return client.post(
        "/sign-in",
        data={"csrf_token": token, "username": username, "password": password},
        environ_base={"REMOTE_ADDR": source},
    )


def signed_in(client: FlaskClient, role: Role, organization: Organization) -> User:
    """A new user in that role at the client, with the session that signing in would begin."""
    user, _password = make_user(role, organization)
    with transaction():
        desk = list_desks(user.person_id)[0]
        token = start_session(user, desk.id, "127.0.0.1", "test")
    with client.session_transaction() as session:
        session["_user_id"] = token  # where Flask-Login looks for it
    return user
