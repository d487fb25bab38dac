"""Document numbers: one series for each issuer and year, without gaps and doubles."""

from collections import defaultdict
from datetime import datetime
from itertools import count

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.papers import Paper, PaperState, issue_pending
from qcc.infra.registers import DocumentRegister
from qcc.kernel.permissions import Role
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.services import (
    add_organization,
    edit_organization,
    issue_numbered,
    set_document_word,
)
from qcc.organizations.services.documents import default_word
from qcc.regulations.catalogs import divisions, province_abbreviations
from tests.conftest import Clock
from tests.counting import statements
from tests.crowds import at_once
from tests.factories.organizations import (
    CITY,
    PROVINCE,
    World,
    make_actor,
    post,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("clock")
_subject = count(1)


def issue(issuer_id: int, subject: int = 0) -> str:
    issuer = db.session.get_one(Organization, issuer_id)
    paper = issue_numbered(
        issuer,
        kind="test",
        title="测试决定",
        name="测试决定.pdf",
        subject=("test", subject or next(_subject)),
        owner_id=issuer.id,
        content={"text": "正文"},
    )
    return paper.number


def issued(issuer_id: int) -> str:
    with transaction():
        return issue(issuer_id)


class Withdrawn(Exception):
    """Something that goes wrong after the number was given out."""


def rolled_back(issuer_id: int) -> None:
    with transaction():
        issue(issuer_id)
        raise Withdrawn


def serials(issuer_id: int) -> dict[int, list[int]]:
    db.session.rollback()
    found = defaultdict(list)
    rows = db.session.query(Paper.year, Paper.serial).filter_by(issuer_id=issuer_id)
    for year, serial in rows.order_by(Paper.serial):
        found[year].append(serial)
    return dict(found)


def test_the_first_number_is_one_and_the_next_are_the_next(world: World) -> None:
    key = world[PROVINCE].id
    assert [issued(key) for _ in range(3)] == [
        "浙卫医质〔2026〕1号",
        "浙卫医质〔2026〕2号",
        "浙卫医质〔2026〕3号",
    ]


def test_every_issuer_has_its_own_series(world: World) -> None:
    for _ in range(2):
        issued(world[PROVINCE].id)
    assert issued(world[CITY].id).endswith("卫医质〔2026〕1号")
    assert issued(world[PROVINCE].id) == "浙卫医质〔2026〕3号"


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 23, 59, 59), 2026),  # noqa: DTZ001
        (datetime(2027, 1, 1, 0, 0), 2027),  # noqa: DTZ001
        (datetime(2027, 1, 1, 7, 59), 2027),  # noqa: DTZ001
    ],
)
def test_the_year_is_that_of_the_legal_date(
    world: World, clock: Clock, moment: datetime, year: int
) -> None:
    """At 7:59 on new year's day it is still the old year in Greenwich."""
    issued(world[PROVINCE].id)
    clock.set(moment)
    assert issued(world[PROVINCE].id) == f"浙卫医质〔{year}〕{2 if year == 2026 else 1}号"


def test_a_rollback_gives_the_number_back(world: World) -> None:
    key = world[PROVINCE].id
    for _ in range(3):
        with pytest.raises(Withdrawn):
            rolled_back(key)
    assert issued(key) == "浙卫医质〔2026〕1号"
    assert db.session.query(DocumentRegister).one().last == 1


def test_forty_at_once_of_whom_some_fail(world: World, app: Flask) -> None:
    """No gap and no double, with two issuers between each other."""
    here, there = world[PROVINCE].id, world[CITY].id
    acts = [(rolled_back if at % 4 == 3 else issued, here if at % 5 else there) for at in range(40)]
    outcomes = at_once(app, [lambda act=act, key=key: act(key) for act, key in acts])  # type: ignore[misc]
    for (act, _key), outcome in zip(acts, outcomes, strict=True):
        if act is rolled_back:
            assert isinstance(outcome, Withdrawn), outcome
        else:
            assert isinstance(outcome, str), outcome
    for key in (here, there):
        expected = sum(1 for act, at in acts if act is issued and at == key)
        assert expected > 5
        assert serials(key) == {2026: list(range(1, expected + 1))}
    numbers = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(set(numbers)) == len(numbers) == 30


def test_numbers_go_on_over_a_change_of_the_word(world: World) -> None:
    actor = make_actor(Role.COMMISSION_OFFICER, world[PROVINCE])
    key = world[PROVINCE].id
    issued(key)
    with transaction():
        set_document_word(actor, "浙卫质控")
    assert issued(key) == "浙卫质控〔2026〕2号"
    event = db.session.query(AuditEvent).filter_by(event="organization.document_word_set").one()
    assert "浙卫医质" in event.detail
    assert "浙卫质控" in event.detail


def test_a_word_that_another_ever_used_is_refused(world: World) -> None:
    """Two documents would bear one number, also when the other has given the word up."""
    actor = make_actor(Role.COMMISSION_OFFICER, world[PROVINCE])
    other = make_actor(Role.COMMISSION_OFFICER, world[CITY])
    issued(world[PROVINCE].id)
    with transaction():
        set_document_word(actor, "浙卫质控")
    for taken in ("浙卫医质", "浙卫质控"):
        with pytest.raises(Refused) as refused, transaction():
            set_document_word(other, taken)
        assert refused.value.field == "word"
    with transaction():
        set_document_word(actor, "浙卫医质")  # one's own of before


def test_a_default_word_that_another_has_is_passed_over(world: World) -> None:
    actor = make_actor(Role.COMMISSION_OFFICER, world[PROVINCE])
    city = db.session.get_one(Organization, world[CITY].id)
    usual = default_word(city)
    with transaction():
        set_document_word(actor, usual)
    number = issued(world[CITY].id)
    assert not number.startswith(f"{usual}〔")
    assert number.endswith("卫医质〔2026〕1号")


def test_every_authority_has_a_word_of_its_own(world: World) -> None:
    """In the order in which they happen to issue their first document."""
    taken = set(world.commissions)
    with transaction():
        for code in {division.code for division in divisions()} - taken:
            values = {"name": f"{code}卫健委", "place": code}
            add_organization(None, OrganizationKind.COMMISSION, values)
    with transaction():
        found = sa.select(Organization.id).filter_by(kind=OrganizationKind.COMMISSION)
        words = [issue(key).partition("〔")[0] for key in db.session.scalars(found).all()]
    assert len(set(words)) == len(words) > 100
    assert "国卫医质" in words
    assert max(map(len, words)) <= 12


def test_the_first_document_does_not_disturb_who_edits_the_issuer(world: World) -> None:
    actor = make_actor(Role.COMMISSION_OFFICER, world[PROVINCE])
    organization = db.session.get_one(Organization, world[PROVINCE].id)
    seen = organization.version
    values = {"name": organization.name, "place": organization.place, "phone": "0571-1"}
    issued(organization.id)
    with transaction():
        edit_organization(actor, organization.id, seen, values)


def test_the_number_is_on_record(world: World) -> None:
    number = issued(world[PROVINCE].id)
    event = db.session.query(AuditEvent).filter_by(event="paper.numbered").one()
    assert number in event.detail
    issue_pending({"test": lambda content: f"<p>{content['paper_number']}</p>"})
    event = db.session.query(AuditEvent).filter_by(event="paper.issued").one()
    assert number in event.detail


def test_every_province_has_its_abbreviation() -> None:
    names = province_abbreviations()
    assert len(names) == 35
    assert len(set(names.values())) == 35
    assert all(len(name) == 1 for name in names.values())
    assert names["330000"] == "浙"


# --- the register's page ---


def test_the_register_lists_one_s_own_documents(world: World, client: FlaskClient) -> None:
    signed_in(client, Role.COMMISSION_OFFICER, world[PROVINCE])
    assert "浙卫医质〔2026〕12号" in client.get("/documents").text  # what a number will look like
    mine, others = issued(world[PROVINCE].id), issued(world[CITY].id)
    issue_pending({"test": lambda content: "<p>文</p>"})
    page = client.get("/documents").text
    assert mine in page
    assert others not in page
    assert "测试决定.pdf" in page
    assert mine in client.get("/documents?year=2026").text
    assert mine not in client.get("/documents?year=2025").text


def test_the_word_is_chosen_on_the_register_s_page(world: World, client: FlaskClient) -> None:
    signed_in(client, Role.COMMISSION_OFFICER, world[PROVINCE])
    assert post(client, "/documents/word", "/documents", word="浙质").status_code == 302
    assert issued(world[PROVINCE].id) == "浙质〔2026〕1号"
    for wrong in ("", "浙", "ABC", "浙卫〔2026〕", "浙" * 11):
        answer = post(client, "/documents/word", "/documents", word=wrong)
        assert answer.status_code == 422, wrong
    signed_in(client, Role.COMMISSION_OFFICER, world[CITY])
    answer = post(client, "/documents/word", "/documents", word="浙质")
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_a_register_costs_the_same_however_long_it_is(world: World, client: FlaskClient) -> None:
    signed_in(client, Role.COMMISSION_OFFICER, world[PROVINCE])
    costs = []
    for more in (3, 57):
        with transaction():
            for _ in range(more):
                issue(world[PROVINCE].id)
            db.session.execute(sa.update(Paper).values(state=PaperState.ISSUED))
        with statements() as sent:
            page = client.get("/documents").text
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert page.count("测试决定.pdf") == 50
    assert "after=" in page
