"""What an uploaded file is, judged by its content: PDF, JPEG, PNG or XLSX, and nothing else.

Refused: HTML, SVG, scripts, archives and every other type, under whatever name; a file whose name
and content disagree; PDF with anything before its header (a page of HTML, say) or after its end;
PNG with anything after its last chunk; any of the first three with a ZIP at the end; damaged and
cut off files; pictures beyond 20,000 points a side or 100 million in all; workbooks with macros or
a password, and those that would unpack to more than the sheet limits allow.

Let through, and harmless because files are served only as attachments with their fixed type and
`nosniff`: JPEG with data after its end (telephones append their own), markup inside a comment or
metadata of a picture, active content inside PDF (it never runs here; viewers confine it). This is
no virus scanner.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import filetype

from qcc.infra.spreadsheets.archive import ends_as_zip, is_encrypted_compound, open_archive
from qcc.infra.spreadsheets.inspection import REQUIRED
from qcc.infra.spreadsheets.refusals import MEGABYTE, SpreadsheetRefused

MAX_BYTES = 10 * MEGABYTE
MAX_SIDE = 20_000
MAX_POINTS = 100_000_000
MAX_NAME = 120

_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_HEAD = 8192  # as much as the recognizing library looks at
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG markers that carry dimensions
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # JPEG markers without content
_START_OF_SCAN = 0xDA


class FileKind(StrEnum):
    """A type of file that may be uploaded, by its usual extension."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """The type under which the file is served."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BY_EXTENSION = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPEG}
_BY_MEDIA_TYPE = {media: kind for kind, media in _MEDIA_TYPES.items()} | {
    "application/zip": FileKind.XLSX
}


class FileRefused(Exception):
    """The file is not accepted; *code* is stable, *params* fill its sentence."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, dict(params or {}))
        self.code = code
        self.params = dict(params or {})


def identify(data: bytes, filename: str) -> FileKind:
    """The kind of the file, where content and extension agree; raises FileRefused."""
    if not data:
        raise FileRefused("empty")
    if len(data) > MAX_BYTES:
        raise FileRefused("too_large", {"limit_mb": MAX_BYTES // MEGABYTE})
    extension = extension_of(filename)
    named = _BY_EXTENSION.get(extension)
    if named is None:
        raise FileRefused(
            "type_not_allowed",
            {"extension": extension, "allowed": [kind.value for kind in FileKind]},
        )
    if named is FileKind.XLSX and is_encrypted_compound(data):
        raise FileRefused("encrypted")
    if _recognized(data) is not named:
        raise FileRefused("content_mismatch", {"extension": extension})
    _check(named, data, extension)
    return named


def extension_of(filename: str) -> str:
    """What stands after the last dot, in plain small letters; "" if nothing does."""
    name = unicodedata.normalize("NFKC", safe_filename(filename))
    return name.rpartition(".")[2].lower() if "." in name else ""


def _recognized(data: bytes) -> FileKind | None:
    kind = filetype.guess(data[:_HEAD])
    media = None if kind is None else kind.mime
    return None if media is None else _BY_MEDIA_TYPE.get(media)


def _check(kind: FileKind, data: bytes, extension: str) -> None:
    """Whether the file is whole, and ends where its kind ends."""
    if kind is FileKind.XLSX:
        _check_xlsx(data, extension)
        return
    if ends_as_zip(data):
        raise FileRefused("content_mismatch", {"extension": extension})
    try:
        {FileKind.PDF: _check_pdf, FileKind.PNG: _check_png, FileKind.JPEG: _check_jpeg}[kind](data)
    except (struct.error, IndexError) as error:
        raise FileRefused("damaged", {"reason": "cut off"}) from error


def _check_pdf(data: bytes) -> None:
    """Header at the first byte, a cross-reference, and nothing but blanks after the last end."""
    if re.match(rb"%PDF-[12]\.\d", data) is None:
        raise FileRefused("damaged", {"reason": "header"})
    tail = data[-2048:].rstrip(b"\0\t\n\f\r ")
    if not tail.endswith(b"%%EOF") or b"startxref" not in tail:
        raise FileRefused("damaged", {"reason": "trailer"})


def _check_png(data: bytes) -> None:
    """Chunks with true checksums from header to end, pixels among them, nothing behind."""
    if not data.startswith(_PNG_MARK + b"\0\0\0\x0dIHDR"):
        raise FileRefused("damaged", {"reason": "header"})
    _check_size(*struct.unpack_from(">2L", data, 16))
    position, kind, pixels = len(_PNG_MARK), b"", False
    while kind != b"IEND":
        length, kind = struct.unpack_from(">L4s", data, position)
        end = position + 8 + length
        (checksum,) = struct.unpack_from(">L", data, end)
        if zlib.crc32(memoryview(data)[position + 4 : end]) != checksum:
            raise FileRefused("damaged", {"reason": "checksum"})
        pixels = pixels or kind == b"IDAT"
        position = end + 4
    if not pixels or position != len(data):
        raise FileRefused("damaged", {"reason": "end"})


def _check_jpeg(data: bytes) -> None:
    """Segments up to the first scan, dimensions among them, and an end somewhere after it."""
    position, marker, sized = 2, 0, False
    while marker != _START_OF_SCAN:
        if data[position] != 0xFF:
            raise FileRefused("damaged", {"reason": "segment"})
        marker = data[position + 1]
        if marker == 0xFF:  # filling
            position += 1
        elif marker in _ALONE:
            position += 2
        else:
            (length,) = struct.unpack_from(">H", data, position + 2)
            if marker in _FRAMES:
                height, width = struct.unpack_from(">2H", data, position + 5)
                _check_size(width, height)
                sized = True
            position += 2 + length
    if not sized or data.find(b"\xff\xd9", position) < 0:
        raise FileRefused("damaged", {"reason": "end"})


def _check_size(width: int, height: int) -> None:
    if width == 0 or height == 0:
        raise FileRefused("damaged", {"reason": "dimensions"})
    if max(width, height) > MAX_SIDE or width * height > MAX_POINTS:
        raise FileRefused(
            "image_too_large",
            {"width": width, "height": height, "limit_mp": MAX_POINTS // 1_000_000},
        )


def _check_xlsx(data: bytes, extension: str) -> None:
    """A sound ZIP directory with a workbook in it, without macros. Sheets are not read here."""
    try:
        names = open_archive(data).members
    except SpreadsheetRefused as refused:
        code = refused.code if refused.code == "encrypted" else "damaged"
        raise FileRefused(code, {"reason": refused.code}) from refused
    if not all(name in names for name in REQUIRED):
        raise FileRefused("content_mismatch", {"extension": extension})
    if any("vbaproject" in name.casefold() for name in names):
        raise FileRefused("macros")


# --- names ---

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def safe_filename(name: str) -> str:
    """A name to show and to offer for saving; Chinese stays.

    Path parts, control characters, turns of writing direction and what Windows forbids go; at
    most 120 characters, the extension kept. Applying it twice changes nothing. Stored files are
    never found by this name.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in _INVISIBLE)
    composed = unicodedata.normalize("NFC", " ".join(shown.split()))
    plain = _trimmed(_FORBIDDEN.sub("_", composed))
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or "file"


def _trimmed(name: str) -> str:
    """No leading dots (hidden files), no dots or blanks at the end (Windows drops them)."""
    return name.lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return _trimmed(name[:MAX_NAME])
    return f"{_trimmed(stem[: MAX_NAME - 1 - len(extension)])}.{extension}"
