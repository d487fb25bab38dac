"""Walking XML parts once, with the smallest parser at hand and no declarations.

`walk` feeds a part to expat piece by piece. Entities are never expanded, because a document type
declaration ends the walk. What is of interest is collected by an `Element` listener: one small
class for each kind of part. Names are compared without their prefix, as the readers behind do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from qcc.infra.spreadsheets.addresses import address, place_of
from qcc.infra.spreadsheets.archive import damaged
from qcc.infra.spreadsheets.refusals import SheetLimits, SpreadsheetRefused

_SHOWN_FORMULAS = 20


class Element:
    """Listens to a walk; by default to nothing."""

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; *name* has no prefix."""

    def closed(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters inside the element opened last."""


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part to another, or to something outside."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as the workbook lists it."""

    title: str
    link: str
    shown: bool


def walk(
    pieces: Iterator[bytes], listener: Element | None = None, *, any_encoding: bool = False
) -> bytes:
    """Feed all pieces to the parser and return them joined; raises SpreadsheetRefused.

    Only parts that no reader parses afterwards may come in *any_encoding*.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_doctype
    if not any_encoding:
        parser.XmlDeclHandler = _refuse_encoding
    if listener is not None:
        _listen(parser, listener)
    content = bytearray()
    fed = 0
    try:
        for piece in pieces:
            if not any_encoding and not content and b"\0" in piece[:4]:
                raise damaged("encoding")
            content += piece
            # Some parsers read an unfinished token again with every piece: wait until as much is
            # new as they would read again, so that a giant token costs no more than many small.
            if len(content) - fed >= fed - max(parser.CurrentByteIndex, 0):
                parser.Parse(content[fed:], False)
                fed = len(content)
        parser.Parse(content[fed:], True)
    except (expat.ExpatError, UnicodeError) as error:
        raise damaged("markup") from error
    return bytes(content)


def _listen(parser: Any, listener: Element) -> None:
    opened, closed = listener.opened, listener.closed

    def start(name: str, attributes: Mapping[str, str]) -> None:
        opened(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        closed(name.rpartition(":")[2])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text


def _refuse_doctype(*_: object) -> NoReturn:
    raise SpreadsheetRefused("doctype")


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise damaged("encoding")


class ContentTypes(Element):
    """Collects the kinds of content that a package declares."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Keep the type of each override and default."""
        self.kinds.add(attributes.get("ContentType", ""))


class Relationships(Element):
    """Collects the links of one part."""

    def __init__(self) -> None:
        self.found: list[Link] = []

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Keep each relationship."""
        if name == "Relationship":
            got = attributes.get
            external = got("TargetMode", "") == "External"
            self.found.append(Link(got("Id", ""), got("Type", ""), got("Target", ""), external))


class WorkbookSheets(Element):
    """Collects the sheets of the workbook in their order."""

    def __init__(self) -> None:
        self.found: list[ListedSheet] = []

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Keep each listed sheet; its link is the one attribute `id` that carries a prefix."""
        if name == "sheet":
            link = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            shown = attributes.get("state", "visible") == "visible"
            self.found.append(ListedSheet(attributes.get("name", ""), link, shown))


class SheetCells(Element):
    """Walks the cells of the sheet that is read: formulas, error values, the outer limits."""

    def __init__(self, limits: SheetLimits) -> None:
        self.limits = limits
        self.formulas: list[str] = []
        self.count_of_formulas = 0
        self.errors: dict[tuple[int, int], str] = {}
        self.last_row = self.last_column = 0
        self._row = self._column = 0
        self._in_cell = self._is_error = self._in_value = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Follow rows and cells; a cell without an address stands right of the one before."""
        if name == "c":
            self._open_cell(attributes)
        elif name == "row":
            self._row = _row_number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif self._in_cell:
            self._open_content(name)

    def closed(self, name: str) -> None:
        """Leave the cell, or its value."""
        if name == "c":
            self._in_cell = False
        elif name == "v":
            self._in_value = False

    def text(self, text: str) -> None:
        """Keep what an error cell says, such as #N/A: the readers behind turn it into nothing."""
        if self._is_error and self._in_value and len(text) < 20:
            place = self._row, self._column
            self.errors[place] = self.errors.get(place, "") + text

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._in_cell = True
        self._is_error = attributes.get("t") == "e"
        given = attributes.get("r")
        if given is None:
            self._column += 1
        else:
            self._row, self._column = place_of(given) or _no_place()

    def _open_content(self, name: str) -> None:
        if name == "f":
            self.count_of_formulas += 1
            if len(self.formulas) < _SHOWN_FORMULAS:
                self.formulas.append(address(self._row, self._column))
        if name in ("v", "is", "f"):
            self._in_value = name == "v"
            self._fill()

    def _fill(self) -> None:
        """The cell holds something: it counts for the limits."""
        self.last_row = max(self.last_row, self._row)
        self.last_column = max(self.last_column, self._column)
        if self._row > self.limits.rows:
            raise SpreadsheetRefused("too_many_rows", {"limit": self.limits.rows})
        if self._column > self.limits.columns:
            raise SpreadsheetRefused("too_many_columns", {"limit": self.limits.columns})


def _row_number(given: str | None, following: int) -> int:
    if given is None:
        return following
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 8):
        _no_place()
    return int(given)


def _no_place() -> NoReturn:
    raise damaged("address")
