"""The audit trail's pages: read, filtered, verified, taken out; each use is itself recorded."""

import csv
import re
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from qcc.accounts.queries import AuditFilter, list_audit_events
from qcc.infra import audit
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Role
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

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def auditor(client: FlaskClient, world: World) -> int:
    client.set_cookie("qcc_language", "en")
    return signed_in(client, Role.AUDIT_ADMIN, world[PROVINCE]).id


def press(client: FlaskClient, url: str, **values: str) -> TestResponse:
    return client.post(url, data={"csrf_token": csrf_of(client.get("/audit")), **values})


def names(answer: TestResponse) -> list[str]:
    """The codes of the events on a page."""
    return re.findall(
        r'<span class="muted small">([a-z]+\.\w+)</span>', answer.get_data(as_text=True)
    )


def test_events_newest_first_with_their_details(
    client: FlaskClient, auditor: int, world: World
) -> None:
    make_organization("新医院", CITY, phone="0571-1")
    text = client.get("/audit").get_data(as_text=True)
    assert text.index("Organization registered") < text.index("Places loaded")
    assert "after.name: &#34;新医院&#34;" in text
    assert names(client.get("/audit"))[0] == "organization.added"


def test_filters(client: FlaskClient, auditor: int, world: World) -> None:
    person = make_person(world[CITY])
    found = names(client.get("/audit?event=person."))
    assert found
    assert all(name.startswith("person.") for name in found)
    assert "organization.added" not in names(client.get("/audit?event=user"))
    assert names(client.get("/audit?event=%25")) == []
    assert "person.added" in names(client.get(f"/audit?subject=person:{person.id}"))
    assert names(client.get("/audit?person=没有这个人")) == []
    assert names(client.get("/audit?since=2026-03-02&until=2026-03-02"))
    assert names(client.get("/audit?until=2026-03-01")) == []
    assert names(client.get("/audit?since=2026-03-03")) == []
    assert client.get("/audit?since=yesterday&until=2026-13-45&after=x").status_code == 200
    assert client.get("/audit?since=0001-01-01&until=9999-12-31").status_code == 200


def test_pages_follow_by_number(client: FlaskClient, auditor: int, world: World) -> None:
    for _ in range(60):
        make_organization(place=CITY)
    first = client.get("/audit?event=organization").get_data(as_text=True)
    assert "after=" in first
    assert first.count("<summary>") == 50
    rows = list_audit_events(
        make_actor(Role.AUDIT_ADMIN, world[CITY]), AuditFilter(event="x"), limit=1
    )
    assert rows == []


def test_a_lower_auditor_sees_the_own_jurisdiction_only(client: FlaskClient, world: World) -> None:
    def act(place: str) -> None:
        actor = make_actor(Role.COMMISSION_OFFICER, world[place])
        with transaction():
            audit.record(actor, f"test.at_{place}", "test", 1)

    for place in (PROVINCE, CITY, COUNTY, OTHER_CITY):
        act(place)
    signed_in(client, Role.AUDIT_ADMIN, world[CITY])
    found = set(names(client.get("/audit?event=test")))
    assert found == {f"test.at_{CITY}", f"test.at_{COUNTY}"}
    assert "places.loaded" not in names(client.get("/audit"))
    signed_in(client, Role.AUDIT_ADMIN, world[PROVINCE])
    assert len(names(client.get("/audit?event=test"))) == 4
    assert "places.loaded" in names(client.get("/audit?event=places"))


def test_a_whole_chain_verifies_and_that_is_recorded(client: FlaskClient, auditor: int) -> None:
    answer = press(client, "/audit/verify")
    assert "The chain holds" in answer.get_data(as_text=True)
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event is not None
    assert (event.event, event.user_id) == ("audit.verified", auditor)


def test_a_flipped_row_is_shown(client: FlaskClient, auditor: int) -> None:
    with db.engine.begin() as connection:
        _unguard(connection)
        connection.execute(
            sa.update(AuditEvent).where(AuditEvent.seq == 3).values(actor="somebody else")
        )
    text = press(client, "/audit/verify").get_data(as_text=True)
    assert "Breaks in the chain: 1." in text
    assert "The content of this event was changed." in text


def _unguard(connection: sa.Connection) -> None:
    """As somebody with full rights on the database would."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DROP TRIGGER audit_events_no_update"))
    else:
        connection.execute(sa.text("ALTER TABLE audit_events DISABLE TRIGGER USER"))


def test_every_break_has_its_words(app: Flask) -> None:
    from_code = {
        constant
        for function in (audit.verify, audit._check, audit._check_head)
        for constant in function.__code__.co_consts
        if isinstance(constant, str) and " " in constant and "\n" not in constant
    } | {"missing"}
    from qcc.accounts.labels import BREAKS  # noqa: PLC0415

    assert from_code - {"the noted head is not in the chain"} == set(BREAKS)


def test_export_as_workbook_and_csv_is_recorded(
    client: FlaskClient, auditor: int, world: World
) -> None:
    make_organization("=cmd|' /C calc'!A0", CITY)
    page = client.get("/audit?event=organization")
    token = csrf_of(page)
    answer = client.post("/audit/export?event=organization", data={"csrf_token": token})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    codes = {row[3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert codes == {"organization.added"}
    answer = client.post(
        "/audit/export?event=organization", data={"csrf_token": token, "form": "csv"}
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert {row[3] for row in rows[1:]} == {"organization.added"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    events = db.session.scalars(
        sa.select(AuditEvent).filter_by(event="audit.exported").order_by(AuditEvent.seq)
    ).all()
    assert [event.subject_id for event in events] == ["xlsx", "csv"]
    assert '"event":"organization"' in events[0].detail


def test_export_and_verification_need_a_form(client: FlaskClient, auditor: int) -> None:
    for url in ("/audit/export", "/audit/verify"):
        assert client.post(url).status_code == 400
        assert client.get(url).status_code == 405
    found = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event.like("audit.%"))).all()
    assert found == []
