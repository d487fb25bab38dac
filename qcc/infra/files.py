"""Stored files: uploads and issued papers, outside the web root, by content hash.

The bytes are on disk before the row is committed; a file whose row never came is removed by a
daily job. A file is served only by the feature that owns it, after that feature's own check.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import clock
from qcc.infra.db import Key, Model, db
from qcc.infra.errors import Refused
from qcc.infra.filetypes import FileKind, FileRefused, identify, safe_filename
from qcc.infra.i18n import _l
from qcc.infra.locks import one_at_a_time
from qcc.infra.sealing import seal_bytes, unseal_bytes

MEGABYTE = 1024 * 1024
ORPHAN_AGE = timedelta(days=1)


class StoredFile(Model):
    """One file: its name and kind, size in bytes, SHA-256, and the organization it counts for.

    A *sealed* one is encrypted on the disk; size and hash are those of what was sealed.
    """

    __tablename__ = "stored_files"

    id: Mapped[Key]
    place: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(16))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    uploaded_by: Mapped[int | None]
    at: Mapped[datetime]
    sealed: Mapped[bool] = mapped_column(default=False)


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

REFUSALS = {
    "too_large": _l("The file is larger than 10 MB. Reduce it or split it."),
    "empty": _l("The file is empty."),
    "type_not_allowed": _l("Only PDF, JPG, PNG and XLSX files can be uploaded."),
    "content_mismatch": _l("What is in the file does not agree with its extension."),
    "damaged": _l("The file is damaged and cannot be opened."),
}


def folder() -> Path:
    """Where this application's files lie."""
    return Path(current_app.config["DATA_DIR"]) / "files"


def accept_upload(
    data: bytes, filename: str, organization_id: int, user_id: int | None, *, sealed: bool = False
) -> StoredFile:
    """Check and keep an uploaded file; raises Refused with what is allowed.

    *sealed*: encrypt it on the disk, for what the database would not keep in clear either.
    """
    try:
        kind = identify(data, filename)
    except FileRefused as refusal:
        message = REFUSALS.get(refusal.code, REFUSALS["type_not_allowed"])
        raise Refused(message, field="file") from None
    one_at_a_time(f"storage of {organization_id}")
    used = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(StoredFile.size), 0)).filter_by(
            organization_id=organization_id
        )
    )
    if (used or 0) + len(data) > current_app.config["UPLOAD_QUOTA"]:
        raise Refused(
            _l("Your organization's storage is full. Delete files that are not needed."), "file"
        )
    name = safe_filename(filename)
    return keep(data, name, FileKind(kind).value, organization_id, user_id, sealed=sealed)


def keep(
    data: bytes,
    name: str,
    kind: str,
    organization_id: int,
    user_id: int | None = None,
    *,
    sealed: bool = False,
) -> StoredFile:
    """Write bytes of our own or already checked ones, and add their row to the transaction."""
    token = secrets.token_hex(20)
    place = f"{token[:2]}/{token}"
    path = folder() / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(seal_bytes(data) if sealed else data)
        file.flush()
        os.fsync(file.fileno())
    _keep_name(path.parent)
    stored = StoredFile(
        place=place,
        name=name,
        kind=kind,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        organization_id=organization_id,
        uploaded_by=user_id,
        at=clock.now(),
        sealed=sealed,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def _keep_name(folder: Path) -> None:
    """A new file's name is on the disk only once its folder is."""
    for each in (folder, folder.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(stored: StoredFile) -> bytes:
    """The bytes of a stored file; raises OSError if they are gone, ValueError if altered."""
    data = (folder() / stored.place).read_bytes()
    if stored.sealed:
        data = unseal_bytes(data)
    if sha256(data).hexdigest() != stored.sha256:
        raise ValueError(f"stored file {stored.id} is not what was stored")
    return data


def sweep_orphans() -> int:
    """Remove bytes that no row names, once they are a day old; returns how many."""
    known = set(db.session.scalars(sa.select(StoredFile.place)))
    orphans = [path for path in _old_files() if f"{path.parent.name}/{path.name}" not in known]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _old_files() -> Iterator[Path]:
    limit = (clock.now() - ORPHAN_AGE).timestamp()
    yield from (p for p in folder().glob("??/*") if p.is_file() and p.stat().st_mtime < limit)
