"""A ZIP's directory, read strictly: one reading of the bytes, or none.

ZIP tolerates much that only attackers need: data before the first member, members that overlap,
two members of one name, a directory and local headers that disagree. Here each of these is
refused, so that no two programs can see different files in the same bytes. Nothing is inflated
while the directory is read; `Archive.inflate` unpacks one member in small pieces, never past the
size that the directory declares.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qcc.infra.spreadsheets.refusals import DEFAULT_LIMITS, SheetLimits, SpreadsheetRefused

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x41  # bit 0: encrypted, bit 6: strongly
_UTF8 = 0x800
_CHUNK = 64 * 1024
_RATIO_FROM = 1024 * 1024  # small members compress as they like


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive: where its packed bytes stand and what it declares of itself."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int
    start: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The bytes of a ZIP with its directory, by name."""

    data: bytes
    members: Mapping[str, Member]

    def inflate(self, name: str) -> Iterator[bytes]:
        """The member's content in pieces of at most 64 KB.

        Refused as soon as it grows past its declared size, and at the end if size or CRC differ.
        """
        member = self.members[name]
        total, crc = 0, 0
        for piece in _pieces(self.data, member):
            total += len(piece)
            if total > member.size:
                raise damaged("size")
            crc = zlib.crc32(piece, crc)
            yield piece
        if total != member.size or crc != member.crc:
            raise damaged("checksum")

    def read(self, name: str) -> bytes:
        """The member's whole content; only as large as the directory was allowed to declare."""
        return b"".join(self.inflate(name))


def damaged(reason: str) -> SpreadsheetRefused:
    """The refusal of bytes that are no sound workbook; *reason* is for operators."""
    return SpreadsheetRefused("damaged", {"reason": reason})


def open_archive(data: bytes, limits: SheetLimits = DEFAULT_LIMITS) -> Archive:
    """Read the directory of a ZIP; raises SpreadsheetRefused, inflates nothing."""
    try:
        members = _directory(data, limits)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise damaged("directory") from error
    _refuse_overlaps(members)
    _refuse_bombs(members, limits)
    files = [member for member in members if not member.name.endswith("/")]
    return Archive(data, {member.name: member for member in files})


def is_compound(data: bytes) -> bool:
    """Whether these bytes are an OLE compound file: an old .xls, or an encrypted workbook."""
    return data.startswith(_COMPOUND)


def is_encrypted_compound(data: bytes) -> bool:
    """Whether they are a workbook with a password, which Excel wraps so."""
    return is_compound(data) and _ENCRYPTED_PACKAGE in data


def ends_as_zip(data: bytes) -> bool:
    """Whether a ZIP stands at the end of these bytes, whatever they begin with."""
    return _end_position(data) is not None


def _end_position(data: bytes) -> int | None:
    position = data.rfind(_END_MARK, max(0, len(data) - _END.size - 0xFFFF))
    if position < 0 or position + _END.size > len(data):
        return None
    comment = _END.unpack_from(data, position)[-1]
    return position if position + _END.size + comment == len(data) else None


def _directory(data: bytes, limits: SheetLimits) -> list[Member]:
    end = _end_position(data)
    if end is None:
        raise damaged("no directory")
    count, size, offset, stop = _extent(data, end)
    if count > limits.members:
        raise SpreadsheetRefused("too_many_parts", {"limit": limits.members})
    if offset + size != stop:
        raise damaged("directory")
    members: list[Member] = []
    seen: set[str] = set()
    position = offset
    for _ in range(count):
        member, position = _entry(data, position)
        _refuse_name(member.name, seen)
        if member.start + member.packed > offset:
            raise damaged("member")
        members.append(member)
    if position != stop:
        raise damaged("directory")
    return members


def _extent(data: bytes, end: int) -> tuple[int, int, int, int]:
    """Number of entries, size and offset of the directory, and where it has to stop."""
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    locator = end - _LOCATOR64.size
    if locator < 0 or data[locator : locator + 4] != b"PK\x06\x07":
        if disk or first_disk or here != count:
            raise damaged("disks")
        return count, size, offset, end
    # Some libraries write the 64-bit records into every file, however small.
    _, _, end64, disks = _LOCATOR64.unpack_from(data, locator)
    mark, _, _, _, disk, first_disk, here, count, size, offset = _END64.unpack_from(data, end64)
    if mark != b"PK\x06\x06" or disk or first_disk or disks > 1 or here != count:
        raise damaged("disks")
    return count, size, offset, end64


def _entry(data: bytes, position: int) -> tuple[Member, int]:
    fields = _CENTRAL.unpack_from(data, position)
    mark, _, _, flags, method, _, _, crc, packed, size = fields[:10]
    name_length, extra_length, comment_length = fields[10:13]
    if mark != b"PK\x01\x02":
        raise damaged("directory")
    name_end = position + _CENTRAL.size + name_length
    name = data[position + _CENTRAL.size : name_end]
    extra = data[name_end : name_end + extra_length]
    size, packed, header = _widen(extra, size, packed, fields[-1])
    if flags & _ENCRYPTED:
        raise SpreadsheetRefused("encrypted")
    if method not in (_STORED, _DEFLATED):
        raise damaged("method")
    start = _content_start(data, header, name, method)
    text = name.decode("utf-8" if flags & _UTF8 else "cp437")
    member = Member(text, method, crc, packed, size, header, start)
    return member, name_end + extra_length + comment_length


def _widen(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Put the 64-bit values of the extra field where the 32-bit ones are full."""
    wide = iter(_wide_values(extra))
    values = [
        next(wide, None) if value == 0xFFFFFFFF else value for value in (size, packed, header)
    ]
    if None in values:
        raise damaged("member")
    return values[0] or 0, values[1] or 0, values[2] or 0


def _wide_values(extra: bytes) -> tuple[int, ...]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind == 1:
            return struct.unpack_from(f"<{min(length, 24) // 8}Q", extra, position + 4)
        position += 4 + length
    return ()


def _content_start(data: bytes, header: int, name: bytes, method: int) -> int:
    """Where the packed bytes begin; the local header has to agree with the directory."""
    fields = _LOCAL.unpack_from(data, header)
    mark, flags, local_method, name_length, extra_length = fields[0], *fields[2:4], *fields[-2:]
    after = header + _LOCAL.size
    if flags & _ENCRYPTED:
        raise SpreadsheetRefused("encrypted")
    same = mark == b"PK\x03\x04" and local_method == method
    if not same or data[after : after + name_length] != name:
        raise damaged("header")
    return int(after + name_length + extra_length)


def _refuse_name(name: str, seen: set[str]) -> None:
    """Refuse names that leave the folder, and two of one name (OPC ignores case)."""
    steps = name.removesuffix("/").split("/")
    if "\\" in name or ":" in name or "" in steps or ".." in steps or not name.isprintable():
        raise SpreadsheetRefused("unsafe_names", {"name": ascii(name[:80])})
    if name.casefold() in seen:
        raise SpreadsheetRefused("duplicate_parts", {"name": name[:80]})
    seen.add(name.casefold())


def _refuse_overlaps(members: list[Member]) -> None:
    """Members stand one after the other, the first at the first byte."""
    reached = 0
    for member in sorted(members, key=lambda member: member.header):
        if member.header < reached or (reached == 0 and member.header != 0):
            raise damaged("overlap")
        reached = member.start + member.packed


def _refuse_bombs(members: list[Member], limits: SheetLimits) -> None:
    total = sum(member.size for member in members)
    steep = any(m.size > max(_RATIO_FROM, m.packed * limits.ratio) for m in members)
    if total > limits.inflated_bytes or steep:
        raise SpreadsheetRefused(
            "inflates_too_far", {"limit_mb": limits.inflated_bytes // (1024 * 1024)}
        )


def _pieces(data: bytes, member: Member) -> Iterator[bytes]:
    packed = memoryview(data)[member.start : member.start + member.packed]
    if member.method == _STORED:
        for position in range(0, len(packed), _CHUNK):
            yield bytes(packed[position : position + _CHUNK])
        return
    yield from _inflated(packed)


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for position in range(0, len(packed), _CHUNK):
            pending = bytes(packed[position : position + _CHUNK])
            while pending and not unpacker.eof:
                yield unpacker.decompress(pending, _CHUNK)
                pending = unpacker.unconsumed_tail
        while not unpacker.eof:
            rest = unpacker.decompress(b"", _CHUNK)
            if not rest:
                raise damaged("truncated")
            yield rest
    except zlib.error as error:
        raise damaged("deflate") from error
