"""Files that people send: what is taken, how it is kept, how it is handed out."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, send_file
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from qcc.infra import files
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.files import StoredFile
from qcc.infra.filetypes import FileKind, safe_filename
from qcc.infra.jobs import tidy
from qcc.kernel.permissions import Actor
from tests.conftest import Clock
from tests.crowds import at_once
from tests.factories.centers import PDF
from tests.factories.organizations import make_organization, province
from tests.headers import check_headers
from tests.integration.conftest import Kept
from tests.integration.infra.uploading import Desk
from tests.nightly import tonight

pytestmark = pytest.mark.usefixtures("clock")
MEGABYTE = 1024 * 1024


@pytest.fixture
def desk(app: Flask, kept: Kept[tuple[Actor, str]]) -> Desk:
    return Desk(app, kept)


def _path(stored: StoredFile) -> Path:
    return files.folder() / stored.place


# --- kept and handed out ---


def test_a_file_is_handed_out_as_it_was_sent(desk: Desk) -> None:
    assert "材料.pdf" in desk.said(desk.send(PDF))
    answer = desk.fetch()
    assert answer.data == PDF
    check_headers(answer, "/applications")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_it_lies_outside_of_every_address_under_a_name_by_chance(desk: Desk, app: Flask) -> None:
    desk.send(PDF)
    (file,) = desk.kept()
    path = _path(file.file)
    assert path.read_bytes() == PDF
    assert Path(str(app.static_folder)) not in path.parents
    assert "材料" not in str(path)
    assert path.suffix == ""


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("C:\\fakepath\\申请.pdf", "C_fakepath申请.pdf"),
        ("C:/fakepath/申请.pdf", "申请.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("a%0D%0ASet-Cookie: x=1.pdf", "a%0D%0ASet-Cookie_ x=1.pdf"),
        ("a%22; filename=%22b.html%22.pdf", "a_; filename=_b.html_.pdf"),
        ("fdp.\u202egpj.pdf", "fdp.gpj.pdf"),
        ("con.pdf", "_con.pdf"),
        ("申" * 300 + ".pdf", "申" * 116 + ".pdf"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ("a'b&amp;c.pdf", "a'b&amp;c.pdf"),
    ],
)
def test_names_lead_nowhere_and_break_nothing(desk: Desk, sent: str, name: str) -> None:
    text = desk.said(desk.send(PDF, sent))
    (file,) = desk.kept()
    assert file.file.name == name
    assert "<script>alert" not in text
    answer = desk.fetch()
    assert answer.headers.getlist("Content-Disposition") == [answer.headers["Content-Disposition"]]
    assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]
    assert "\n" not in answer.headers["Content-Disposition"]


@trial(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=60))
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_no_name_breaks_the_head_of_an_answer(app: Flask, name: str) -> None:
    with app.test_request_context():
        answer = send_file(io.BytesIO(b"x"), "application/pdf", True, safe_filename(name))
    value = answer.headers["Content-Disposition"]
    assert value.startswith("attachment; filename=")
    assert value.isascii()
    assert not set(value) & set("\r\n\0")
    answer.close()


# --- what is refused ---


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.html", "<script>")
    return made.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcff"
    "9fa11e0007820280d3e9d3ae0000000049454e44ae426082"
)

HOSTILE = [
    pytest.param(b"", "leer.pdf", id="empty"),
    pytest.param(b"<html><script>alert(1)</script></html>", "a.html", id="html"),
    pytest.param(b"<html><script>alert(1)</script></html>", "a.pdf", id="html called pdf"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.svg", id="svg"),
    pytest.param(
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.png", id="svg as png"
    ),
    pytest.param(b"<!-- -->" + PDF, "a.pdf", id="html before pdf"),
    pytest.param(PDF + b"<script>alert(1)</script>", "a.pdf", id="html after pdf"),
    pytest.param(PDF + _zip(), "a.pdf", id="pdf and zip"),
    pytest.param(PNG + _zip(), "a.png", id="png and zip"),
    pytest.param(PNG + b"<?php system($_GET['c']); ?>", "a.png", id="png and code"),
    pytest.param(PNG[:-20], "a.png", id="png cut off"),
    pytest.param(PNG, "a.pdf", id="png called pdf"),
    pytest.param(PDF, "a.png", id="pdf called png"),
    pytest.param(PDF, "a.pdf.exe", id="two endings"),
    pytest.param(PDF, "pdf", id="no ending"),
    pytest.param(b"MZ" + b"\0" * 100, "a.exe", id="program"),
    pytest.param(_zip(), "a.xlsx", id="zip called xlsx"),
    pytest.param(b"GIF89a" + b"\0" * 50, "a.gif", id="gif"),
    pytest.param(b"%!PS-Adobe", "a.ps", id="postscript"),
    pytest.param(b"#!/bin/sh\n", "a.sh", id="script"),
]


@pytest.mark.parametrize(("data", "name"), HOSTILE)
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_nothing_else_is_taken(desk: Desk, data: bytes, name: str) -> None:
    said = desk.said(desk.send(data, name))
    assert "notice-danger" in said
    assert desk.kept() == []
    assert db.session.query(StoredFile).count() == 0


def test_kinds_have_fixed_types_and_none_that_a_browser_runs() -> None:
    assert {kind.value for kind in FileKind} < set(files.MEDIA_TYPES)
    for media in files.MEDIA_TYPES.values():
        assert not media.startswith("text/")
        assert "svg" not in media
        assert "html" not in media


def test_a_file_may_have_ten_megabytes_and_not_a_byte_more(desk: Desk) -> None:
    padding = 10 * MEGABYTE - len(PDF)
    full = PDF[:9] + b"%" + b"x" * (padding - 2) + b"\n" + PDF[9:]
    assert len(full) == 10 * MEGABYTE
    assert "10 MB" in desk.said(desk.send(full + b"\n"))
    assert desk.kept() == []
    desk.said(desk.send(full))
    (file,) = desk.kept()
    assert file.file.size == 10 * MEGABYTE


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_what_is_larger_than_any_form_gets_a_clear_page(desk: Desk) -> None:
    answer = desk.send(b"x" * (12 * MEGABYTE + 1))
    assert answer.status_code == 413
    assert "10 MB" in answer.text
    assert desk.kept() == []


def test_an_organization_keeps_no_more_than_its_quota(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UPLOAD_QUOTA", 3 * len(PDF))
    for _ in range(3):
        assert "notice-done" in desk.said(desk.send(PDF))
    assert "notice-danger" in desk.said(desk.send(PDF))
    assert len(desk.kept()) == 3


def test_a_crowd_does_not_get_past_the_quota(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    province()
    organization = make_organization().id
    monkeypatch.setitem(app.config, "UPLOAD_QUOTA", 5 * len(PDF))

    def upload() -> int:
        with transaction():
            return files.accept_upload(PDF, "a.pdf", organization, None).id

    outcomes = at_once(app, [upload] * 20)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 15


# --- what happens to the bytes ---


def test_altered_bytes_are_not_handed_out(desk: Desk) -> None:
    desk.send(PDF)
    (file,) = desk.kept()
    _path(file.file).write_bytes(PDF.replace(b"Catalog", b"Cataloq"))
    answer = desk.fetch()
    assert answer.status_code == 500
    assert b"Cataloq" not in answer.data


def test_bytes_that_are_gone_are_an_error_of_ours(desk: Desk) -> None:
    desk.send(PDF)
    (file,) = desk.kept()
    _path(file.file).unlink()
    assert desk.fetch().status_code == 500


def test_a_failed_act_leaves_no_row_and_its_bytes_are_swept(
    app: Flask, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province()
    organization = make_organization().id
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)

    def fail() -> None:
        with transaction():
            files.accept_upload(PDF, "a.pdf", organization, None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction():
        kept = files.accept_upload(PDF, "b.pdf", organization, None).place
    lying = {path.relative_to(tmp_path / "files") for path in (tmp_path / "files").glob("*/*")}
    assert len(lying) == 2
    _age(tmp_path / "files", clock)
    assert "0 个文件" in tonight(tidy), "younger than a day: its row may still come"
    clock.forward(timedelta(days=1, seconds=1))
    assert "1 个文件" in tonight(tidy)
    assert [str(p.relative_to(tmp_path / "files")) for p in (tmp_path / "files").glob("*/*")] == [
        kept
    ]


def _age(folder: Path, clock: Clock) -> None:
    """The files were written at the standing clock's time."""
    moment = clock().timestamp()
    for path in folder.glob("*/*"):
        os.utime(path, (moment, moment))


def test_the_sweep_touches_nothing_else(
    app: Flask, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    beside = tmp_path / "qcc.db"
    beside.write_bytes(b"x")
    deep = tmp_path / "files" / "ab" / "cd" / "ef"
    deep.mkdir(parents=True)
    long_name = tmp_path / "files" / "keep"
    long_name.mkdir()
    (long_name / "this").write_bytes(b"x")
    clock.forward(timedelta(days=9000))
    with transaction():
        assert files.sweep_orphans() == 0
    assert beside.exists()
    assert deep.exists()
    assert (long_name / "this").exists()
