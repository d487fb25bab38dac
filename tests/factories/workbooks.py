"""Workbooks for tests: ordinary ones, and every kind of hostile one, made from bytes."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
RELS = "xl/_rels/workbook.xml.rels"
WORKBOOK = "xl/workbook.xml"
_SHEET_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet'
    ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>'
    "</worksheet>"
)
HEAD = ["姓名", "身份证号", "出生日期", "工作单位", "职称", "从事专业"]


def roster(people: int = 30) -> bytes:
    """An ordinary roster as a secretary fills it."""
    rows = [
        [
            f"张三{n}",
            f"33010619750301{n:04d}",
            date(1975, 3, 1 + n % 28),
            "省一院",
            "主任医师",
            "心内",
        ]
        for n in range(people)
    ]
    return workbook([HEAD, *rows])


def workbook(rows: Iterable[Sequence[Any]], *, title: str = "专家组成员") -> bytes:
    """A workbook of one sheet; dates are dates, text is text."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    book.close()
    return made.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts packed into a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def changed(parts: Mapping[str, bytes]) -> bytes:
    """The roster with parts added or put in place of its own."""
    return zipped({**parts_of(roster()), **parts})


def with_sheet(rows: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The roster with other rows, given as XML."""
    return zipped({**parts_of(roster()), SHEET: _SHEET_XML.format(rows).encode()}, method)


def replaced(name: str, old: str, new: str) -> bytes:
    """The roster with one text replaced in one part."""
    content = parts_of(roster())[name].decode()
    assert old in content
    return changed({name: content.replace(old, new, 1).encode()})


# --- directories that lie ---


def _raw_zip(members: Sequence[tuple[str, bytes, int, int]]) -> bytes:
    """A ZIP of (name, deflated bytes, declared size, CRC), whatever is declared."""
    body, directory = b"", b""
    for name, packed, size, crc in members:
        directory += _central(name.encode(), len(packed), size, crc, len(body))
        body += _local(name.encode(), len(packed), size, crc) + packed
    return body + directory + _end(len(members), len(directory), len(body))


def _local(name: bytes, packed: int, size: int, crc: int) -> bytes:
    return (
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, packed, size, len(name), 0) + name
    )


def _central(name: bytes, packed: int, size: int, crc: int, header: int) -> bytes:
    fields = (20, 20, 0, 8, 0, 0, crc, packed, size, len(name), 0, 0, 0, 0, 0, header)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields) + name


def _end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def _zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, deflated, without making them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _honest(parts: Mapping[str, bytes]) -> list[tuple[str, bytes, int, int]]:
    return [(n, _deflated(c), len(c), zlib.crc32(c)) for n, c in parts.items()]


def bomb(megabytes: int, declared: int | None = None) -> bytes:
    """A sheet of so many megabytes of zeros; what it declares may be a lie."""
    parts = parts_of(roster())
    del parts[SHEET]
    size = megabytes << 20 if declared is None else declared
    return _raw_zip([*_honest(parts), (SHEET, _zeros(megabytes), size, 0)])


def overlapping_bomb(count: int = 200) -> bytes:
    """38 KB: every member is the same 30 MB of zeros."""
    kernel = _zeros(30)
    body = _local(b"a0000", len(kernel), 30 << 20, 0) + kernel
    entries = [_central(b"a%04d" % n, len(kernel), 1 << 10, 0, 0) for n in range(count)]
    return body + b"".join(entries) + _end(count, sum(map(len, entries)), len(body))


def quoted_bomb(count: int = 200) -> bytes:
    """Members that quote the header of the next one as their own content, down to one kernel."""
    kernel = _zeros(30)
    tail = _local(b"%05d" % count, len(kernel), 1 << 10, 0) + kernel
    offsets = [0]
    for number in range(count - 1, 0, -1):
        quoted = tail[:35]
        stored = b"\0" + struct.pack("<2H", len(quoted), len(quoted) ^ 0xFFFF)
        header = _local(b"%05d" % number, len(stored) + len(tail), 1 << 10, 0)
        tail = header + stored + tail
        offsets = [0, *(offset + len(header) + len(stored) for offset in offsets)]
    entries = [
        _central(b"%05d" % (n + 1), len(tail) - at - 35, 1 << 10, 0, at)
        for n, at in enumerate(offsets)
    ]
    return tail + b"".join(entries) + _end(count, sum(map(len, entries)), len(tail))


def nested_bomb() -> bytes:
    """A workbook that carries a ZIP of ZIPs."""
    inner = zipped({"inner.zip": zipped({"zeros": bytes(1024 * 1024)})})
    return changed({"xl/media/inner.zip": inner})


def duplicated() -> bytes:
    """Two sheets of one name: which one counts?"""
    data = changed({"xl/worksheets/sheet9.xml": _SHEET_XML.format("").encode()})
    return data.replace(b"xl/worksheets/sheet9.xml", SHEET.encode())


def flagged_encrypted() -> bytes:
    """A ZIP whose members say they are encrypted."""
    data = bytearray(roster())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in list(re.finditer(re.escape(mark), bytes(data))):
            data[found.start() + place] |= 1
    return bytes(data)


def encrypted_package() -> bytes:
    """What Excel makes of a workbook with a password: an OLE file with a stream of that name."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le")
    )


def old_workbook() -> bytes:
    """An .xls."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "Workbook".encode("utf-16-le")


# --- markup that bites ---

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BILLION_LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'


def laughing(name: str) -> bytes:
    """A part that expands to gigabytes of laughter."""
    content = parts_of(roster())[name].decode()
    head, declaration_end, rest = content.partition("?>")
    assert declaration_end
    return changed({name: f"{head}?>{BILLION_LAUGHS}{rest.replace('张三', '&l11;')}".encode()})


def utf16_doctype() -> bytes:
    """The same behind an encoding that a search for bytes does not see."""
    content = parts_of(roster())[SHEET].decode().partition("?>")[2]
    text = f'<?xml version="1.0" encoding="UTF-16"?>{BILLION_LAUGHS}{content}'
    return changed({SHEET: text.encode("utf-16")})


def million_rows() -> bytes:
    """A million filled rows."""
    return with_sheet(
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 10**6))
    )


def giant_attribute() -> bytes:
    """One attribute of 8 MB: old parsers read it again with every piece."""
    return with_sheet(f'<row r="1"><c r="A1" x="{"abcdefgh" * 1_000_000}"><v>1</v></c></row>')


def deep() -> bytes:
    """Half a million elements inside each other."""
    return with_sheet("<a>" * 500_000 + "</a>" * 500_000, zipfile.ZIP_STORED)


def repeated_text(rows_: int) -> bytes:
    """One long text shown by forty cells in each row."""
    rows = (f'<row r="{n}">' + '<c t="s"><v>0</v></c>' * 40 + "</row>" for n in range(1, rows_ + 1))
    data = parts_of(with_sheet("".join(rows)))
    data[STRINGS] = (
        '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        f'main"><si><t>{"长" * 3_900}</t></si></sst>'
    ).encode()
    return zipped(data)


def _cell(place: str, content: str = "<v>1</v>", kind: str = "n") -> bytes:
    return with_sheet(f'<row><c r="{place}" t="{kind}">{content}</c></row>')


def _relationship(kind: str, target: str, mode: str = "External") -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="x1" Type="{base}/{kind}" Target="{target}" TargetMode="{mode}"/>'


def _linked(kind: str, target: str, mode: str = "External") -> bytes:
    end = "</Relationships>"
    return replaced(RELS, end, _relationship(kind, target, mode) + end)


# Name: how to make it, and the codes it may be refused with; "read" where it does no harm.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "eleven megabytes": (lambda: b"PK\3\4" + bytes(11 << 20), "too_large"),
    "random": (lambda: random.Random(1).randbytes(50_000), "not_xlsx"),
    "random after a ZIP's mark": (
        lambda: b"PK\3\4" + random.Random(2).randbytes(50_000),
        "damaged",
    ),
    "html": (lambda: b"<html><script>alert(1)</script>", "not_xlsx"),
    "other zip": (lambda: zipped({"a.txt": b"a"}), "not_xlsx"),
    "cut in half": (lambda: roster()[: len(roster()) // 2], "damaged"),
    "last byte missing": (lambda: roster()[:-1], "damaged"),
    "something before": (lambda: b"PK\3\4" + roster(), "damaged"),
    "bomb": (lambda: bomb(2048), "inflates_too_far"),
    "steep bomb": (lambda: bomb(60), "inflates_too_far"),
    "lying bomb": (lambda: bomb(2048, declared=512 * 1024), "damaged"),
    "overlapping bomb": (overlapping_bomb, "damaged"),
    "quoted bomb": (quoted_bomb, "damaged"),
    "nested bomb": (nested_bomb, "objects"),
    "too many parts": (
        lambda: changed({f"xl/media/{n}.png": b"" for n in range(1_500)}),
        "too_many_parts",
    ),
    "two parts of one name": (duplicated, "duplicate_parts"),
    "names that differ in case": (lambda: changed({SHEET.upper(): b"<a/>"}), "duplicate_parts"),
    "traversal": (lambda: changed({"xl/../../etc/passwd.xml": b"<a/>"}), "unsafe_names"),
    "absolute name": (lambda: changed({"/etc/passwd.xml": b"<a/>"}), "unsafe_names"),
    "laughs in the sheet": (lambda: laughing(SHEET), "doctype"),
    "laughs in the texts": (lambda: laughing(STRINGS), "doctype"),
    "laughs in the workbook": (lambda: laughing(WORKBOOK), "doctype"),
    "laughs in the types": (lambda: laughing(TYPES), "doctype"),
    "laughs in the styles": (lambda: laughing("xl/styles.xml"), "doctype"),
    "laughs in a drawing": (
        lambda: changed({"xl/drawings/vml1.vml": BILLION_LAUGHS.encode()}),
        "doctype",
    ),
    "outer entity": (
        lambda: changed(
            {
                SHEET: b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
            }
        ),
        "doctype",
    ),
    "another encoding": (utf16_doctype, "damaged"),
    "declared encoding": (
        lambda: changed({SHEET: b'<?xml version="1.0" encoding="gb2312"?><worksheet/>'}),
        "damaged",
    ),
    "macros": (lambda: changed({"xl/vbaProject.bin": b"x"}), "macros"),
    "old macros": (lambda: changed({"xl/macrosheets/sheet1.xml": b"<a/>"}), "macros"),
    "type with macros": (
        lambda: replaced(
            TYPES,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "macros",
    ),
    "linked macros": (lambda: _linked("vbaProject", "worksheets/sheet1.xml", "Internal"), "macros"),
    "linked workbook": (
        lambda: changed({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "external_links",
    ),
    "data connection": (lambda: changed({"xl/connections.xml": b"<a/>"}), "external_links"),
    "picture from afar": (lambda: _linked("image", "http://example.org/a.png"), "external_links"),
    "embedded object": (lambda: changed({"xl/embeddings/oleObject1.bin": b"x"}), "objects"),
    "program inside": (lambda: changed({"xl/media/setup.exe": b"MZ"}), "objects"),
    "binary workbook": (lambda: changed({"xl/workbook.bin": b"x"}), "not_xlsx"),
    "document": (
        lambda: replaced(
            TYPES,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        ),
        "not_xlsx",
    ),
    "password": (encrypted_package, "encrypted"),
    "encrypted members": (flagged_encrypted, "encrypted"),
    "old format": (old_workbook, "old_format"),
    "formula": (lambda: _cell("C5", "<f>1+1</f><v>2</v>"), "formulas"),
    "formula without value": (lambda: _cell("C5", "<f>1+1</f>"), "formulas"),
    "formula with a prefix": (lambda: _cell("C5", '<x:f xmlns:x="urn:x">1+1</x:f>'), "formulas"),
    "formula of many": (lambda: _cell("C5", '<f t="array" ref="C5:C9">1+1</f>', "str"), "formulas"),
    "a million rows": (million_rows, "too_many_rows"),
    "last cell": (lambda: _cell("A1048576"), "too_many_rows"),
    "wide": (lambda: _cell("XFD1"), "too_many_columns"),
    "no such cell": (lambda: _cell("A0"), "damaged"),
    "long text": (
        lambda: _cell("B2", f"<is><t>{'长' * 4_001}</t></is>", "inlineStr"),
        "cell_too_long",
    ),
    "repeated text": (lambda: repeated_text(200), "too_much_text"),
    "text repeated endlessly": (lambda: repeated_text(5_000), "too_complex"),
    "markup that ends": (lambda: with_sheet("<row><c>"), "damaged"),
    "sheet elsewhere": (
        lambda: replaced(RELS, "worksheets/sheet1.xml", "../../../etc/passwd"),
        "damaged",
    ),
    "all sheets hidden": (
        lambda: replaced(WORKBOOK, 'sheetId="1"', 'sheetId="1" state="veryHidden"'),
        "no_sheet",
    ),
    "giant attribute": (giant_attribute, "read"),
    "deep": (deep, "read"),
}


# --- chance ---

_ODD = (
    b"-1",
    b"99999999999",
    b"1e308",
    b"NaN",
    b"\xff\xfe",
    b"",
    b"&amp;",
    b"<f>1</f>",
    b"]]>",
    b"\0",
)


def mutated(data: bytes, seed: int) -> bytes:
    """A workbook with chance damage: in the packed bytes, in one part, or in its numbers."""
    chance = random.Random(seed)
    if chance.random() < 0.25:
        return _scrambled(data, chance)
    parts = parts_of(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        name = chance.choice([SHEET, STRINGS, WORKBOOK, RELS, TYPES, "xl/styles.xml", SHEET])
        change = chance.choice([_scrambled, _renumbered, _renumbered, _retexted, _retagged])
        parts[name] = change(parts[name], chance)
    if chance.random() < 0.1:
        del parts[chance.choice(list(parts))]
    return zipped(parts)


def _scrambled(content: bytes, chance: random.Random) -> bytes:
    bytes_ = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(max(1, len(bytes_)))
        length = chance.randint(0, 16)
        bytes_[at : at + length] = chance.randbytes(chance.randint(0, length + 1))
    return bytes(bytes_[: chance.randrange(len(bytes_) + 1)] if chance.random() < 0.1 else bytes_)


def _renumbered(content: bytes, chance: random.Random) -> bytes:
    """Put something odd in place of one number."""
    return _spliced(content, rb"\d+", chance, chance.choice(_ODD))


def _retexted(content: bytes, chance: random.Random) -> bytes:
    """Put another text of the same part in place of one attribute or text."""
    texts = re.findall(rb'(?<=["\'>])[^"\'<>]+', content)
    return _spliced(content, rb'(?<=["\'>])[^"\'<>]+', chance, chance.choice(texts or [b""]))


def _retagged(content: bytes, chance: random.Random) -> bytes:
    """Drop, double or exchange one tag; the markup often stays well formed."""
    tags = re.findall(rb"<[^>]+>", content)
    new = chance.choice([b"", chance.choice(tags), chance.choice(tags) * 2]) if tags else b""
    return _spliced(content, rb"<[^>]+>", chance, new)


def _spliced(content: bytes, pattern: bytes, chance: random.Random, new: bytes) -> bytes:
    found = list(re.finditer(pattern, content))
    if not found:
        return content + new
    match = chance.choice(found)
    return content[: match.start()] + new + content[match.end() :]
