"""What a workbook may hold: parts by name, links by kind, markup without declarations.

Runs in the child process, before any library parses the file. Every XML part is inflated in small
pieces and walked once: document type declarations, other encodings than UTF-8, macros, embedded
objects and links to other files are refused. In the one sheet that will be read, the walk also
finds formulas and error values, and stops as soon as a filled cell lies outside the limits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qcc.infra.spreadsheets.archive import Archive, damaged
from qcc.infra.spreadsheets.markup import (
    ContentTypes,
    Element,
    Relationships,
    SheetCells,
    WorkbookSheets,
    walk,
)
from qcc.infra.spreadsheets.refusals import SheetLimits, SpreadsheetRefused

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
REQUIRED = (CONTENT_TYPES, WORKBOOK)

# What stands in folders of these names is code, foreign objects, or a link to other data.
_MACROS = re.compile(r"vbaproject|vbadata|jsaproject|jdedata|/macrosheets/|/dialogsheets/")
_LINKS = re.compile(r"/externallinks/|/connections\.xml$|/querytables/|/webextensions/")
_OBJECTS = re.compile(r"/embeddings/|/activex/|oleobject")
_MARKUP = re.compile(r"\.(xml|rels|psmdcp)$")
_HARMLESS = re.compile(
    r"\.(vml|png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|wdp|sigs)$"
    r"|/printersettings/[^/]*\.bin$|/customproperty\d*\.bin$|^/\[trash\]/\d+\.dat$"
)
_KINDS_OF_CODE = re.compile(r"macroenabled|vbaproject|macrosheet|dialogsheet", re.IGNORECASE)
_MAIN = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml"
)
_OBJECT_LINKS = ("/oleObject", "/package", "/control", "/activeXControlBinary")


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """The sheet that is read: its title, its place among all sheets, its part in the archive."""

    title: str
    index: int
    part: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """A workbook that may be parsed: exactly the parts that were looked at."""

    parts: Mapping[str, bytes]
    sheet: SheetPlace
    cells: SheetCells


def refuse_parts(archive: Archive) -> None:
    """Judge the names alone: no macros, objects, foreign links; nothing that is not a workbook."""
    names = [name.casefold() for name in archive.members]
    if "xl/workbook.bin" in names or not all(name in archive.members for name in REQUIRED):
        raise SpreadsheetRefused("not_xlsx")
    for pattern, code in ((_MACROS, "macros"), (_LINKS, "external_links"), (_OBJECTS, "objects")):
        if any(pattern.search(f"/{name}") for name in names):
            raise SpreadsheetRefused(code)
    for name in names:
        if not (_MARKUP.search(name) or _HARMLESS.search(f"/{name}")):
            raise SpreadsheetRefused("objects")


def inspect(archive: Archive, wanted: str | None, limits: SheetLimits) -> Inspected:
    """Walk every part and keep its bytes; *wanted* is the title of the sheet to read, if known."""
    refuse_parts(archive)
    types, sheets, links = ContentTypes(), WorkbookSheets(), Relationships()
    parts = {
        CONTENT_TYPES: _part(archive, CONTENT_TYPES, types),
        WORKBOOK: _part(archive, WORKBOOK, sheets),
    }
    _refuse_content_types(types)
    if _WORKBOOK_RELS not in archive.members:
        raise damaged("relationships")
    parts[_WORKBOOK_RELS] = _part(archive, _WORKBOOK_RELS, links)
    _refuse_links(links)
    place = _choose(archive, sheets, links, wanted)
    cells = SheetCells(limits)
    for name in archive.members:
        if name not in parts:
            parts[name] = _kept(archive, name, cells if name == place.part else None)
    return Inspected(parts, place, cells)


def _kept(archive: Archive, name: str, cells: SheetCells | None) -> bytes:
    folded = name.casefold()
    if cells is not None:
        return _part(archive, name, cells)
    if folded.endswith(".rels"):
        links = Relationships()
        content = _part(archive, name, links)
        _refuse_links(links)
        return content
    if _MARKUP.search(folded):
        # Some programs keep their own notes here, in UTF-16; nobody reads them.
        return walk(archive.inflate(name), any_encoding=folded.startswith("customxml/"))
    return _plain(archive, name)


def _part(archive: Archive, name: str, listener: Element) -> bytes:
    return walk(archive.inflate(name), listener)


def _plain(archive: Archive, name: str) -> bytes:
    """A picture, or a drawing in the old half-XML that no XML parser reads."""
    content = archive.read(name)
    if name.casefold().endswith((".vml", ".svg")) and re.search(rb"<!(DOCTYPE|ENTITY)", content):
        raise SpreadsheetRefused("doctype")
    return content


def _refuse_content_types(types: ContentTypes) -> None:
    if any(_KINDS_OF_CODE.search(kind) for kind in types.kinds):
        raise SpreadsheetRefused("macros")
    if not any(_MAIN.fullmatch(kind) for kind in types.kinds):
        raise SpreadsheetRefused("not_xlsx")


def _refuse_links(links: Relationships) -> None:
    """An address that a reader may click is harmless; data fetched from elsewhere is not."""
    for link in links.found:
        if link.external and not link.kind.endswith("/hyperlink"):
            raise SpreadsheetRefused("external_links")
        if link.kind.endswith(("/externalLink", "/connections", "/queryTable")):
            raise SpreadsheetRefused("external_links")
        if link.kind.endswith("/vbaProject"):
            raise SpreadsheetRefused("macros")
        if link.kind.endswith(_OBJECT_LINKS):
            raise SpreadsheetRefused("objects")


def _choose(
    archive: Archive, sheets: WorkbookSheets, links: Relationships, wanted: str | None
) -> SheetPlace:
    """The sheet of the wanted title, else the first that is shown."""
    targets = {link.id: link for link in links.found}
    titles = {sheet.title for sheet in sheets.found}
    if len(targets) != len(links.found) or len(titles) != len(sheets.found):
        raise damaged("relationships")
    places = []
    for index, sheet in enumerate(sheets.found):
        link = targets.get(sheet.link)
        if link is not None and link.kind.endswith("/worksheet"):
            part = _resolved(archive, link.target)
            places.append((sheet, SheetPlace(sheet.title, index, part)))
    for sheet, place in places:
        if sheet.title == wanted:
            return place
    shown = [place for sheet, place in places if sheet.shown]
    if not shown:
        raise SpreadsheetRefused("no_sheet")
    return shown[0]


def _resolved(archive: Archive, target: str) -> str:
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    if part not in archive.members:
        raise damaged("relationships")
    return part
