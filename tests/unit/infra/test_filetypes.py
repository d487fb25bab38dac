"""Uploads: what a file is, judged by its content, and names that are safe to show."""

import contextlib
import io
import struct
import time
import unicodedata
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qcc.infra.filetypes import (
    MAX_BYTES,
    FileKind,
    FileRefused,
    extension_of,
    identify,
    safe_filename,
)
from tests.factories.workbooks import (
    HOSTILE,
    bomb,
    changed,
    encrypted_package,
    flagged_encrypted,
    old_workbook,
    roster,
    zipped,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


def picture(kind: str, width: int = 8, height: int = 6, **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (200, 10, 10)).save(made, kind, **options)
    return made.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that only claims its size."""
    data = picture("PNG")
    header = b"IHDR" + struct.pack(">2L", width, height) + data[24:29]
    return data[:12] + header + struct.pack(">L", zlib.crc32(header)) + data[33:]


def jpeg(width: int, height: int) -> bytes:
    """A JPEG that only claims its size."""
    data = bytearray(picture("JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">2H", height, width)
    return bytes(data)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as caught:
        identify(data, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "可行性报告.pdf", FileKind.PDF),
        (PDF + b"\0\0\r\n", "REPORT.PDF", FileKind.PDF),
        (picture("JPEG"), "证书.jpg", FileKind.JPEG),
        (picture("JPEG", progressive=True), "证书.jpeg", FileKind.JPEG),
        (picture("JPEG") + b"phone's own trailer", "a.jpg", FileKind.JPEG),
        (picture("PNG"), "a.png", FileKind.PNG),
        (picture("PNG"), "a．ｐｎｇ", FileKind.PNG),
        (roster(), "名单.xlsx", FileKind.XLSX),
        (
            zipped({"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}),
            "a.xlsx",
            FileKind.XLSX,
        ),
    ],
)
def test_a_sound_file_of_an_allowed_type_is_known(data: bytes, name: str, kind: FileKind) -> None:
    assert identify(data, name) is kind
    assert "/" in kind.media_type


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (PDF + bytes(MAX_BYTES), "a.pdf", "too_large"),
        (b"<html><script>alert(1)</script></html>", "a.html", "type_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "type_not_allowed"),
        (PDF, "a.pdf.exe", "type_not_allowed"),
        (PDF, "pdf", "type_not_allowed"),
        (PDF, "", "type_not_allowed"),
        (b"<html><script>alert(1)</script></html>", "a.pdf", "content_mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "content_mismatch"),
        (picture("PNG"), "a.jpg", "content_mismatch"),
        (picture("GIF"), "a.png", "content_mismatch"),
        (b"MZ" + bytes(100), "a.pdf", "content_mismatch"),
        (b"<html>" + PDF, "a.pdf", "content_mismatch"),
        (b"\xef\xbb\xbf" + PDF, "a.pdf", "damaged"),
        (PDF[:-8], "a.pdf", "damaged"),
        (PDF + b"<script>alert(1)</script>", "a.pdf", "damaged"),
        (PDF.replace(b"%PDF-1.7", b"%PDF-x.y"), "a.pdf", "damaged"),
        (PDF + zipped({"a.class": b"x"}), "a.pdf", "content_mismatch"),
        (picture("PNG") + zipped({"a": b"x"}), "a.png", "content_mismatch"),
        (picture("JPEG") + zipped({"a": b"x"}), "a.jpg", "content_mismatch"),
        (picture("PNG") + b"<script>", "a.png", "damaged"),
        (picture("PNG")[:-6], "a.png", "damaged"),
        (picture("PNG").replace(b"IDAT", b"IDAX"), "a.png", "damaged"),
        (png(0, 5), "a.png", "damaged"),
        (png(20_001, 5), "a.png", "image_too_large"),
        (png(15_000, 15_000), "a.png", "image_too_large"),
        (picture("JPEG")[:300], "a.jpg", "damaged"),
        (picture("JPEG")[:-2], "a.jpg", "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a.jpg", "damaged"),
        (jpeg(0, 9), "a.jpg", "damaged"),
        (jpeg(60_000, 9), "a.jpg", "image_too_large"),
        (zipped({"a.txt": b"a"}), "a.xlsx", "content_mismatch"),
        (old_workbook(), "a.xlsx", "content_mismatch"),
        (old_workbook(), "a.xls", "type_not_allowed"),
        (encrypted_package(), "a.xlsx", "encrypted"),
        (flagged_encrypted(), "a.xlsx", "encrypted"),
        (roster()[:-30], "a.xlsx", "damaged"),
        (b"<html>" + roster(), "a.xlsx", "content_mismatch"),
        (changed({"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
        (bomb(2048), "a.xlsx", "damaged"),
    ],
)
def test_any_other_file_is_refused_with_its_code(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def test_ten_megabytes_are_just_allowed() -> None:
    whole = PDF.replace(b"endobj", b"endobj" + bytes(MAX_BYTES - len(PDF)))
    assert len(whole) == MAX_BYTES
    assert identify(whole, "a.pdf") is FileKind.PDF


def test_hostile_files_are_judged_in_no_time() -> None:
    for build, _ in HOSTILE.values():
        data = build()
        started = time.monotonic()
        for name in ("a.xlsx", "a.pdf", "a.png", "a.jpg"):
            with contextlib.suppress(FileRefused):
                identify(data, name)
        assert time.monotonic() - started < 1


@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.xlsx"]))
def test_chance_bytes_are_refused_and_nothing_else_happens(tail: bytes, name: str) -> None:
    marks = {
        "a.pdf": b"%PDF-1.4",
        "a.png": picture("PNG")[:33],
        "a.jpg": b"\xff\xd8\xff",
        "a.xlsx": b"PK\3\4",
    }
    with pytest.raises(FileRefused):
        identify(marks[name] + tail, name)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_cut_anywhere_is_refused(kind: str) -> None:
    data = picture(kind)
    for end in range(1, len(data)):
        assert refusal(data[:end], f"a.{kind.lower()}") in ("damaged", "content_mismatch")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("浙江省一院 可行性报告（终稿）.pdf", "浙江省一院 可行性报告（终稿）.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\王\桌面\名单.xlsx", "名单.xlsx"),
        ("a\x00b\r\n\x1bc.pdf", "abc.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("\u2066a\u2069\u200b.pdf", "a.pdf"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("  .hidden.pdf. ", "hidden.pdf"),
        ("con.pdf", "_con.pdf"),
        ("", "file"),
        ("..", "file"),
        ("a/", "file"),
        ("𠮷野家䶮.pdf", "𠮷野家䶮.pdf"),
    ],
)
def test_names_keep_their_words_and_lose_their_tricks(given_name: str, safe: str) -> None:
    assert safe_filename(given_name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    shortened = safe_filename("报" * 300 + ".pdf")
    assert len(shortened) == 120
    assert shortened.endswith("报.pdf")
    assert len(safe_filename("报" * 300)) == 120


@given(st.text(max_size=300))
def test_a_safe_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_filename(name)
    assert safe_filename(safe) == safe
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('/\\<>:"|?*')
    assert not {unicodedata.category(c) for c in safe} & {"Cc", "Cf", "Cs"}
    assert extension_of(safe) == extension_of(name)
