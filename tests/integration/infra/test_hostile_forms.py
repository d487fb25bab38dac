"""Everything hostile that can come in a form with a file gets a page that says what is wrong, and
nothing is kept of it."""

import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from qcc.kernel.permissions import Actor
from tests.factories.centers import PDF
from tests.integration.conftest import Kept
from tests.integration.infra.uploading import Desk, field, file_part, multipart

pytestmark = [
    pytest.mark.usefixtures("clock"),
    pytest.mark.parametrize("engine_kind", ["sqlite"]),  # nothing gets as far as the database
]
MEGABYTE = 1024 * 1024


@pytest.fixture
def desk(app: Flask, kept: Kept[tuple[Actor, str]]) -> Desk:
    return Desk(app, kept)


def test_no_file_at_all(desk: Desk) -> None:
    answer = desk.client.post(desk.address, data={"csrf_token": desk.token})
    assert "notice-danger" in desk.said(answer)


def test_a_file_field_that_is_text(desk: Desk) -> None:
    data = {"csrf_token": desk.token, "file": "C:\\fakepath\\a.pdf"}
    assert "notice-danger" in desk.said(desk.client.post(desk.address, data=data))
    assert desk.kept() == []


def test_a_form_that_is_notmultipart(desk: Desk) -> None:
    data = {"csrf_token": desk.token, "file": "x"}
    answer = desk.client.post(
        desk.address, data=data, content_type="application/x-www-form-urlencoded"
    )
    assert "notice-danger" in desk.said(answer)


def test_an_empty_name(desk: Desk) -> None:
    sent = multipart(field("csrf_token", desk.token.encode()), file_part("", PDF))
    assert "notice-danger" in desk.said(desk.client.post(desk.address, **sent))
    assert desk.kept() == []


def test_too_many_parts(desk: Desk) -> None:
    sent = multipart(*[field(f"a{n}", b"1") for n in range(3000)])
    assert desk.client.post(desk.address, **sent).status_code == 413


def test_too_many_fields(desk: Desk) -> None:
    data = "&".join(f"a{n}=1" for n in range(100_000))
    answer = desk.client.post(
        desk.address, data=data, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 413)


def test_a_hugefield(desk: Desk) -> None:
    sent = multipart(field("csrf_token", b"x" * (3 * MEGABYTE)))
    assert desk.client.post(desk.address, **sent).status_code == 413


def test_huge_heads_of_a_part(desk: Desk) -> None:
    sent = multipart(file_part("a" * (3 * MEGABYTE), PDF))
    assert desk.client.post(desk.address, **sent).status_code in (400, 413)


@pytest.mark.parametrize("end", [b"", b"--X", b"garbage"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug's own
def test_a_form_that_was_cut_off(desk: Desk, end: bytes) -> None:
    sent = multipart(field("csrf_token", desk.token.encode()), file_part("a.pdf", PDF), end=end)
    answer = desk.client.post(desk.address, **sent)
    assert answer.status_code in (302, 400)
    assert desk.kept() == []


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "X" * 5000,
        "multipart/mixed; boundary=X",
        "application/json",
        "text/plain; charset=nonsense",
        "; ; ;",
        "",
    ],
)
def test_strange_kinds_of_content(desk: Desk, kind: str) -> None:
    answer = desk.client.post(desk.address, data=b"--X\r\n\r\n--X--", content_type=kind)
    assert answer.status_code == 400


def test_one_file_of_several_is_taken_and_no_other(desk: Desk) -> None:
    data = {
        "csrf_token": desk.token,
        "file": [
            FileStorage(io.BytesIO(PDF), "a.pdf"),
            FileStorage(io.BytesIO(b"MZ"), "b.exe"),
        ],
    }
    desk.client.post(desk.address, data=data)
    assert [file.file.name for file in desk.kept()] == ["a.pdf"]


def test_a_part_that_does_not_exist(desk: Desk) -> None:
    for part in ("nothing", "..", "%2e%2e", "stamped", "x" * 500, "hospital_profile%20"):
        answer = desk.client.post(
            f"/applications/{desk.code}/parts/{part}/files",
            data={"csrf_token": desk.token, "file": (io.BytesIO(PDF), "a.pdf")},
        )
        assert answer.status_code in (302, 308, 404)
    assert desk.kept() == []


def test_the_same_file_twice_by_one_key_is_there_once(desk: Desk) -> None:
    for _ in range(2):
        desk.send(PDF, key="a double click")
    assert len(desk.kept()) == 1
