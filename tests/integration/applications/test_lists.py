"""Lists and pages ask the database as often with two thousand rows as with twenty."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Application, ApplicationFile, Submission
from qcc.applications.queries import list_two_submissions
from qcc.applications.workflow import ApplicationState
from qcc.infra.codes import new_code
from qcc.infra.db import db, transaction
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.infra.templating import PAGE
from qcc.kernel.permissions import Role
from tests.factories.applications import do, find, officer_values
from tests.integration.applications.browser import Browser
from tests.integration.applications.conftest import Scene

S = ApplicationState
_LINK = re.compile(r'href="/applications/([0-9A-Z]{10})"')


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that go to the database in the block."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def queries(browser: Browser, url: str) -> int:
    """How many statements a page takes, once it is warm."""
    browser.get(url)
    with counted() as statements:
        assert browser.get(url).status_code == 200
    return len(statements)


def multiply(code: str, times: int) -> None:
    """So many more withdrawn applications like this one."""
    pattern = find(code)
    row = {column.key: getattr(pattern, column.key) for column in Application.__table__.columns}
    row.pop("id")
    with transaction() as session:
        session.execute(
            sa.insert(Application),
            [
                {
                    **row,
                    "code": new_code(),
                    "number": f"2026-{new_code()}",
                    "state": S.WITHDRAWN,
                    "submitted_at": row["submitted_at"] + timedelta(seconds=number),
                }
                for number in range(times)
            ],
        )


def test_the_list_takes_as_many_queries_with_two_thousand_rows(scene: Scene) -> None:
    here = scene.stage
    browsers = [Browser(scene.app, a) for a in (here.applicant, here.reception, here.commission)]
    urls = ("/applications", "/applications?state=withdrawn&q=测试", "/")
    multiply(scene.codes[S.WITHDRAWN], 20)
    few = [queries(browser, url) for browser in browsers for url in urls]
    multiply(scene.codes[S.SUBMITTED], 2_000)
    many = [queries(browser, url) for browser in browsers for url in urls]
    assert many == few
    lists = [made for made, url in zip(many, urls * len(browsers), strict=True) if url != "/"]
    assert max(lists) <= 3  # session, the page with its count; SQLite is told of a transaction
    assert max(many) <= 15  # the workbench: one for each source of things that wait


def test_pages_show_every_row_once(scene: Scene) -> None:
    multiply(scene.codes[S.WITHDRAWN], 120)
    browser = Browser(scene.app, scene.stage.applicant)
    url, found, pages = "/applications?state=withdrawn", list[str](), 0
    while url:
        text = browser.get(url).text
        shown = [code for code in dict.fromkeys(_LINK.findall(text)) if code in text]
        assert len(shown) <= PAGE
        found += shown
        pages += 1
        following = re.search(r'<a rel="next" href="([^"]+)"', text)
        url = following[1].replace("&amp;", "&") if following else ""
    assert (len(found), len(set(found)), pages) == (121, 121, 3)


def test_filters_narrow_what_is_shown(scene: Scene) -> None:
    browser = Browser(scene.app, scene.stage.commission)
    for query, expected in (
        ("?state=submitted", {scene.codes[S.SUBMITTED]}),
        ("?q=fangshe", {scene.codes[S.SUBMITTED]}),
        (f"?q={find(scene.codes[S.REFUSED]).number}", {scene.codes[S.REFUSED]}),
        ("?state=draft", set()),
        ("?call=99", set()),
        ("?q=nothing-like-this", set()),
    ):
        assert set(_LINK.findall(browser.get(f"/applications{query}").text)) == expected, query


# fmt: off
def _enlarge(code: str, actor_id: int) -> None:
    """More of everything that hangs on an application."""
    application = find(code)
    file_id = application.files[0].file_id
    content = list_two_submissions(application.id)[0].content
    with transaction() as session:
        session.add_all(
            ApplicationFile(code=new_code(), application_id=application.id,
                            part="hospital_profile", file_id=file_id)
            for _each in range(30)
        )  # fmt: skip
        same = {"subject_id": application.id, "owner_id": application.institution_id}
        for round_ in range(2, 12):
            session.add(Submission(application_id=application.id, round=round_, by=actor_id,
                                   content=content, sha256="0" * 64, at=application.created_at))
            session.add(Paper(kind="application_form", subject_type="application", round=round_,
                              content={}, name="表.pdf", asked_at=application.created_at, **same))
        for _each in range(30):
            session.add(Message(organization_id=application.institution_id, kind="call.published",
                                role=Role.INSTITUTION_OFFICER, params={"title": "申报"},
                                created_at=application.created_at))
# fmt: on


def test_one_application_takes_as_many_queries_however_much_it_carries(scene: Scene) -> None:
    here = scene.stage
    code = scene.codes[S.SUBMITTED]
    pages = (
        (here.applicant, f"/applications/{code}"),
        (here.reception, f"/applications/{code}"),
        (here.reception, f"/applications/{code}/check"),
        (here.commission, f"/applications/{code}/decide"),
        (here.applicant, f"/calls/{here.call_id}"),
    )
    small = [queries(Browser(scene.app, actor), url) for actor, url in pages]
    _enlarge(code, here.applicant.person_id)
    large = [queries(Browser(scene.app, actor), url) for actor, url in pages]
    assert large == small
    assert max(large) <= 26


def test_writing_takes_as_many_queries_however_many_officers(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    browser = Browser(scene.app, here.applicant)
    pages = [f"/applications/{code}{page}" for page in ("", "/officers", "/review")]
    few = [queries(browser, url) for url in pages]
    pattern = find(code).officers[0]
    values = officer_values(pattern.post, "")
    employers = [here.applicant.organization_name, here.rival.organization_name]
    for number in range(6):
        do(lambda n=number: services.add_officer(  # type: ignore[misc]
            here.applicant, code, employers[n % 2], {**values, "name": f"某{n}"}))  # fmt: skip
    assert [queries(browser, url) for url in pages] == few
