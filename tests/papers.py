"""Reads a PDF as a person with a ruler would: what stands where, in millimetres."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pdfplumber
import pypdf
from fontTools.ttLib import TTFont
from pypdf.generic import ContentStream, StreamObject

MM = 25.4 / 72


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@contextmanager
def opened(pdf: bytes) -> Iterator[pdfplumber.PDF]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        yield document


def squeezed(text: str) -> str:
    """Text without any space: line breaks on paper mean nothing."""
    return "".join(text.split())


def box_of(chars: list[dict]) -> Box:
    return Box(
        min(char["x0"] for char in chars) * MM,
        min(char["top"] for char in chars) * MM,
        max(char["x1"] for char in chars) * MM,
        max(char["bottom"] for char in chars) * MM,
    )


def inked(page: pdfplumber.page.Page) -> list[dict]:
    """The letters of a page in the order in which they are drawn."""
    return [char for char in page.chars if char["text"].strip()]


def find(page: pdfplumber.page.Page, text: str, nth: int = 0) -> Box:
    """Where *text* stands on the page; line breaks within it do not matter."""
    chars = inked(page)
    whole = "".join(char["text"] for char in chars)
    at = -1
    for _ in range(nth + 1):
        at = whole.index(text, at + 1)
    return box_of(chars[at : at + len(text)])


def page_with(document: pdfplumber.PDF, text: str) -> pdfplumber.page.Page:
    """The first page on which *text* stands."""
    return next(
        page for page in document.pages if text in "".join(char["text"] for char in inked(page))
    )


def lines(page: pdfplumber.page.Page) -> list[list[dict]]:
    """Letters by line, from the top; a line is what stands on one height."""
    rows: dict[int, list[dict]] = {}
    for char in inked(page):
        rows.setdefault(round((char["top"] + char["bottom"]) / 4), []).append(char)
    return [rows[key] for key in sorted(rows)]


def text_of(pdf: bytes) -> str:
    """All text of all pages, squeezed, in the order in which it is drawn."""
    with opened(pdf) as document:
        return "".join(char["text"] for page in document.pages for char in inked(page))


def has_tofu(pdf: bytes) -> bool:
    """Whether any letter is drawn with a glyph that its embedded font does not have."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return any(_draws_tofu(page, reader) for page in reader.pages)


def _draws_tofu(page: pypdf.PageObject, reader: pypdf.PdfReader) -> bool:
    counts = {name: _glyphs(font) for name, font in page["/Resources"]["/Font"].items()}
    count = 0
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            count = counts[operands[0]]
        elif operator == b"TJ":
            drawn = b"".join(part.original_bytes for part in operands[0] if _is_text(part))
            codes = struct.unpack(f">{len(drawn) // 2}H", drawn)
            if any(code == 0 or code >= count for code in codes):
                return True
    return False


def _is_text(part: object) -> bool:
    return hasattr(part, "original_bytes")


def _glyphs(font: pypdf.generic.PdfObject) -> int:
    """How many glyphs the font has that is embedded in the file."""
    descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    key = next(key for key in descriptor if key.startswith("/FontFile"))
    return TTFont(io.BytesIO(descriptor[key].get_data()))["maxp"].numGlyphs


def font_names(pdf: bytes) -> set[str]:
    """The fonts of the file, without the marks of their subsets; all must be embedded."""
    fonts = [
        font.get_object()
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert all(_glyphs(font) for font in fonts)
    return {str(font["/BaseFont"]).partition("+")[2] for font in fonts}


def streams(pdf: bytes) -> Iterator[bytes]:
    """Every stream of the file, unpacked: pages, fonts, pictures, attached files."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            yield found.get_data()
